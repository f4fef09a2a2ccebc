#include "entra/scopes.hpp"

#include "core/tokens.hpp"

#include <algorithm>
#include <array>

namespace aml::emulator {

Scopes parse_scopes(std::string_view scope) {
    Scopes scopes;
    while (!scope.empty()) {
        const auto end = scope.find(' ');
        const auto item = scope.substr(0, end);
        scope.remove_prefix(end == std::string_view::npos ? scope.size() : end + 1);
        if (item == "openid") scopes.openid = true;
        if (item == "offline_access") scopes.offline_access = true;
        const auto slash = item.rfind('/');
        if (slash == std::string_view::npos) continue;
        const auto resource = item.substr(0, slash);
        if (!scopes.resource.empty() && scopes.resource != resource) scopes.ambiguous = true;
        scopes.resource = resource;
        scopes.permission = item.substr(slash + 1);
    }
    return scopes;
}

namespace {

/// azure-ai-ml makes Azure ML's audience of the end of the cloud's portal address: of
/// `https://127.0.0.1:8080` it takes `0.1:8080`.
bool is_own_ml_audience(std::string_view resource) {
    constexpr std::string_view start = "https://ml.azure.0.1:";
    if (!resource.starts_with(start)) return false;
    resource.remove_prefix(start.size());
    return !resource.empty() && std::all_of(resource.begin(), resource.end(), [](char c) {
        return c >= '0' && c <= '9';
    });
}

}  // namespace

bool is_known_resource(std::string_view resource) {
    while (resource.ends_with('/')) resource.remove_suffix(1);
    constexpr std::array<std::string_view, 9> known{"https://management.azure.com",
                                                    "https://management.core.windows.net",
                                                    "https://management.chinacloudapi.cn",
                                                    "https://management.usgovcloudapi.net",
                                                    "https://ml.azure.com",
                                                    "https://ml.azure.cn",
                                                    "https://ml.azure.us",
                                                    "https://storage.azure.com",
                                                    "https://graph.microsoft.com"};
    return std::find(known.begin(), known.end(), resource) != known.end() ||
           is_own_address(resource) || is_own_ml_audience(resource);
}

}  // namespace aml::emulator
