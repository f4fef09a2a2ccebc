#include "submit/upload_review.hpp"

#include "support/scripted_prompter.hpp"
#include "unit/submit/submit_bench.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace aml;
using test::SubmitBench;

namespace {

struct ReviewBench : SubmitBench {
    ReviewBench() { project.write(".env", "KEY=1\n"); }

    submit::ReviewedFolders review() {
        submit::AskWhatGoes ask = [this](std::vector<submit::UploadFinding> findings,
                                         std::stop_token stop) {
            return submit::ask_what_goes(prompter, std::move(findings), std::move(stop));
        };
        return test::run(
            loop, submit::review_uploads(state, request().configuration, std::move(ask), {}));
    }

    bool goes(const submit::ReviewedFolders& folders, const std::string& path) const {
        const auto& files = folders.at(project.path())->files;
        return std::any_of(
            files.begin(), files.end(), [&](const auto& file) { return file.path == path; });
    }

    static constexpr auto question = "Which of these shall go to Azure?";

    test::ScriptedPrompter prompter;
};

}  // namespace

TEST_CASE("what was not chosen stays here, with a note, and is not asked about again") {
    ReviewBench bench;
    bench.prompter.pick(ReviewBench::question, std::vector<std::string>{});
    auto folders = bench.review();
    REQUIRE(bench.prompter.picks.size() == 1);
    const auto& row = bench.prompter.picks.front().items.front();
    CHECK(row.label == ".env");
    CHECK(row.description == "settings with secrets, 6 B");
    CHECK_FALSE(row.picked);
    CHECK_FALSE(bench.goes(folders, ".env"));
    CHECK(bench.goes(folders, "train.py"));
    const auto& notes = folders.at(bench.project.path())->notes;
    REQUIRE(notes.size() == 1);
    CHECK(notes.front() ==
          "Left out as you have said: .env. To send it all the same, write “!.env” in .gitignore.");
    CHECK_FALSE(bench.goes(bench.review(), ".env"));
    bench.project.write(".gitignore", "!.env\n");
    CHECK(bench.goes(bench.review(), ".env"));
    CHECK(bench.prompter.picks.size() == 1);
}

TEST_CASE("what was chosen goes, and only what is new is asked about") {
    ReviewBench bench;
    bench.prompter.pick(ReviewBench::question, ".env");
    CHECK(bench.goes(bench.review(), ".env"));
    bench.project.write("keys/id_rsa", "x");
    bench.prompter.pick(ReviewBench::question, std::vector<std::string>{});
    const auto folders = bench.review();
    CHECK(bench.goes(folders, ".env"));
    CHECK_FALSE(bench.goes(folders, "keys/id_rsa"));
    REQUIRE(bench.prompter.picks.size() == 2);
    CHECK(bench.prompter.picks.back().items.size() == 1);
}

TEST_CASE("whoever gives up sends nothing and is asked again") {
    ReviewBench bench;
    bench.prompter.escape(ReviewBench::question);
    CHECK(test::error_of([&] { bench.review(); }).kind() == ErrorKind::Cancelled);
    bench.prompter.pick(ReviewBench::question, ".env");
    CHECK(bench.goes(bench.review(), ".env"));
}

TEST_CASE("one question is about all folders that go along, and data may be large") {
    ReviewBench bench;
    bench.project.write("data/.netrc", "x");
    bench.project.write("data/notebook.ipynb", R"({"output_type":1})");
    bench.project.write("image/Dockerfile", "FROM scratch\n");
    bench.project.write("image/id_rsa", "x");
    bench.project.write(".amlignore", "data/\nimage/\n");
    bench.write_configuration({{"inputs", {{"d", {{"type", "uri_folder"}, {"path", "data"}}}}},
                               {"environment", {{"build", {{"path", "image"}}}}}});
    bench.prompter.pick(ReviewBench::question, std::vector<std::string>{});
    const auto folders = bench.review();
    CHECK(folders.size() == 3);
    std::vector<std::string> labels;
    for (const auto& item : bench.prompter.picks.front().items) labels.push_back(item.label);
    CHECK(labels == std::vector<std::string>{".env", "id_rsa", ".netrc"});
    CHECK(folders.at(bench.project.path() / "data")->files.size() == 1);
    CHECK(folders.at(bench.project.path() / "image")->files.size() == 1);
}

TEST_CASE("where nobody can be asked, nothing goes, and all of it is named") {
    ReviewBench bench;
    const auto error = test::error_of([&] {
        test::run(bench.loop,
                  submit::review_uploads(bench.state, bench.request().configuration, nullptr, {}));
    });
    CHECK(error.kind() == ErrorKind::Rejected);
    CHECK(error.message() ==
          "This would go to Azure, where everybody in the workspace can read it:\n"
          "  .env  (settings with secrets, 6 B)\n"
          "List in .gitignore what shall stay here, and with “!” before it what shall go.");
}

TEST_CASE("a folder of which nothing is left is refused") {
    ReviewBench bench;
    bench.project.write("only/.env", "x");
    bench.write_configuration({{"code", "only"}, {"command", "cat .env"}});
    bench.prompter.pick(ReviewBench::question, std::vector<std::string>{});
    const auto error = test::error_of([&] { bench.review(); });
    CHECK(error.kind() == ErrorKind::Rejected);
    CHECK(error.message().find("Nothing of the folder") != std::string::npos);
}
