#include "azure/computes.hpp"

#include "azure/compute_json.hpp"
#include "azure/page_reader.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

namespace aml::azure {
namespace {

std::string location_path(const std::string& subscription,
                          const std::string& location,
                          std::string_view rest) {
    return fmt::format(
        "/subscriptions/{}/providers/Microsoft.MachineLearningServices/locations/{}/{}",
        subscription,
        location,
        rest);
}

/// Puts network and identities where clusters and instances have them.
void add_setup(const ComputeSetup& setup, nlohmann::json& inner, nlohmann::json& body) {
    if (!setup.subnet.empty()) inner["subnet"]["id"] = setup.subnet;
    if (!setup.node_public_ip) inner["enableNodePublicIp"] = false;
    for (const auto& id : setup.identities) {
        body["identity"]["type"] = "UserAssigned";
        body["identity"]["userAssignedIdentities"][id] = nlohmann::json::object();
    }
}

nlohmann::json body_of(const ComputeInstanceSpec& spec) {
    nlohmann::json inner = {{"vmSize", spec.vm_size},
                            {"applicationSharingPolicy", "Personal"},
                            {"sshSettings", {{"sshPublicAccess", "Disabled"}}}};
    if (spec.idle_time) inner["idleTimeBeforeShutdown"] = format_duration(*spec.idle_time);
    nlohmann::json body = {{"location", spec.location}};
    add_setup(spec.setup, inner, body);
    body["properties"] = {
        {"computeType", "ComputeInstance"}, {"disableLocalAuth", true}, {"properties", inner}};
    return body;
}

nlohmann::json body_of(const ScaleSpec& spec) {
    const nlohmann::json settings = {
        {"minNodeCount", spec.min_nodes},
        {"maxNodeCount", spec.max_nodes},
        {"nodeIdleTimeBeforeScaleDown", format_duration(spec.idle_time)}};
    return {{"properties", {{"properties", {{"scaleSettings", settings}}}}}};
}

std::string_view path_of(PowerAction action) {
    switch (action) {
        case PowerAction::Start:
            return "/start";
        case PowerAction::Stop:
            return "/stop";
        case PowerAction::Restart:
            break;
    }
    return "/restart";
}

LocalizedText infinitive_of(PowerAction action, const std::string& name) {
    switch (action) {
        case PowerAction::Start:
            return localize("start the compute {}", name);
        case PowerAction::Stop:
            return localize("stop the compute {}", name);
        case PowerAction::Restart:
            break;
    }
    return localize("restart the compute {}", name);
}

/// Sends what begins a change of a compute, follows it to its end, and reads the compute. Throws:
/// also Rejected when the compute failed.
asio::awaitable<Compute> change(Client& client,
                                http::Request request,
                                ResourceId id,
                                OnOperationProgress on_progress,
                                std::stop_token stop) {
    const auto operation = request.operation;
    const auto resource =
        client.arm(http::Method::Get, operation, id.to_string(), client.ml_api_version());
    auto started = co_await client.send(std::move(request), stop);
    co_await wait_until_done(client, std::move(started), resource, std::move(on_progress), stop);
    const auto changed = co_await client.send(resource, stop);
    auto compute = compute_from_json(changed.body);
    if (same_name(compute.provisioning_state, "Failed")) {
        const auto reason = compute.errors.empty() ? localize("Azure gives no reason.")
                                                   : LocalizedText(compute.errors.front());
        throw Error(ErrorKind::Rejected, localize("Cannot {}: {}", operation, reason));
    }
    co_return compute;
}

nlohmann::json body_of(const AmlComputeSpec& spec) {
    nlohmann::json cluster = {{"osType", "Linux"},
                              {"vmSize", spec.vm_size},
                              {"vmPriority", spec.low_priority ? "LowPriority" : "Dedicated"},
                              {"scaleSettings",
                               {{"minNodeCount", spec.min_nodes},
                                {"maxNodeCount", spec.max_nodes},
                                {"nodeIdleTimeBeforeScaleDown", format_duration(spec.idle_time)}}}};
    nlohmann::json body = {{"location", spec.location}};
    add_setup(spec.setup, cluster, body);
    nlohmann::json properties = {
        {"computeType", "AmlCompute"}, {"disableLocalAuth", true}, {"properties", cluster}};
    if (!spec.description.empty()) properties["description"] = spec.description;
    body["properties"] = std::move(properties);
    return body;
}

}  // namespace

asio::awaitable<Page<Compute>> computes::list(Client& client,
                                              ResourceId workspace,
                                              std::stop_token stop) {
    auto request = client.arm(http::Method::Get,
                              localize("list the computes"),
                              workspace.to_string() + "/computes",
                              client.ml_api_version());
    return arm_page<Compute>(client, std::move(request), compute_from_json, std::move(stop));
}

asio::awaitable<std::optional<Compute>> computes::find(Client& client,
                                                       ResourceId id,
                                                       std::stop_token stop) {
    auto request = client.arm(
        http::Method::Get, localize("read the compute"), id.to_string(), client.ml_api_version());
    const auto answer = co_await client.find(std::move(request), std::move(stop));
    if (!answer) co_return std::nullopt;
    co_return compute_from_json(answer->body);
}

asio::awaitable<Compute> computes::create_or_update(Client& client,
                                                    ResourceId id,
                                                    AmlComputeSpec spec,
                                                    OnOperationProgress on_progress,
                                                    std::stop_token stop) {
    auto put = client.arm(http::Method::Put,
                          localize("create the compute {}", id.name()),
                          id.to_string(),
                          client.ml_api_version());
    set_json(put, body_of(spec));
    co_return co_await change(
        client, std::move(put), std::move(id), std::move(on_progress), std::move(stop));
}

asio::awaitable<Compute> computes::create_instance(Client& client,
                                                   ResourceId id,
                                                   ComputeInstanceSpec spec,
                                                   OnOperationProgress on_progress,
                                                   std::stop_token stop) {
    auto put = client.arm(http::Method::Put,
                          localize("create the compute {}", id.name()),
                          id.to_string(),
                          client.ml_api_version());
    set_json(put, body_of(spec));
    co_return co_await change(
        client, std::move(put), std::move(id), std::move(on_progress), std::move(stop));
}

asio::awaitable<Compute> computes::scale(Client& client,
                                         ResourceId id,
                                         ScaleSpec spec,
                                         OnOperationProgress on_progress,
                                         std::stop_token stop) {
    auto patch = client.arm(http::Method::Patch,
                            localize("scale the compute {}", id.name()),
                            id.to_string(),
                            client.ml_api_version());
    set_json(patch, body_of(spec));
    co_return co_await change(
        client, std::move(patch), std::move(id), std::move(on_progress), std::move(stop));
}

asio::awaitable<Compute> computes::power(Client& client,
                                         ResourceId id,
                                         PowerAction action,
                                         OnOperationProgress on_progress,
                                         std::stop_token stop) {
    auto post = client.arm(http::Method::Post,
                           infinitive_of(action, id.name()),
                           fmt::format("{}{}", id.to_string(), path_of(action)),
                           client.ml_api_version());
    co_return co_await change(
        client, std::move(post), std::move(id), std::move(on_progress), std::move(stop));
}

asio::awaitable<void> computes::remove(Client& client,
                                       ResourceId id,
                                       OnOperationProgress on_progress,
                                       std::stop_token stop) {
    const auto operation = localize("delete the compute {}", id.name());
    const Query query{{"underlyingResourceAction", "Delete"}};
    auto request =
        client.arm(http::Method::Delete, operation, id.to_string(), client.ml_api_version(), query);
    auto resource =
        client.arm(http::Method::Get, operation, id.to_string(), client.ml_api_version());
    auto started = co_await client.send(std::move(request), stop);
    if (started.status == 204) co_return;
    co_await wait_until_done(
        client, std::move(started), std::move(resource), std::move(on_progress), stop);
}

asio::awaitable<Page<ComputeNode>> computes::list_nodes(Client& client,
                                                        ResourceId id,
                                                        std::stop_token stop) {
    auto request = client.arm(http::Method::Post,
                              localize("list the nodes of the compute"),
                              id.to_string() + "/listNodes",
                              client.ml_api_version());
    return arm_page<ComputeNode>(
        client, std::move(request), compute_node_from_json, "nodes", std::move(stop));
}

asio::awaitable<std::vector<VmSize>> computes::vm_sizes(Client& client,
                                                        std::string subscription,
                                                        std::string location,
                                                        std::stop_token stop) {
    auto request = client.arm(http::Method::Get,
                              localize("list the VM sizes"),
                              location_path(subscription, location, "vmSizes"),
                              client.ml_api_version());
    auto page =
        co_await arm_page<VmSize>(client, std::move(request), vm_size_from_json, std::move(stop));
    co_return std::move(page.items);
}

asio::awaitable<Page<Usage>> computes::usages(Client& client,
                                              std::string subscription,
                                              std::string location,
                                              std::stop_token stop) {
    auto request = client.arm(http::Method::Get,
                              localize("read the quota"),
                              location_path(subscription, location, "usages"),
                              client.ml_api_version());
    return arm_page<Usage>(client, std::move(request), usage_from_json, std::move(stop));
}

}  // namespace aml::azure
