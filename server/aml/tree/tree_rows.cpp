#include "tree/tree_rows.hpp"

#include "support/localize.hpp"
#include "support/text.hpp"
#include "tree/tooltip.hpp"
#include "tree/tree_kinds.hpp"
#include "workspace/compute_text.hpp"
#include "workspace/state_word.hpp"

#include <fmt/format.h>

#include <utility>

namespace aml::tree::rows {
namespace {

TreeNode child_of(std::string parent, std::string id, std::string label, std::string_view kind) {
    TreeNode node{.id = std::move(id), .parent = std::move(parent), .label = std::move(label)};
    node.kind = kind;
    const auto& table = kind_of(kind);
    node.icon = table.icon;
    node.expandable = table.list != nullptr;
    return node;
}

std::string first_line(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

std::string version_text(const azure::AssetContainer& container) {
    return container.latest_version.empty()
               ? std::string()
               : localize("version {}", container.latest_version).shown();
}

std::string page_of(const TreeNode& node,
                    const Portal& portal,
                    const azure::ResourceId& workspace,
                    std::string_view name,
                    std::string_view detail = {}) {
    return portal.page(workspace, page_path(kind_of(node.kind), name, detail));
}

TreeNode container_row(const azure::ResourceId& workspace,
                       std::string_view folder,
                       std::string_view type,
                       std::string_view kind,
                       const azure::AssetContainer& container,
                       const Portal& portal) {
    auto node = child_of(folder_row(workspace, folder),
                         asset_row(workspace, type, container.name),
                         container.name,
                         kind);
    node.description = version_text(container);
    node.resource_id = workspace.child(std::string(type), container.name).to_string();
    node.portal_url = page_of(node, portal, workspace, container.name, container.latest_version);
    Tooltip tooltip(container.name);
    tooltip.line(localize("Newest version"), container.latest_version)
        .line(localize("Created"), container.created_at)
        .text(container.description);
    node.tooltip = tooltip.markdown();
    return node;
}

TreeNode asset_version(const azure::ResourceId& workspace,
                       std::string_view kind,
                       std::string_view type,
                       const std::string& name,
                       const azure::AssetVersion& version,
                       const Portal& portal) {
    const auto parent = asset_row(workspace, type, name);
    auto node = child_of(parent, version_row(parent, version.version), version.version, kind);
    node.description = first_line(version.description);
    node.resource_id =
        workspace.child(std::string(type), name).child("versions", version.version).to_string();
    node.portal_url = page_of(node, portal, workspace, name, version.version);
    Tooltip tooltip(fmt::format("{} {}", name, version.version));
    tooltip.line(localize("Kind"), version.type)
        .line(localize("Stored in"), version.uri)
        .line(localize("Made by run"), version.job_name);
    tooltip.line(localize("Created"), version.created_at).text(version.description);
    node.tooltip = tooltip.markdown();
    return node;
}

struct ComputeLook {
    std::string_view icon;
    std::string_view color;
};

ComputeLook look_of_compute(const azure::Compute& compute) {
    if (same_name(compute.provisioning_state, "Failed") || !compute.errors.empty())
        return {"warning", "charts.orange"};
    if (same_name(compute.provisioning_state, "Creating") ||
        same_name(compute.provisioning_state, "Deleting")) {
        return {"sync", "charts.blue"};
    }
    if (same_name(compute.type, "ComputeInstance")) {
        return same_name(compute.instance_state, "Running")
                   ? ComputeLook{"vm-running", "charts.green"}
                   : ComputeLook{"vm-outline", "disabledForeground"};
    }
    if (same_name(compute.type, "Kubernetes")) return {"layers", ""};
    const bool on = compute.current_nodes.value_or(0) > 0;
    return on ? ComputeLook{"server", "charts.green"} : ComputeLook{"server", ""};
}

ComputeLook look_of_node(const std::string& state) {
    if (same_name(state, "running")) return {"vm-running", "charts.green"};
    if (same_name(state, "idle")) return {"vm", "charts.blue"};
    if (same_name(state, "preparing")) return {"sync", "charts.yellow"};
    if (same_name(state, "unusable") || same_name(state, "preempted"))
        return {"warning", "charts.orange"};
    return {"vm-outline", "disabledForeground"};
}

std::string compute_kind_text(const std::string& type) {
    if (same_name(type, "AmlCompute")) return localize("Cluster");
    if (same_name(type, "ComputeInstance")) return localize("Compute instance");
    if (same_name(type, "Kubernetes")) return "Kubernetes";
    return type;
}

}  // namespace

std::string Portal::page(const azure::ResourceId& workspace, std::string_view path) const {
    if (studio.empty()) return {};
    auto url =
        fmt::format("{}{}?wsid={}", studio, path.empty() ? "/home" : path, workspace.to_string());
    if (!tenant.empty()) url += "&tid=" + tenant;
    return url;
}

TreeNode subscription(const azure::Subscription& subscription) {
    auto node = child_of({},
                         subscription_row(subscription.subscription_id),
                         subscription.display_name,
                         row_kind::subscription);
    if (node.label.empty()) node.label = subscription.subscription_id;
    if (!same_name(subscription.state, "Enabled"))
        node.description = workspace::state_word(subscription.state);
    node.resource_id = "/subscriptions/" + subscription.subscription_id;
    Tooltip tooltip(node.label);
    tooltip.line(localize("Subscription"), subscription.subscription_id)
        .line(localize("State"), workspace::state_word(subscription.state));
    node.tooltip = tooltip.markdown();
    return node;
}

TreeNode tenant_problem(const workspace::DirectoryProblem& problem) {
    const auto id = tenant_row(problem.identity);
    auto node = child_of({}, id, problem.tenant_name, row_kind::problem);
    if (node.label.empty()) node.label = problem.identity.tenant;
    node.description = problem.reason;
    node.icon_color = "problemsWarningIcon.foreground";
    Tooltip tooltip(node.label);
    tooltip.line(localize("Tenant"), problem.identity.tenant)
        .line(localize("Account"), problem.account_name)
        .text(problem.reason)
        .text(problem.sign_in_helps ? localize("Click to sign in to this tenant.").shown()
                                    : localize("Click to try again.").shown());
    node.tooltip = tooltip.markdown();
    node.command =
        problem.sign_in_helps
            ? RowCommand{.title = localize("Sign in"), .command = "azureml.signIn", .argument = id}
            : RowCommand{
                  .title = localize("Retry"), .command = "azureml.tree.retry", .argument = id};
    return node;
}

TreeNode hidden_subscriptions(std::size_t shown, std::size_t all) {
    auto node = child_of({},
                         "#subscriptions",
                         localize("{} of {} subscriptions shown", shown, all),
                         row_kind::filter);
    node.command = RowCommand{.title = localize("Choose subscriptions"),
                              .command = "azureml.selectSubscriptions",
                              .argument = {}};
    return node;
}

TreeNode workspace(const azure::Workspace& workspace, const Portal& portal) {
    auto node = child_of(subscription_row(workspace.id.subscription()),
                         workspace_row(workspace.id),
                         workspace.name,
                         row_kind::workspace);
    node.description = workspace.location;
    if (same_name(workspace.kind, "Hub")) node.icon = "organization";
    node.expandable = true;
    node.resource_id = workspace.id.to_string();
    const Portal here{portal.studio,
                      workspace.tenant_id.empty() ? portal.tenant : workspace.tenant_id};
    node.portal_url = here.page(workspace.id, {});
    Tooltip tooltip(workspace.name);
    tooltip.line(localize("Resource group"), workspace.id.resource_group())
        .line(localize("Region"), workspace.location);
    if (!same_name(workspace.kind, "Default")) tooltip.line(localize("Kind"), workspace.kind);
    if (workspace.v1_legacy_mode) {
        node.description += fmt::format(" · {}", localize("version 1 only"));
        tooltip.text(
            localize("Runs cannot be submitted: the workspace only admits the old version 1 "
                     "interface.")
                .shown());
    }
    node.tooltip = tooltip.markdown();
    return node;
}

std::vector<TreeNode> folders(const azure::ResourceId& workspace) {
    std::vector<TreeNode> nodes;
    for (const auto& kind : tree_kinds()) {
        if (!kind.is_folder()) continue;
        nodes.push_back(child_of(workspace_row(workspace),
                                 folder_row(workspace, kind.id),
                                 localize(kind.label),
                                 kind.id));
    }
    return nodes;
}

TreeNode experiment(const azure::ResourceId& workspace,
                    const azure::Experiment& experiment,
                    const Portal& portal) {
    auto node = child_of(folder_row(workspace, row_kind::experiments),
                         experiment_row(workspace, experiment.name),
                         experiment.name,
                         row_kind::experiment);
    if (!experiment.id.empty())
        node.portal_url = page_of(node, portal, workspace, experiment.name, experiment.id);
    Tooltip tooltip(experiment.name);
    tooltip.text(experiment.description);
    node.tooltip = tooltip.markdown();
    return node;
}

TreeNode compute(const azure::ResourceId& workspace,
                 const azure::Compute& compute,
                 const Portal& portal) {
    auto node = child_of(folder_row(workspace, row_kind::computes),
                         asset_row(workspace, "computes", compute.name),
                         compute.name,
                         compute.is_instance() ? row_kind::instance : row_kind::compute);
    node.description = workspace::describe_state(compute);
    const auto look = look_of_compute(compute);
    node.icon = look.icon;
    node.icon_color = look.color;
    node.expandable = compute.is_cluster();
    node.resource_id = compute.id.to_string();
    node.portal_url = page_of(node, portal, workspace, compute.name);
    Tooltip tooltip(compute.name);
    tooltip.line(localize("Kind"), compute_kind_text(compute.type))
        .line(localize("Machines"), compute.vm_size);
    if (same_name(compute.vm_priority, "LowPriority"))
        tooltip.line(localize("Priority"), localize("spot (low priority)").shown());
    if (compute.max_nodes) {
        tooltip.line(localize("Nodes"),
                     localize("{} now, {} to {}",
                              compute.current_nodes.value_or(0),
                              compute.min_nodes.value_or(0),
                              *compute.max_nodes)
                         .shown());
    }
    if (const auto idle = workspace::describe_idle(compute); !idle.empty())
        tooltip.line(localize("Off when idle for"), idle);
    tooltip.line(localize("Created by"), compute.created_by);
    for (const auto& error : compute.errors) tooltip.text(error);
    node.tooltip = tooltip.markdown();
    return node;
}

TreeNode compute_node(const azure::ResourceId& workspace,
                      const std::string& compute,
                      const azure::ComputeNode& machine) {
    const auto parent = asset_row(workspace, "computes", compute);
    auto node = child_of(
        parent, fmt::format("{}#node/{}", parent, machine.id), machine.id, row_kind::compute_node);
    node.description = workspace::state_word(machine.state);
    const auto look = look_of_node(machine.state);
    node.icon = look.icon;
    node.icon_color = look.color;
    Tooltip tooltip(machine.id);
    tooltip.line(localize("State"), workspace::state_word(machine.state))
        .line(localize("Address"), machine.private_ip)
        .line(localize("Run"), machine.run_id);
    node.tooltip = tooltip.markdown();
    return node;
}

TreeNode environment(const azure::ResourceId& workspace,
                     const azure::AssetContainer& container,
                     const Portal& portal) {
    auto node = container_row(workspace,
                              row_kind::environments,
                              "environments",
                              row_kind::environment,
                              container,
                              portal);
    if (container.name.starts_with("AzureML-")) node.icon = "verified";
    return node;
}

TreeNode environment_version(const azure::ResourceId& workspace,
                             const std::string& environment,
                             const azure::EnvironmentVersion& version,
                             const Portal& portal) {
    const auto parent = asset_row(workspace, "environments", environment);
    auto node = child_of(parent,
                         version_row(parent, version.version),
                         version.version,
                         row_kind::environment_version);
    node.description = first_line(version.description);
    node.resource_id =
        workspace.child("environments", environment).child("versions", version.version).to_string();
    node.portal_url = page_of(node, portal, workspace, environment, version.version);
    Tooltip tooltip(fmt::format("{} {}", environment, version.version));
    tooltip.line(localize("Image"), version.image)
        .line(localize("Built from"), version.build_context)
        .line(localize("Created"), version.created_at);
    tooltip.text(version.description);
    node.tooltip = tooltip.markdown();
    return node;
}

TreeNode datastore(const azure::ResourceId& workspace, const azure::Datastore& store) {
    auto node = child_of(folder_row(workspace, row_kind::datastores),
                         asset_row(workspace, "datastores", store.name),
                         store.name,
                         row_kind::datastore);
    if (store.is_default) node.description = localize("default");
    node.resource_id = store.id.to_string();
    Tooltip tooltip(store.name);
    tooltip.line(localize("Kind"), store.type)
        .line(localize("Account"), store.account)
        .line(localize("Container"), store.container);
    tooltip.text(store.description);
    node.tooltip = tooltip.markdown();
    return node;
}

TreeNode data_asset(const azure::ResourceId& workspace,
                    const azure::AssetContainer& container,
                    const Portal& portal) {
    auto node = container_row(
        workspace, row_kind::data_assets, "data", row_kind::data_asset, container, portal);
    node.icon = same_name(container.data_type, "uri_file")     ? "file"
                : same_name(container.data_type, "uri_folder") ? "folder"
                                                               : "table";
    return node;
}

TreeNode model(const azure::ResourceId& workspace,
               const azure::AssetContainer& container,
               const Portal& portal) {
    return container_row(workspace, row_kind::models, "models", row_kind::model, container, portal);
}

TreeNode data_version(const azure::ResourceId& workspace,
                      const std::string& name,
                      const azure::AssetVersion& version,
                      const Portal& portal) {
    return asset_version(workspace, row_kind::data_version, "data", name, version, portal);
}

TreeNode model_version(const azure::ResourceId& workspace,
                       const std::string& name,
                       const azure::AssetVersion& version,
                       const Portal& portal) {
    return asset_version(workspace, row_kind::model_version, "models", name, version, portal);
}

TreeNode endpoint(const azure::ResourceId& workspace,
                  std::string_view type,
                  const azure::Endpoint& endpoint) {
    const bool online = type == "onlineEndpoints";
    auto node = child_of(folder_row(workspace, row_kind::endpoints),
                         asset_row(workspace, type, endpoint.name),
                         endpoint.name,
                         row_kind::endpoint);
    node.description = online ? localize("online") : localize("batch");
    const bool ready = same_name(endpoint.provisioning_state, "Succeeded");
    if (!ready && !endpoint.provisioning_state.empty())
        node.description += " · " + workspace::state_word(lower(endpoint.provisioning_state));
    if (!online) node.icon = "tasklist";
    node.icon_color = same_name(endpoint.provisioning_state, "Failed") ? "charts.red" : "";
    node.resource_id = endpoint.id.to_string();
    Tooltip tooltip(endpoint.name);
    tooltip.line(localize("State"), workspace::state_word(endpoint.provisioning_state))
        .line(localize("Address"), endpoint.scoring_uri)
        .line(localize("Sign-in"), endpoint.auth_mode);
    for (const auto& [deployment, share] : endpoint.traffic)
        tooltip.line(localize("Traffic to {}", deployment), fmt::format("{} %", share));
    tooltip.line(localize("Default deployment"), endpoint.default_deployment)
        .text(endpoint.description);
    node.tooltip = tooltip.markdown();
    return node;
}

TreeNode load_more(const std::string& parent) {
    auto node = child_of(parent, parent + "#more", localize("Load more…"), row_kind::more);
    node.command = RowCommand{
        .title = localize("Load more"), .command = "azureml.loadMore", .argument = parent};
    return node;
}

TreeNode problem(const std::string& parent, std::string_view what, const std::string& reason) {
    auto node = child_of(parent, parent + "#problem", std::string(what), row_kind::problem);
    node.description = reason;
    node.icon_color = "problemsWarningIcon.foreground";
    Tooltip tooltip(what);
    tooltip.text(reason).text(localize("Click to try again.").shown());
    node.tooltip = tooltip.markdown();
    node.command =
        RowCommand{.title = localize("Retry"), .command = "azureml.tree.retry", .argument = parent};
    return node;
}

TreeNode nothing(const std::string& parent, std::string text) {
    auto node = child_of(parent, parent + "#empty", std::move(text), row_kind::empty);
    node.icon_color = "descriptionForeground";
    return node;
}

}  // namespace aml::tree::rows
