#include "transcripts/script.hpp"

#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace aml;
using transcript::Step;

namespace {

/// Why a transcript with this text cannot be read; "read" if it can.
std::string refusal(std::string_view text) {
    const test::TemporaryDirectory folder;
    try {
        transcript::read_script(folder.write("t.transcript", text));
        return "read";
    } catch (const transcript::Failure& failure) {
        return failure.what();
    }
}

}  // namespace

TEST_CASE("each line of a transcript is a step, and is written as it was read") {
    const test::TemporaryDirectory folder;
    const std::vector<std::string> texts{"# why",
                                         "",
                                         "let azure http://127.0.0.1:9",
                                         "job first",
                                         "--> {}",
                                         "unordered",
                                         "http> GET ${azure}/a",
                                         "# a note",
                                         "http> GET ${azure}/b",
                                         "end",
                                         "<http 200",
                                         "exit 0"};
    std::string file;
    for (const auto& text : texts) file += text + "\n";
    const auto lines = transcript::read_script(folder.write("t.transcript", file));
    std::vector<std::string> written;
    for (const auto& line : lines) written.push_back(transcript::to_text(line));
    CHECK(written == texts);
    CHECK(lines.at(5).step == Step::Unordered);
    CHECK(lines.at(9).step == Step::End);
    CHECK(lines.at(9).place == "t.transcript:10");
}

TEST_CASE("an included transcript is read in place, and marked") {
    const test::TemporaryDirectory folder;
    folder.write("parts/one.transcript", "# one\n");
    const auto file = folder.write("t.transcript", "include parts/one\n# two\n");
    const auto lines = transcript::read_script(file);
    REQUIRE(lines.size() == 3);
    CHECK(lines.at(1).text == "# one");
    CHECK(lines.at(1).included);
    CHECK(lines.at(1).place == "one.transcript:1");
    CHECK_FALSE(lines.at(2).included);
}

TEST_CASE("a transcript that makes no sense is refused with the place") {
    CHECK(refusal("# a\nbang {}\n") ==
          "t.transcript:2: a line must begin with a sigil and a space, or with #");
    CHECK(refusal("unordered\nhttp> GET a\n") ==
          "t.transcript:1: this block is never closed: `end` is missing");
    CHECK(refusal("end\n") == "t.transcript:1: there is no block that this could end");
    CHECK(refusal("unordered\nunordered\n") == "t.transcript:2: a block cannot hold another one");
    CHECK(refusal("unordered\nhttp> GET a\n<http 200\nend\n") ==
          "t.transcript:3: a block holds only calls (http>):\n  <http 200");
    CHECK(refusal("include gone\n").ends_with("gone.transcript: cannot be read"));
}
