#pragma once

#include "azure/computes.hpp"
#include "azure/resource_id.hpp"
#include "ui/prompter.hpp"
#include "wizard/wizard_step.hpp"
#include "workspace/catalog.hpp"

#include <stop_token>
#include <string>

namespace aml::wizard {

/// A cluster while the user describes it. Starts with sensible defaults and keeps what was typed.
struct NewCompute {
    std::string name = "cpu-cluster";
    /// The user typed the name; otherwise it follows the machine size.
    bool named = false;
    azure::AmlComputeSpec spec{};
    /// The user chose the network and identity; otherwise they are those of the first cluster there
    /// is.
    bool connected = false;
    int gpus = 0;
};

/// Where a cluster is made and with what.
struct ComputeWorkshop {
    workspace::Catalog& catalog;
    ui::Prompter& prompter;
    azure::ResourceId workspace;
    /// Azure region of the workspace.
    std::string location;
};

/// Asks for name, machine size, priority, nodes, idle time and, where a cluster of the workspace
/// has a network or an identity, whether to take those; with Back between them; and creates the
/// cluster with progress that can be cancelled. A failure (quota, no permission) is shown and leads
/// back to the questions with every answer kept. Next once the cluster exists: `draft.name` is its
/// name. `workshop` and `draft` must outlive the call. Throws what the prompter throws, NotSignedIn
/// and Cancelled.
asio::awaitable<StepEnd> create_compute(ComputeWorkshop& workshop,
                                        NewCompute& draft,
                                        StepPlace place,
                                        std::stop_token stop);

}  // namespace aml::wizard
