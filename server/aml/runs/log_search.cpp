#include "runs/log_search.hpp"

#include "async/event.hpp"
#include "async/run_blocking.hpp"
#include "async/task_group.hpp"

#include <algorithm>
#include <exception>
#include <map>
#include <memory>
#include <utility>

namespace aml::runs {
namespace {

constexpr std::uint64_t part_size = 8U << 20U;
/// Parts that are read while one is looked at.
constexpr std::uint64_t parts_ahead = 3;

/// The parts of a log that were read and not yet looked at, by their numbers.
struct PartsAhead {
    RunLog& log;
    std::string path;
    RunState state;
    async::Event news;
    std::uint64_t total = 0;
    std::map<std::uint64_t, std::string> parts{};
    std::exception_ptr failure{};
};

asio::awaitable<void> read_part(PartsAhead& ahead, std::uint64_t number, std::stop_token stop) {
    const auto offset = number * part_size;
    const auto size = std::min(part_size, ahead.total - offset);
    auto piece = co_await ahead.log.read_piece(ahead.path, offset, size, ahead.state, stop);
    ahead.parts[number] = std::move(piece.bytes);
    ahead.news.set();
}

asio::awaitable<std::string> take_part(PartsAhead& ahead,
                                       std::uint64_t number,
                                       std::stop_token stop) {
    while (!ahead.failure && !ahead.parts.contains(number)) {
        ahead.news.reset();
        co_await ahead.news.wait(stop);
    }
    if (ahead.failure) std::rethrow_exception(ahead.failure);
    co_return std::move(ahead.parts.extract(number).mapped());
}

asio::awaitable<std::vector<FoundLine>> look_through(asio::thread_pool& pool,
                                                     std::shared_ptr<LineScanner> scanner,
                                                     std::string bytes,
                                                     bool is_last) {
    auto look = [scanner = std::move(scanner), bytes = std::move(bytes), is_last] {
        auto lines = scanner->scan(bytes);
        if (!is_last) return lines;
        auto rest = scanner->finish();
        std::move(rest.begin(), rest.end(), std::back_inserter(lines));
        return lines;
    };
    co_return co_await async::run_blocking(pool, std::move(look));
}

asio::awaitable<void> search_parts(PartsAhead& ahead,
                                   async::TaskGroup& reads,
                                   asio::thread_pool& pool,
                                   LinePattern pattern,
                                   OnSearched on_searched,
                                   std::stop_token stop) {
    const auto scanner = std::make_shared<LineScanner>(std::move(pattern));
    auto first = co_await ahead.log.read_piece(ahead.path, 0, part_size, ahead.state, stop);
    ahead.total = first.total;
    ahead.parts[0] = std::move(first.bytes);
    const auto count = std::max<std::uint64_t>(1, (ahead.total + part_size - 1) / part_size);
    std::uint64_t asked = 1;
    for (std::uint64_t number = 0; number < count; ++number) {
        for (; asked < count && asked <= number + parts_ahead; ++asked)
            reads.spawn(read_part(ahead, asked, reads.stop_token()));
        auto bytes = co_await take_part(ahead, number, stop);
        SearchedPart part{.total = ahead.total};
        part.done = std::min(ahead.total, (number + 1) * part_size);
        part.lines = co_await look_through(pool, scanner, std::move(bytes), number + 1 == count);
        if (stop.stop_requested()) throw cancelled();
        if (!on_searched(std::move(part))) co_return;
    }
}

}  // namespace

asio::awaitable<void> search_log(RunLog& log,
                                 asio::thread_pool& pool,
                                 std::string path,
                                 LinePattern pattern,
                                 RunState state,
                                 OnSearched on_searched,
                                 std::stop_token stop) {
    const auto loop = co_await asio::this_coro::executor;
    PartsAhead ahead{
        .log = log, .path = std::move(path), .state = state, .news = async::Event(loop)};
    async::TaskGroup reads(loop, [&ahead](std::exception_ptr error) {
        ahead.failure = std::move(error);
        ahead.news.set();
    });
    std::exception_ptr failure;
    try {
        co_await search_parts(
            ahead, reads, pool, std::move(pattern), std::move(on_searched), std::move(stop));
    } catch (...) {
        failure = std::current_exception();
    }
    // They refer to what ends here.
    reads.request_stop();
    co_await reads.join();
    if (failure) std::rethrow_exception(failure);
}

}  // namespace aml::runs
