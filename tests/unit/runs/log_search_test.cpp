#include "runs/log_search.hpp"

#include "runs/log_part.hpp"
#include "support/azure_session.hpp"
#include "support/error_of.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

using namespace aml;
using namespace aml::runs;
using nlohmann::json;
using test::run;

namespace {

constexpr auto searched = "user_logs/std_log.txt";
constexpr auto searched_address = "http://127.0.0.1:9/blob?sig=1";

struct SearchFixture : test::AzureSession {
    SearchFixture() {
        know_data_plane();
        http.expect_get(data("history/v1.0", "/runs/a/details"))
            .reply(200, {{"runId", "a"}, {"logFiles", {{searched, searched_address}}}});
    }

    ~SearchFixture() { run(loop, watcher.shut_down()); }

    test::ExpectedCall& piece(std::uint64_t offset, std::uint64_t size, std::uint64_t limit) {
        auto& call =
            http.expect_get(searched_address)
                .with_header("x-ms-range", fmt::format("bytes={}-{}", offset, offset + limit - 1));
        call.reply_text(206,
                        text.substr(offset, size),
                        {{"Content-Range",
                          fmt::format("bytes {}-{}/{}", offset, offset + size - 1, text.size())}});
        return call;
    }

    void search(const OnSearched& on_searched) {
        run(loop,
            search_log(log_of_run,
                       pool,
                       searched,
                       LinePattern::text("loss", LetterCase::Matters),
                       RunState::Final,
                       on_searched,
                       {}));
    }

    std::string text;
    asio::thread_pool pool{1};
    RunLog log_of_run{access, clock, job("a")};
    RunWatcher watcher{loop.get_executor(), access, clock, random, state, log};
};

constexpr std::uint64_t part = 8U << 20U;

}  // namespace

TEST_CASE("a log is searched part by part, also across their edges") {
    SearchFixture fixture;
    fixture.text = std::string(part - 2, '\n') + "loss\n" + std::string(part, '\n') + "loss";
    fixture.piece(0, part, part);
    fixture.piece(part, part, part);
    fixture.piece(2 * part, 7, 7);
    std::vector<FoundLine> lines;
    std::vector<std::uint64_t> done;
    fixture.search([&](SearchedPart found) {
        CHECK(found.total == fixture.text.size());
        done.push_back(found.done);
        std::move(found.lines.begin(), found.lines.end(), std::back_inserter(lines));
        return true;
    });
    CHECK(lines ==
          std::vector<FoundLine>{{part - 1, part - 2, "loss"}, {2 * part, 2 * part + 3, "loss"}});
    CHECK(done == std::vector<std::uint64_t>{part, 2 * part, 2 * part + 7});
}

TEST_CASE("a search ends where whoever asked has enough, and with what fails") {
    SearchFixture fixture;
    fixture.text = "loss\n" + std::string(2 * part, '\n');
    fixture.piece(0, part, part);
    fixture.piece(part, part, part).hold();
    fixture.piece(2 * part, 5, 5).hold();
    int told = 0;
    fixture.search([&](const SearchedPart& found) {
        ++told;
        CHECK(found.lines.size() == 1);
        return false;
    });
    CHECK(told == 1);

    fixture.piece(0, part, part);
    fixture.http.expect_get(searched_address).reply(409, {{"error", {{"message", "Gone."}}}});
    fixture.piece(2 * part, 5, 5);
    const auto error = test::error_of([&] { fixture.search([](const auto&) { return true; }); });
    CHECK(error.kind() == ErrorKind::Conflict);
}

TEST_CASE("a line that was found is shown with what stands around it") {
    SearchFixture fixture;
    const std::uint64_t side = 256U << 10U;
    for (int i = 0; i < 40'000; ++i) fixture.text += fmt::format("line {:024}\n", i);
    const std::uint64_t width = 30;
    const std::uint64_t offset = 12'000 * width;
    fixture.piece(offset - side, 2 * side, 2 * side);
    auto shown = run(fixture.loop,
                     read_part(fixture.log_of_run,
                               searched,
                               {.number = 12'001, .offset = offset},
                               RunState::Final,
                               {}));
    const auto line_of = [&shown](std::size_t number) {
        std::string_view rest = shown.text;
        for (; number > 0; --number) rest.remove_prefix(rest.find('\n') + 1);
        return std::string(rest.substr(0, rest.find('\n')));
    };
    CHECK(line_of(shown.line) == fmt::format("line {:024}", 12'000));
    // 8,738 whole lines fit before it.
    CHECK(line_of(0) == "… 3262 lines before this are not shown.");
    CHECK(line_of(1) == fmt::format("line {:024}", 12'000 - 8'738));
    CHECK(shown.text.ends_with(" after this are not shown.\n"));

    fixture.text = "a\r\n\x1B[1mb\x1B[0m";
    fixture.piece(0, fixture.text.size(), 3 + side);
    shown = run(
        fixture.loop,
        read_part(fixture.log_of_run, searched, {.number = 2, .offset = 3}, RunState::Final, {}));
    CHECK(shown.text == "a\nb\n");
    CHECK(shown.line == 1);
}
