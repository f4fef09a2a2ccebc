#pragma once

#include "async/asio.hpp"
#include "azure/resource_id.hpp"
#include "runs/run_snapshot.hpp"
#include "series/trend.hpp"
#include "workspace/azure_access.hpp"

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace aml::views {

/// "accuracy 0.953, rising, best 0.961 at step 40".
std::string trend_text(std::string_view metric, const series::Trend& trend);

/// How the main metric of a run develops, in words; empty when it has none. `run` may know what has
/// been logged, which saves a call. Throws: Forbidden, Unavailable, …; Cancelled.
asio::awaitable<std::string> main_trend(workspace::AzureAccess& access,
                                        runs::RunSnapshot run,
                                        std::stop_token stop);

}  // namespace aml::views
