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

nlohmann::json body_of(const AmlComputeSpec& spec) {
    nlohmann::json cluster = {{"osType", "Linux"},
                              {"vmSize", spec.vm_size},
                              {"vmPriority", spec.low_priority ? "LowPriority" : "Dedicated"},
                              {"scaleSettings",
                               {{"minNodeCount", spec.min_nodes},
                                {"maxNodeCount", spec.max_nodes},
                                {"nodeIdleTimeBeforeScaleDown", format_duration(spec.idle_time)}}}};
    const auto& setup = spec.setup;
    if (!setup.subnet.empty()) cluster["subnet"]["id"] = setup.subnet;
    if (!setup.node_public_ip) cluster["enableNodePublicIp"] = false;
    nlohmann::json properties = {
        {"computeType", "AmlCompute"}, {"disableLocalAuth", true}, {"properties", cluster}};
    if (!spec.description.empty()) properties["description"] = spec.description;
    nlohmann::json body = {{"location", spec.location}, {"properties", properties}};
    for (const auto& id : setup.identities) {
        body["identity"]["type"] = "UserAssigned";
        body["identity"]["userAssignedIdentities"][id] = nlohmann::json::object();
    }
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
    const auto operation = localize("create the compute {}", id.name());
    auto put = client.arm(http::Method::Put, operation, id.to_string(), client.ml_api_version());
    const auto resource =
        client.arm(http::Method::Get, operation, id.to_string(), client.ml_api_version());
    set_json(put, body_of(spec));
    auto started = co_await client.send(std::move(put), stop);
    co_await wait_until_done(client, std::move(started), resource, std::move(on_progress), stop);
    const auto created = co_await client.send(resource, stop);
    auto compute = compute_from_json(created.body);
    if (same_name(compute.provisioning_state, "Failed")) {
        const auto reason = compute.errors.empty() ? localize("Azure gives no reason.")
                                                   : LocalizedText(compute.errors.front());
        throw Error(ErrorKind::Rejected, localize("Cannot {}: {}", operation, reason));
    }
    co_return compute;
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
