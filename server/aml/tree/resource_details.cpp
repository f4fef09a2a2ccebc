#include "tree/resource_details.hpp"

#include "azure/run_history.hpp"
#include "http/url.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"
#include "tree/tree_kinds.hpp"

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

asio::awaitable<nlohmann::json> read_resource(azure::Client& client,
                                              std::string path,
                                              std::string_view version,
                                              std::stop_token stop) {
    auto request =
        client.arm(http::Method::Get, localize("read the details"), std::move(path), version);
    const auto answer = co_await client.send(std::move(request), std::move(stop));
    co_return answer.body;
}

}  // namespace

namespace details {

asio::awaitable<nlohmann::json> subscription(azure::Client& client,
                                             TreeAddress address,
                                             std::stop_token stop) {
    return read_resource(client,
                         "/subscriptions/" + address.subscription,
                         azure::api_version::subscriptions,
                         std::move(stop));
}

asio::awaitable<nlohmann::json> resource(azure::Client& client,
                                         TreeAddress address,
                                         std::stop_token stop) {
    return read_resource(client,
                         address.workspace.to_string() + address.place,
                         client.ml_api_version(),
                         std::move(stop));
}

asio::awaitable<nlohmann::json> run(azure::Client& client,
                                    TreeAddress address,
                                    std::stop_token stop) {
    const auto plane = co_await client.data_plane(address.workspace, stop);
    const auto history =
        co_await azure::run_history::find_run_document(client, plane, address.name, stop);
    auto request =
        client.arm(http::Method::Get,
                   localize("read the details"),
                   fmt::format("{}/jobs/{}", address.workspace.to_string(), address.name),
                   client.ml_api_version());
    const auto job = co_await client.find(std::move(request), std::move(stop));
    if (!history && !job)
        throw Error(ErrorKind::NotFound, localize("There is no run {} any more.", address.name));
    nlohmann::json both;
    if (job) both["job"] = job->body;
    if (history) both["run"] = *history;
    co_return both;
}

asio::awaitable<nlohmann::json> experiment(azure::Client& client,
                                           TreeAddress address,
                                           std::stop_token stop) {
    const auto plane = co_await client.data_plane(address.workspace, stop);
    const auto found = co_await azure::run_history::find_experiment_document(
        client, plane, address.name, std::move(stop));
    if (!found)
        throw Error(ErrorKind::NotFound,
                    localize("There is no experiment {} any more.", address.name));
    co_return *found;
}

}  // namespace details

asio::awaitable<ResourceDetails> read_details(azure::Client& client,
                                              TreeAddress address,
                                              std::stop_token stop) {
    const auto call = kind_of(address.kind).details;
    if (call == nullptr)
        throw Error(ErrorKind::NotFound, localize("There are no details to show for this row."));
    auto title = address.name.empty()
                     ? (address.workspace.empty() ? address.subscription : address.workspace.name())
                     : address.name;
    if (!address.detail.empty()) title += " " + address.detail;
    auto reading = call(client, std::move(address), std::move(stop));
    const auto raw = co_await std::move(reading);
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
