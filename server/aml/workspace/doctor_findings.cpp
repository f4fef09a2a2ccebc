#include "workspace/doctor_findings.hpp"

#include "http/proxy.hpp"
#include "http/url.hpp"
#include "platform/environment.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace aml::workspace {
namespace {

constexpr std::string_view provider = "Microsoft.MachineLearningServices/workspaces/";

}  // namespace

std::string with_remedy(const std::string& message, std::string_view remedy) {
    // In every language that texts exist in.
    constexpr std::array<std::string_view, 7> advice{
        "; ", " Check ", " Ask ", "Sign in", " run ", "；", "请"};
    const bool advises = std::any_of(advice.begin(), advice.end(), [&](std::string_view word) {
        return message.find(word) != std::string::npos;
    });
    if (remedy.empty() || advises) return message;
    const bool ended = message.ends_with('.') || message.ends_with("。");
    return ended ? localize("{} {}", message, remedy) : localize("{}. {}", message, remedy);
}

std::string connection_text(const std::string& arm_endpoint, const http::ProxySettings& settings) {
    const auto url = http::parse_url(arm_endpoint);
    const auto proxy = url ? http::proxy_for(*url, settings, platform::variable) : std::nullopt;
    const auto encryption = url && url->scheme == "https"
                                ? localize("encrypted, and its certificate is trusted")
                                : localize("not encrypted, because it stays on this machine");
    return proxy ? localize("{}; through the proxy {}", encryption, proxy->address)
                 : localize("{}; no proxy", encryption);
}

std::string tenant_text(const DirectoryListing& listing,
                        const std::optional<auth::Account>& account) {
    std::vector<std::string> names;
    for (const auto& [id, name] : listing.tenant_names) names.push_back(name);
    if (!names.empty()) return fmt::format("{}", fmt::join(names, ", "));
    return account && !account->tenant.empty() ? account->tenant
                                               : localize("the identity's own").shown();
}

std::string problems_text(const std::vector<DirectoryProblem>& problems) {
    std::vector<std::string> texts;
    for (const auto& problem : problems)
        texts.push_back(localize("{}: {}", problem.tenant_name, problem.reason));
    return fmt::format("{}", fmt::join(texts, " "));
}

std::optional<std::string> subscriptions_text(const DirectoryListing& listing) {
    const auto readable =
        std::count_if(listing.subscriptions.begin(),
                      listing.subscriptions.end(),
                      [](const azure::Subscription& one) { return one.readable(); });
    if (readable == 0) return std::nullopt;
    const auto unusable = static_cast<std::ptrdiff_t>(listing.subscriptions.size()) - readable;
    const auto text =
        readable == 1 ? localize("1 subscription") : localize("{} subscriptions", readable);
    return unusable > 0 ? localize("{}, {} more switched off", text, unusable) : text;
}

std::optional<std::string> missing_permission(const std::vector<azure::Permission>& permissions) {
    for (const auto* action : {"codes/write", "environments/write", "jobs/write"}) {
        auto whole = std::string(provider) + action;
        if (!azure::allows(permissions, whole)) return whole;
    }
    return std::nullopt;
}

std::string host_of(const std::string& url) {
    const auto parsed = http::parse_url(url);
    return parsed ? parsed->host : url;
}

}  // namespace aml::workspace
