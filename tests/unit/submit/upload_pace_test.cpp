#include "submit/upload_pace.hpp"

#include "async/clock.hpp"
#include "async/event.hpp"
#include "async/task_group.hpp"
#include "http/policies.hpp"
#include "submit/snapshot_upload.hpp"
#include "support/error.hpp"
#include "support/fake_clock.hpp"
#include "support/seeded_random.hpp"
#include "support/settle.hpp"
#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <memory>

using namespace aml;
using namespace std::chrono_literals;
using std::chrono::milliseconds;
using submit::UploadPace;

namespace {

constexpr std::uint64_t small_file = 1000;

/// Storage that takes `latency` for each request; a request takes longer once `fastest` a second
/// are asked for, and those above `tolerated` at once are refused.
class DistantStorage final : public http::Transport {
public:
    explicit DistantStorage(test::FakeClock& clock)
        : clock_(clock) {}

    milliseconds latency = 80ms;
    milliseconds each = 0ms;
    std::size_t tolerated = 1000;
    std::size_t most_running = 0;
    std::size_t refused = 0;
    std::size_t stored = 0;

    asio::awaitable<http::Response> send(http::Request, std::stop_token stop) override {
        most_running = std::max(most_running, ++running_);
        const bool too_many = running_ > tolerated;
        // One after another through the line, then the way there and back.
        line_free_ = std::max(line_free_, clock_.now()) + each;
        co_await clock_.sleep_until(line_free_ + latency, std::move(stop));
        --running_;
        http::Response response;
        response.status = too_many ? 503 : 201;
        ++(too_many ? refused : stored);
        co_return response;
    }

private:
    test::FakeClock& clock_;
    std::size_t running_ = 0;
    async::Clock::TimePoint line_free_;
};

/// Uploads of small files over a line that is known.
struct World {
    asio::io_context loop{1};
    asio::thread_pool pool{1};
    test::FakeClock clock;
    test::SeededRandom random;
    DistantStorage storage{clock};
    test::TemporaryDirectory project;

    /// How long it took.
    milliseconds upload(int files) {
        for (int i = 0; i < files; ++i)
            project.write(std::to_string(i), std::string(small_file, 'x'));
        std::vector<std::unique_ptr<http::Policy>> policies;
        policies.push_back(http::retry_policy(clock, random));
        const http::Pipeline pipeline(std::move(policies), storage);
        azure::Client client(pipeline, pipeline, clock, http::public_cloud());
        auto listing =
            std::make_shared<const snapshot::Listing>(snapshot::list_files(project.path(), {}));
        azure::BlobAddress container{Secret("https://sa1.blob.core.windows.net/c?sig=secret")};
        auto reporter =
            std::make_shared<submit::SubmitReporter>(loop.get_executor(), clock, nullptr);
        std::exception_ptr failure;
        async::TaskGroup group(loop.get_executor(),
                               [&](std::exception_ptr error) { failure = error; });
        const auto began = clock.now();
        group.spawn(submit::upload_snapshot(
            client, pool, listing, std::move(container), "folder", reporter, {}));
        while (group.size() > 0) {
            test::settle(loop, pool);
            if (group.size() > 0) clock.advance(5ms);
        }
        if (failure) std::rethrow_exception(failure);
        return std::chrono::duration_cast<milliseconds>(clock.now() - began);
    }
};

/// Lets rounds of `pace` go by that last `lasting` each.
void let_rounds_pass(UploadPace& pace,
                     async::Clock::TimePoint& now,
                     int count,
                     milliseconds lasting) {
    for (int round = 0; round < count; ++round) {
        now += lasting;
        for (auto left = pace.at_once(); left > 0; --left) pace.sent(small_file, now);
    }
}

}  // namespace

TEST_CASE("the number under way grows while more gets through, up to its limit") {
    auto now = test::new_year();
    UploadPace pace(now);
    CHECK(pace.at_once() == UploadPace::first);
    let_rounds_pass(pace, now, 1, 80ms);
    CHECK(pace.at_once() == UploadPace::first + UploadPace::step);
    let_rounds_pass(pace, now, 20, 80ms);
    CHECK(pace.at_once() == UploadPace::most);
}

TEST_CASE("where more at once brings no more through it goes back, and tries again later") {
    auto now = test::new_year();
    UploadPace pace(now);
    // The line takes 100 a second, however many are under way.
    auto round = [&] { let_rounds_pass(pace, now, 1, milliseconds(pace.at_once() * 10)); };
    round();
    CHECK(pace.at_once() == UploadPace::first + UploadPace::step);
    round();
    CHECK(pace.at_once() == UploadPace::first);
    for (int i = 0; i < 8; ++i) {
        round();
        CHECK(pace.at_once() == UploadPace::first);
    }
    round();
    CHECK(pace.at_once() == UploadPace::first + UploadPace::step);
}

TEST_CASE("requests that take seconds already fill the line, and get no company") {
    auto now = test::new_year();
    UploadPace pace(now);
    let_rounds_pass(pace, now, 20, 3s);
    CHECK(pace.at_once() == UploadPace::first);
}

TEST_CASE("a refusal halves the number, once for all that were under way with it") {
    auto now = test::new_year();
    UploadPace pace(now);
    let_rounds_pass(pace, now, 20, 80ms);
    const auto began = now;
    now += 80ms;
    for (int i = 0; i < 10; ++i) pace.refused(began, now);
    CHECK(pace.at_once() == UploadPace::most / 2);
    const auto later = now + 1ms;
    pace.refused(later, later + 80ms);
    CHECK(pace.at_once() == UploadPace::most / 4);
    for (int i = 0; i < 10; ++i) {
        now += 1s;
        pace.refused(now, now + 80ms);
    }
    CHECK(pace.at_once() == UploadPace::least);
    now += 1s;
    let_rounds_pass(pace, now, 9, 80ms);
    CHECK(pace.at_once() == UploadPace::least + UploadPace::step);
}

TEST_CASE_FIXTURE(World, "1,000 small files far away take the time of their bytes and a second") {
    CHECK(upload(1000) <= 1100ms);
    CHECK(storage.stored == 1000);
    CHECK(storage.most_running <= UploadPace::most);
}

TEST_CASE_FIXTURE(World, "a line that is full is not asked for more at once") {
    storage.each = 10ms;
    CHECK(upload(300) <= 3200ms);
    CHECK(storage.most_running <= UploadPace::first + 2 * UploadPace::step);
}

TEST_CASE_FIXTURE(World, "what storage refuses is sent again, with fewer at once") {
    storage.tolerated = 40;
    upload(600);
    CHECK(storage.stored == 600);
    CHECK(storage.refused > 0);
    CHECK(storage.refused < 100);
}
