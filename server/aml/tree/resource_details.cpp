#include "tree/resource_details.hpp"

#include "azure/run_history.hpp"
#include "http/url.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace aml::tree {
namespace {

constexpr std::string_view hidden = "[hidden]";

bool is_secret(const std::string& key) {
    const auto name = lower(key);
    constexpr std::array<std::string_view, 6> parts{
        "secret", "password", "connectionstring", "sastoken", "sasuri", "credentialvalue"};
    for (const auto part : parts) {
        if (name.find(part) != std::string::npos) return true;
    }
    // A key is a secret by the end of its name: accountKey, primaryKey; sshPublicKey is made to be
    // shown.
    if (name.ends_with("publickey")) return false;
    return name.ends_with("key") || name == "token" || name.ends_with("token");
}

bool has_signature(const std::string& text) {
    return text.find("sig=") != std::string::npos && text.find("://") != std::string::npos;
}

std::string path_of(const TreeAddress& address) {
    const auto workspace = address.workspace.to_string();
    if (address.kind == row_kind::workspace) return workspace;
    if (address.kind == row_kind::compute)
        return fmt::format("{}/computes/{}", workspace, address.name);
    if (address.kind == row_kind::datastore)
        return fmt::format("{}/datastores/{}", workspace, address.name);

    struct Asset {
        std::string_view kind;
        std::string_view version_kind;
        std::string_view type;
    };

    constexpr std::array<Asset, 3> assets{
        {{row_kind::environment, row_kind::environment_version, "environments"},
         {row_kind::data_asset, row_kind::data_version, "data"},
         {row_kind::model, row_kind::model_version, "models"}}};
    for (const auto& asset : assets) {
        if (address.kind == asset.kind)
            return fmt::format("{}/{}/{}", workspace, asset.type, address.name);
        if (address.kind == asset.version_kind) {
            return fmt::format(
                "{}/{}/{}/versions/{}", workspace, asset.type, address.name, address.detail);
        }
    }
    return {};
}

asio::awaitable<nlohmann::json> read_resource(azure::Client& client,
                                              std::string path,
                                              std::string_view version,
                                              std::stop_token stop) {
    auto request =
        client.arm(http::Method::Get, localize("read the details"), std::move(path), version);
    const auto answer = co_await client.send(std::move(request), std::move(stop));
    co_return answer.body;
}

// A job is one resource in ARM and one in run history; times and errors are in the second.
asio::awaitable<nlohmann::json> read_run(azure::Client& client,
                                         TreeAddress address,
                                         std::stop_token stop) {
    const auto plane = co_await client.data_plane(address.workspace, stop);
    const auto run =
        co_await azure::run_history::find_run_document(client, plane, address.name, stop);
    auto request =
        client.arm(http::Method::Get,
                   localize("read the details"),
                   fmt::format("{}/jobs/{}", address.workspace.to_string(), address.name),
                   client.ml_api_version());
    const auto job = co_await client.find(std::move(request), std::move(stop));
    if (!run && !job)
        throw Error(ErrorKind::NotFound, localize("There is no run {} any more.", address.name));
    nlohmann::json both;
    if (job) both["job"] = job->body;
    if (run) both["run"] = *run;
    co_return both;
}

asio::awaitable<nlohmann::json> read_experiment(azure::Client& client,
                                                TreeAddress address,
                                                std::stop_token stop) {
    const auto plane = co_await client.data_plane(address.workspace, stop);
    const auto experiment = co_await azure::run_history::find_experiment_document(
        client, plane, address.name, std::move(stop));
    if (!experiment)
        throw Error(ErrorKind::NotFound,
                    localize("There is no experiment {} any more.", address.name));
    co_return *experiment;
}

asio::awaitable<nlohmann::json> read_endpoint(azure::Client& client,
                                              TreeAddress address,
                                              std::stop_token stop) {
    // The row's id says the type, the address does not: ask for the one, then the other.
    auto online = client.arm(
        http::Method::Get,
        localize("read the details"),
        fmt::format("{}/onlineEndpoints/{}", address.workspace.to_string(), address.name),
        client.ml_api_version());
    auto found = co_await client.find(std::move(online), stop);
    if (found) co_return found->body;
    const auto batch =
        fmt::format("{}/batchEndpoints/{}", address.workspace.to_string(), address.name);
    co_return co_await read_resource(client, batch, client.ml_api_version(), stop);
}

asio::awaitable<nlohmann::json> read_raw(azure::Client& client,
                                         TreeAddress address,
                                         std::stop_token stop) {
    if (address.kind == row_kind::active_run)
        return read_run(client, std::move(address), std::move(stop));
    if (address.kind == row_kind::experiment)
        return read_experiment(client, std::move(address), std::move(stop));
    if (address.kind == row_kind::endpoint)
        return read_endpoint(client, std::move(address), std::move(stop));
    if (address.kind == row_kind::subscription) {
        auto path = "/subscriptions/" + address.subscription;
        return read_resource(
            client, std::move(path), azure::api_version::subscriptions, std::move(stop));
    }
    auto path = path_of(address);
    if (path.empty())
        throw Error(ErrorKind::NotFound, localize("There are no details to show for this row."));
    return read_resource(client, std::move(path), client.ml_api_version(), std::move(stop));
}

}  // namespace

asio::awaitable<ResourceDetails> read_details(azure::Client& client,
                                              TreeAddress address,
                                              std::stop_token stop) {
    auto title = address.name.empty()
                     ? (address.workspace.empty() ? address.subscription : address.workspace.name())
                     : address.name;
    if (!address.detail.empty()) title += " " + address.detail;
    const auto raw = co_await read_raw(client, std::move(address), std::move(stop));
    ResourceDetails details{.title = std::move(title), .content = presentable(raw).dump(2) + "\n"};
    co_return details;
}

nlohmann::ordered_json presentable(const nlohmann::json& json) {
    if (json.is_string()) {
        const auto& text = json.get_ref<const std::string&>();
        return has_signature(text) ? http::redact_url(text) : text;
    }
    if (json.is_array()) {
        auto items = nlohmann::ordered_json::array();
        for (const auto& item : json) items.push_back(presentable(item));
        return items;
    }
    if (!json.is_object()) return json;
    auto object = nlohmann::ordered_json::object();
    for (const auto& [key, value] : json.items()) {
        if (value.is_null()) continue;
        object[key] = is_secret(key) && value.is_string() ? nlohmann::ordered_json(hidden)
                                                          : presentable(value);
    }
    return object;
}

}  // namespace aml::tree
