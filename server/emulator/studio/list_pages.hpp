#pragma once

#include "studio/page.hpp"
#include "web/message.hpp"

namespace aml::emulator {

/// Pages that list things: workspaces, experiments of a workspace, runs of an experiment.
class ListPages final {
public:
    explicit ListPages(Context& context)
        : context_(context) {}

    /// The workspaces, or the experiments of the only one (or of `wsid`).
    Reply home(const Request& request);
    Reply experiments(const Workspace& workspace);
    Reply runs(const Workspace& workspace, const Request& request);

private:
    Context& context_;
};

/// The address of a run's page, as in ml.azure.com.
std::string run_address(const Workspace& workspace, const Run& run);
/// The address of an experiment's page.
std::string experiment_address(const Workspace& workspace, std::string_view experiment_id);

}  // namespace aml::emulator
