#pragma once

#include "async/asio.hpp"
#include "azure/resource_id.hpp"
#include "state/file_cache.hpp"
#include "support/log.hpp"
#include "views/metric_history.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace aml::views {

/// What is kept on the disk of runs that are over: their points, and the pages about them. Nothing
/// of it is the user's own; what cannot be read or written is as if it were not known.
class RunCache final {
public:
    /// In a folder of its own in `state_directory`. `source` says what the contents depend on
    /// beside the run: which Azure, which language and version.
    RunCache(const std::filesystem::path& state_directory,
             std::string source,
             asio::thread_pool& pool,
             Log log);

    /// All rows of a metric. Never throws but for lack of memory.
    asio::awaitable<std::shared_ptr<const MetricHistory>> points(azure::ResourceId job,
                                                                 std::string metric) const;
    /// Keeps them; nothing may be logged any more. Never throws but for lack of memory.
    asio::awaitable<void> keep_points(azure::ResourceId job,
                                      std::string metric,
                                      std::shared_ptr<const MetricHistory> history) const;

    /// The page about a run as it was kept.
    asio::awaitable<std::optional<std::string>> page(azure::ResourceId job) const;
    asio::awaitable<void> keep_page(azure::ResourceId job, std::string page) const;

private:
    std::string key(const azure::ResourceId& job, std::string_view what) const;
    asio::awaitable<std::optional<std::string>> read(std::string key) const;
    /// `make` is called on the pool.
    asio::awaitable<void> keep(std::string key, std::function<std::string()> make) const;

    state::FileCache files_;
    std::string source_;
    asio::thread_pool& pool_;
    Log log_;
};

}  // namespace aml::views
