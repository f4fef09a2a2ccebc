#include "views/run_cache.hpp"

#include "async/run_blocking.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <string_view>
#include <utility>

namespace aml::views {
namespace {

constexpr std::uint64_t most_cached = 256U << 20U;
/// One of them is not to push out all others.
constexpr std::size_t largest_content = 32U << 20U;

}  // namespace

RunCache::RunCache(const std::filesystem::path& state_directory,
                   std::string source,
                   asio::thread_pool& pool,
                   Log log)
    : files_(state_directory / "finished-runs", most_cached),
      source_(std::move(source)),
      pool_(pool),
      log_(std::move(log)) {}

std::string RunCache::key(const azure::ResourceId& job, std::string_view what) const {
    return fmt::format("{}\n{}\n{}", source_, lower(job.to_string()), what);
}

asio::awaitable<std::optional<std::string>> RunCache::read(std::string key) const {
    auto look = [files = files_, key = std::move(key)] { return files.read(key); };
    co_return co_await async::run_blocking(pool_, std::move(look));
}

asio::awaitable<void> RunCache::keep(std::string key, std::function<std::string()> make) const {
    auto write = [files = files_, key = std::move(key), make = std::move(make)] {
        const auto content = make();
        if (content.size() <= largest_content) files.write(key, content);
    };
    try {
        co_await async::run_blocking(pool_, std::move(write));
    } catch (const Error& error) {
        log_.info("what is known of a run is not kept: {}", error.message());
    }
}

asio::awaitable<std::shared_ptr<const MetricHistory>> RunCache::points(azure::ResourceId job,
                                                                       std::string metric) const {
    auto look = [files = files_, key = key(job, "points " + metric)] {
        const auto bytes = files.read(key);
        auto history = bytes ? MetricHistory::from_bytes(*bytes) : std::nullopt;
        return history ? std::make_shared<const MetricHistory>(std::move(*history)) : nullptr;
    };
    co_return co_await async::run_blocking(pool_, std::move(look));
}

asio::awaitable<void> RunCache::keep_points(azure::ResourceId job,
                                            std::string metric,
                                            std::shared_ptr<const MetricHistory> history) const {
    auto make = [history = std::move(history)] { return history->to_bytes(); };
    return keep(key(job, "points " + metric), std::move(make));
}

asio::awaitable<std::optional<std::string>> RunCache::page(azure::ResourceId job) const {
    return read(key(job, "page"));
}

asio::awaitable<void> RunCache::keep_page(azure::ResourceId job, std::string page) const {
    auto make = [page = std::move(page)] { return page; };
    return keep(key(job, "page"), std::move(make));
}

}  // namespace aml::views
