#pragma once

#include "async/asio.hpp"
#include "azure/computes.hpp"
#include "submit/submit_types.hpp"
#include "submit/upload_review.hpp"
#include "workspace/catalog.hpp"
#include "workspace/saved_state.hpp"

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

/// What a submission would take, found out without submitting or uploading anything.
namespace aml::submit {

/// The machines that a run would use.
struct PlannedCompute {
    /// Empty: serverless.
    std::string name{};
    /// Empty while unknown.
    std::string vm_size{};
    bool low_priority = false;
    /// Of one node.
    std::optional<azure::VmPrice> price{};
    /// Nodes that are wanted at the same time: of a sweep those of the trials that run together.
    int wanted = 1;
    /// Of a cluster: nodes that wait for work, and how many there may be.
    std::optional<int> free{};
    std::optional<int> most{};
    /// Cores of a node.
    int cores = 0;
    /// Cores of the size's family in the region.
    std::optional<azure::Usage> quota{};

    /// Nodes that have to be started first; nothing where that is not known.
    std::optional<int> to_start() const;
};

enum class ImageState {
    /// It is there, or was built for an earlier run.
    Ready,
    /// It is built before the run begins.
    ToBuild,
    /// Azure does not tell.
    Unknown
};

/// The image that a run would run in.
struct PlannedImage {
    /// As the run configuration names it.
    std::string name{};
    ImageState state = ImageState::Unknown;
};

/// A folder or file that would be sent.
struct PlannedFolder {
    std::string path{};
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
    /// What the workspace does not have yet; nothing where that could not be asked.
    std::optional<std::uint64_t> missing_files{};
    std::optional<std::uint64_t> missing_bytes{};
};

struct RunPlan {
    azure::ResourceId workspace{};
    std::string experiment{};
    PlannedCompute compute{};
    PlannedImage image{};
    /// From submitting to running, as earlier runs of the experiment needed it.
    std::optional<std::chrono::milliseconds> usual_wait{};
    std::vector<PlannedFolder> folders{};
    /// Of a sweep: how many trials at most.
    std::optional<std::uint64_t> trials{};
    /// What would keep the run from being submitted or from beginning, and what could not be found
    /// out; a sentence each.
    std::vector<std::string> problems{};
    /// What would be asked about before it goes.
    std::vector<UploadFinding> findings{};
};

struct PlanTools {
    workspace::Catalog& catalog;
    workspace::SavedState& state;
    Random& random;
    async::Clock& clock;
};

/// Finds out what submitting the request would take: only reads, here and in Azure. A part that
/// cannot be found out is among the problems. Throws: NotSignedIn, Cancelled, and what connecting
/// throws.
asio::awaitable<RunPlan> plan_run(PlanTools tools, SubmitRequest request, std::stop_token stop);

/// The plan in one line: where, size and price, nodes, image, files, quota.
std::string plan_line(const RunPlan& plan);

/// The plan for a terminal: a line for each part, then problems.
std::vector<std::string> plan_lines(const RunPlan& plan);

/// The plan for programs.
nlohmann::json to_json(const RunPlan& plan);

}  // namespace aml::submit
