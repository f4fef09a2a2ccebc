#pragma once

#include "async/asio.hpp"
#include "azure/client.hpp"
#include "azure/jobs.hpp"
#include "azure/resource_id.hpp"
#include "azure/run_history.hpp"
#include "runs/run_snapshot.hpp"

#include <cstddef>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

/// The one way from Azure's runs to ours. Azure has two shapes of a run: ARM's job, which knows the
/// experiment and the page in the studio, and run history's run, which knows times, error and
/// compute.
namespace aml::runs {

/// The snapshot with what ARM or run history says put in. `revision`, and what the answer does not
/// say, are kept; a problem of reading is gone.
RunSnapshot merged(RunSnapshot known, const azure::Job& job);
RunSnapshot merged(RunSnapshot known, const azure::Run& run);

/// A run as an answer about this workspace tells it. Run history does not name the experiment.
RunSnapshot run_of(const azure::ResourceId& workspace, const azure::Job& job);
RunSnapshot run_of(const azure::ResourceId& workspace,
                   const azure::Run& run,
                   std::string experiment);

/// All that ARM and run history, asked side by side, say of a run; absent when neither knows it.
/// The trials of a sweep are in run history only.  Throws: Forbidden, NotFound (workspace),
/// Unavailable, …
asio::awaitable<std::optional<RunSnapshot>> find_run(azure::Client& client,
                                                     azure::ResourceId job,
                                                     std::stop_token stop);

/// The first `limit` runs of a workspace in ARM's order, which is newest first in practice, with
/// what run history says of them: it is asked about one page while the next is on its way. Throws:
/// as `find_run`.
asio::awaitable<std::vector<RunSnapshot>> list_runs(azure::Client& client,
                                                    azure::ResourceId workspace,
                                                    std::size_t limit,
                                                    std::stop_token stop);

/// The newest `limit` runs of an experiment, newest first. Throws: as `find_run`.
asio::awaitable<std::vector<RunSnapshot>> list_runs_of(azure::Client& client,
                                                       azure::ResourceId workspace,
                                                       std::string experiment,
                                                       std::size_t limit,
                                                       std::stop_token stop);

/// The newest `limit` parts of a run, such as the trials of a sweep, newest first. Throws: as
/// `find_run`.
asio::awaitable<std::vector<RunSnapshot>> list_parts_of(azure::Client& client,
                                                        RunSnapshot whole,
                                                        std::size_t limit,
                                                        std::stop_token stop);

}  // namespace aml::runs
