#include "cli/terminal.hpp"

#include "cli/table.hpp"
#include "support/error_of.hpp"
#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <string>
#include <vector>

using namespace aml::cli;

namespace {

/// A temporary file that collects what is written to it.
class Collected final {
public:
    Collected()
        : file_(std::tmpfile()) {
        REQUIRE(file_ != nullptr);
    }

    Collected(const Collected&) = delete;
    Collected& operator=(const Collected&) = delete;

    ~Collected() { std::fclose(file_); }

    std::FILE* file() const { return file_; }

    std::string text() const {
        std::fflush(file_);
        std::rewind(file_);
        std::string text;
        for (int byte = std::fgetc(file_); byte != EOF; byte = std::fgetc(file_)) {
            text += static_cast<char>(byte);
        }
        return text;
    }

private:
    std::FILE* file_;
};

}  // namespace

TEST_CASE("results go to standard output and remarks to standard error") {
    Collected out;
    Collected error;
    {
        Terminal terminal({.out = out.file(), .error = error.file()});
        terminal.line("a result");
        terminal.remark("by the way");
        terminal.value({{"hidden", true}});
        terminal.live("nothing of this, for it is no terminal", 40);
    }
    CHECK(out.text() == "a result\n");
    CHECK(error.text() == "by the way\n");
}

TEST_CASE("for programs the result is JSON, one value a line, whatever bytes a log holds") {
    Collected out;
    Collected error;
    {
        Terminal terminal({.out = out.file(), .error = error.file(), .json = true});
        terminal.line("text for people");
        terminal.text("and a log");
        terminal.value({{"event", "log"}, {"text", "a\xff"}});
        terminal.value(3);
    }
    CHECK(out.text() == "{\"event\":\"log\",\"text\":\"a\xef\xbf\xbd\"}\n3\n");
}

TEST_CASE("the live line gives way to output and comes back after it") {
    Collected out;
    Collected error;
    {
        Terminal terminal({.out = out.file(), .error = error.file(), .live = true});
        terminal.live("Uploading", 50);
        terminal.remark("done with one");
        terminal.live("");
    }
    const std::string shown = "██████████░░░░░░░░░░  50%  Uploading";
    const std::string clear = "\r\x1b[2K";
    CHECK(error.text() == shown + clear + "done with one\n" + shown + clear);
}

TEST_CASE("a line after an unfinished one begins on its own") {
    Collected out;
    {
        Terminal terminal({.out = out.file(), .error = out.file()});
        terminal.text("no newline at the end");
        terminal.line("status");
    }
    CHECK(out.text() == "no newline at the end\nstatus\n");
}

TEST_CASE("colours are used only where they show") {
    Terminal plain({});
    CHECK(plain.coloured("ok", Colour::Green) == "ok");
    Terminal colourful({.colours = true});
    CHECK(colourful.coloured("ok", Colour::Green) == "\x1b[32mok\x1b[0m");
}

TEST_CASE("a table aligns characters, not bytes, and leaves no blanks at the end") {
    Table table({"NAME", "STATUS"});
    table.add({"größer", "Running"});
    table.add({"b", ""});
    const std::vector<std::string> expected{"NAME    STATUS", "größer  Running", "b"};
    CHECK(table.lines() == expected);
}

TEST_CASE("a table aligns Chinese by the columns it takes") {
    Table table({"名称", "状态"});
    table.add({"b", "正在运行"});
    table.add({"模型训练", "失败"});
    const std::vector<std::string> expected{
        "名称      状态", "b         正在运行", "模型训练  失败"};
    CHECK(table.lines() == expected);
}

TEST_CASE("a progress bar stays within its ends") {
    CHECK(progress_bar(-5, 4) == "░░░░");
    CHECK(progress_bar(50, 4) == "██░░");
    CHECK(progress_bar(140, 4) == "████");
}

TEST_CASE("a result that cannot be written is an error, told once") {
    const aml::test::TemporaryDirectory folder;
    std::FILE* unwritable = std::fopen(folder.write("file", "").string().c_str(), "rb");
    REQUIRE(unwritable != nullptr);
    Collected error;
    {
        Terminal terminal({.out = unwritable, .error = error.file()});
        const auto failure = aml::test::error_of([&] { terminal.line("a result"); });
        CHECK(failure.kind() == aml::ErrorKind::Unavailable);
        CHECK(failure.message() == "Cannot write the output: Bad file descriptor.");
        terminal.line("the rest of it");
        terminal.remark("still heard");
    }
    std::fclose(unwritable);
    CHECK(error.text() == "still heard\n");
}
