#pragma once

#include "blob/blob_service.hpp"
#include "core/metric_store.hpp"
#include "data/run_json.hpp"
#include "studio/page.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace aml::emulator {

/// The page of one run: status, details, metrics, outputs, the end of a log.
class RunPage final {
public:
    RunPage(Context& context, BlobService& blobs, MetricStore& metrics)
        : context_(context),
          blobs_(blobs),
          artifacts_(blobs),
          metrics_(metrics) {}

    /// The run that the request's path names; `log` in the query chooses the log file.
    Reply show(const Workspace& workspace, const Request& request);

private:
    std::string details(const Workspace& workspace, const Run& run, Time now);
    std::string charts(const Run& run);
    std::string outputs(const Workspace& workspace, const Run& run, const std::string& base_url);
    std::string logs(const Workspace& workspace, const Run& run, const Request& request);

    Context& context_;
    BlobService& blobs_;
    RunArtifacts artifacts_;
    MetricStore& metrics_;
};

/// What a person recognises an environment by, as HTML: name and version, or, for one that was
/// written into the job and so has an id for a name, its image. The packages and the id are folded
/// away. `environment` is the environment version that `id` names, if it is still there.
std::string environment_cell(const std::optional<Resource>& environment, std::string_view id);

}  // namespace aml::emulator
