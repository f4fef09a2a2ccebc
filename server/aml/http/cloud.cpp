#include "http/cloud.hpp"

#include "http/transport_failure.hpp"
#include "http/url.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace aml::http {
namespace {

using nlohmann::json;

std::string without_slash(std::string address) {
    while (address.ends_with('/')) address.pop_back();
    return address;
}

/// The audience whose tokens ARM takes: its own address when listed, else the first one.
std::string arm_audience(const json& authentication, const std::string& arm) {
    const auto audiences = authentication.value("audiences", json::array());
    for (const auto& audience : audiences) {
        if (audience.is_string() && without_slash(audience.get<std::string>()) == arm) return arm;
    }
    const bool usable = !audiences.empty() && audiences.front().is_string();
    return usable ? without_slash(audiences.front().get<std::string>()) : arm;
}

std::string ml_audience(const std::string& cloud_name) {
    if (same_name(cloud_name, "AzureChinaCloud")) return "https://ml.azure.cn";
    if (same_name(cloud_name, "AzureUSGovernment")) return "https://ml.azure.us";
    return "https://ml.azure.com";
}

/// Source: `_azure_environments.py` of azure-ai-ml.
std::string registry_host(const std::string& cloud_name) {
    if (same_name(cloud_name, "AzureCloud")) return "https://eastus.api.azureml.ms";
    if (same_name(cloud_name, "AzureChinaCloud")) return "https://chinaeast2.api.ml.azure.cn";
    if (same_name(cloud_name, "AzureUSGovernment")) return "https://usgovarizona.api.ml.azure.us";
    return {};
}

/// The description of `arm` itself: older versions list every cloud they know.
const json& pick(const json& answer, const std::string& arm) {
    if (!answer.is_array()) return answer;
    for (const auto& cloud : answer) {
        if (cloud.is_object() && same_origin(text_of(cloud, "resourceManager"), arm)) return cloud;
    }
    return answer.empty() ? answer : answer.front();
}

Error not_arm(const std::string& arm) {
    return {ErrorKind::Rejected,
            localize("{} is not an Azure Resource Manager endpoint; correct the setting "
                     "azureml.armEndpoint or AZUREML_ARM_ENDPOINT.",
                     arm)};
}

Error unreachable(const std::string& arm, const Error& cause) {
    const auto& code = cause.details().azure_code;
    const bool stopped_between = code == transport_failure::proxy || code == transport_failure::tls;
    auto text = stopped_between
                    ? localize("Azure cannot be reached: {}", cause.message())
                    : localize(
                          "Azure cannot be reached: {} Check the network and the setting "
                          "azureml.armEndpoint or AZUREML_ARM_ENDPOINT ({}).",
                          cause.message(),
                          arm);
    return {cause.kind(), std::move(text), cause.details()};
}

/// Some endpoints put a byte order mark first.
std::string_view body_without_mark(const Response& response) {
    std::string_view body = response.body;
    if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
    return body;
}

bool is_cut_off(const Response& response) {
    const auto body = body_without_mark(response);
    const bool begins = body.starts_with('{') || body.starts_with('[');
    return succeeded(response) && begins && !json::accept(body);
}

asio::awaitable<Response> ask(const Pipeline& anonymous,
                              Request request,
                              std::string arm,
                              std::stop_token stop) {
    try {
        auto response = co_await anonymous.send(request, stop);
        for (int again = 0; again < 2 && is_cut_off(response); ++again)
            response = co_await anonymous.send(request, stop);
        co_return response;
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::Unavailable || error.kind() == ErrorKind::TimedOut)
            throw unreachable(arm, error);
        throw;
    }
}

Cloud cloud_of(const json& answer, const std::string& arm) {
    const auto& description = pick(answer, arm);
    if (!description.is_object()) throw not_arm(arm);
    const auto authentication = description.value("authentication", json::object());
    const auto suffixes = description.value("suffixes", json::object());
    if (!authentication.is_object() || !suffixes.is_object()) throw not_arm(arm);
    Cloud cloud;
    cloud.name = text_of(description, "name");
    cloud.arm = arm;
    cloud.authority = without_slash(text_of(authentication, "loginEndpoint"));
    if (!parse_url(cloud.authority)) throw not_arm(arm);
    // "common" would also let personal accounts in, which Azure Machine Learning cannot use.
    const auto tenant = text_of(authentication, "tenant");
    cloud.tenant = tenant.empty() || tenant == "common" ? "organizations" : tenant;
    // One without a name takes requests without tokens.
    const auto audience = arm_audience(authentication, arm);
    if (!audience.empty()) cloud.arm_scope = audience + "/.default";
    cloud.ml_scope = ml_audience(cloud.name) + "/.default";
    cloud.storage_suffix = text_of(suffixes, "storage");
    cloud.registry_host = registry_host(cloud.name);
    cloud.portal = without_slash(text_of(description, "portal"));
    return cloud;
}

}  // namespace

asio::awaitable<Cloud> discover_cloud(const Pipeline& anonymous,
                                      std::string arm_endpoint,
                                      std::stop_token stop) {
    const auto arm = without_slash(std::move(arm_endpoint));
    Request request;
    request.url = arm + "/metadata/endpoints?api-version=2022-09-01";
    request.headers.set("Accept", "application/json");
    request.operation = localize("find the services of Azure");
    request.timeout = std::chrono::seconds(20);
    const auto response = co_await ask(anonymous, std::move(request), arm, std::move(stop));
    if (response.status >= 500 || response.status == 429 || response.status == 408) {
        ErrorDetails details;
        details.http_status = response.status;
        throw Error(
            ErrorKind::Unavailable,
            localize("{} answered with HTTP status {}; try again later.", arm, response.status),
            details);
    }
    if (!succeeded(response)) throw not_arm(arm);
    if (is_cut_off(response)) {
        throw Error(ErrorKind::Unavailable,
                    localize("The answer of {} is cut off; try again later.", arm));
    }
    const auto answer = json::parse(body_without_mark(response), nullptr, false);
    if (answer.is_discarded()) throw not_arm(arm);
    co_return cloud_of(answer, arm);
}

Cloud public_cloud() {
    Cloud cloud;
    cloud.name = "AzureCloud";
    cloud.arm = "https://management.azure.com";
    cloud.authority = "https://login.microsoftonline.com";
    cloud.tenant = "organizations";
    cloud.arm_scope = "https://management.azure.com/.default";
    cloud.ml_scope = "https://ml.azure.com/.default";
    cloud.storage_suffix = "core.windows.net";
    cloud.registry_host = registry_host(cloud.name);
    cloud.portal = "https://portal.azure.com";
    return cloud;
}

TrustedHosts trusted_hosts(const Cloud& cloud) {
    TrustedHosts trusted;
    trusted.origins = {cloud.arm};
    trusted.domains = {"azureml.ms", "azureml.net", "ml.azure.cn", "ml.azure.us", "azureml.us"};
    trusted.storage_scope = storage_scope;
    trusted.storage_domain = "blob." + cloud.storage_suffix;
    const auto arm = parse_url(cloud.arm);
    trusted.loopback = arm && is_loopback(arm->host);
    return trusted;
}

}  // namespace aml::http
