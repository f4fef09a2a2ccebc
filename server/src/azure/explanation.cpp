#include "azure/explanation.hpp"

#include "azure/error_facts.hpp"
#include "http/headers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace aml::azure {
namespace {

using Explain = Explanation (*)(const ServiceError& error);

/// What to say about one code. A row with a function says more when the message has the facts.
struct Row {
    std::string_view code;
    std::string_view reason;
    std::string_view remedy;
    Explain explain = nullptr;
};

constexpr std::string_view sign_in = "sign in again";
constexpr std::string_view choose_size =
    "choose a VM size that the region offers to this subscription";
constexpr std::string_view choose_region = "choose another region";
constexpr std::string_view choose_name = "choose another name";
constexpr std::string_view more_quota =
    "choose fewer nodes or another VM size, or ask for more quota in the Azure portal (Quotas, "
    "Machine learning)";
constexpr std::string_view right_tenant =
    "check its id, and that you are signed in to the tenant it belongs to";
constexpr std::string_view later = "wait a moment and try again";
constexpr std::string_view submit_again = "submit again";
constexpr std::string_view refresh = "refresh, and choose one that exists";
constexpr std::string_view ask_owner = "ask the owner of the workspace";

Explanation lacks_permission(const ServiceError& error) {
    const auto facts = permission_facts(error.message);
    Explanation result;
    result.remedy =
        "ask an owner for a role that allows it, such as AzureML Data Scientist, and sign in again "
        "if you have just got one";
    result.reason = facts.action.empty()
                        ? std::string("you do not have the permission")
                        : fmt::format("you do not have the permission {} on {}",
                                      facts.action,
                                      facts.scope.empty() ? "the resource" : facts.scope);
    return result;
}

Explanation forbidden_by_policy(const ServiceError& error) {
    Explanation result;
    result.reason =
        error.policy.empty()
            ? std::string("a policy of your organisation forbids it")
            : fmt::format("the policy \"{}\" of your organisation forbids it", error.policy);
    result.remedy = "ask your Azure administrator what it allows, or for an exemption";
    return result;
}

Explanation not_registered(const ServiceError& error) {
    auto provider = quoted_after(error.message, "namespace");
    if (provider.empty()) provider = "Microsoft.MachineLearningServices";
    return {fmt::format("the subscription is not registered for {}", provider),
            fmt::format("register {} in the Azure portal (the subscription, Resource providers), "
                        "or ask its owner to",
                        provider)};
}

Explanation no_quota(const ServiceError& error) {
    const auto facts = quota_facts(error.message);
    Explanation result;
    result.remedy = more_quota;
    if (facts.limit.empty()) return result;
    result.reason = fmt::format("the quota{} is used up: {} of {} cores in use, {} more needed",
                                facts.region.empty() ? "" : " in " + facts.region,
                                facts.usage,
                                facts.limit,
                                facts.needed);
    return result;
}

Explanation does_not_exist(const ServiceError& error) {
    const auto facts = resource_facts(error.message);
    Explanation result;
    result.remedy = refresh;
    if (!facts.name.empty()) {
        result.reason = fmt::format("the {} {} does not exist in the resource group {}",
                                    facts.kind,
                                    facts.name,
                                    facts.group);
    }
    return result;
}

Explanation unknown_group(const ServiceError& error) {
    const auto group = quoted_after(error.message, "resource group");
    Explanation result;
    result.remedy = refresh;
    if (!group.empty()) result.reason = fmt::format("the resource group {} does not exist", group);
    return result;
}

Explanation unknown_subscription(const ServiceError& error) {
    auto id = quoted_after(error.message, "subscription");
    if (id.empty()) id = quoted_after(error.message, "subscription identifier");
    Explanation result;
    result.remedy = right_tenant;
    result.reason = id.empty() ? std::string("your sign-in sees no such subscription")
                               : fmt::format("your sign-in sees no subscription {}", id);
    return result;
}

// In alphabetical order.
constexpr std::array rows = {
    Row{"AccountIsDisabled", "the storage account is disabled", ask_owner},
    Row{"AllocationFailed",
        "the region has no such machines free right now",
        "try again later, or choose another VM size"},
    Row{"AlreadyExists", "", choose_name},
    Row{"AnotherOperationInProgress", "another change of it is under way", later},
    Row{"AuthorizationFailed", "", "", lacks_permission},
    Row{"AuthorizationFailure",
        "the firewall of the workspace's storage account does not admit this computer",
        "connect to a network that it admits, such as your organisation's VPN"},
    Row{"AuthorizationPermissionMismatch",
        "you do not have the permission on the workspace's storage account",
        "ask its owner for the role Storage Blob Data Contributor"},
    Row{"BlobAlreadyExists", "somebody else is uploading the same", submit_again},
    Row{"CancelPipelineRunInTerminalStatus", "the run has ended already", ""},
    Row{"ClusterCoreQuotaReached", "", "", no_quota},
    Row{"ClusterMinNodesExceedCoreQuota", "", "", no_quota},
    Row{"ConditionNotMet", "somebody else has changed it meanwhile", "refresh, and try again"},
    Row{"ContainerNotFound", "the place to upload to is gone", submit_again},
    Row{"CoreQuotaExceeded", "", "", no_quota},
    Row{"DisabledSubscription",
        "the subscription is disabled",
        "have its owner reactivate it in the Azure portal (Subscriptions)"},
    Row{"ExpiredAuthenticationToken",
        "the sign-in has expired",
        "sign in again, and check the clock of this computer if that does not help"},
    Row{"InsufficientAccountPermissions",
        "the upload address does not allow it",
        "ask the owner of the workspace's storage account"},
    Row{"InternalServerError", "the service has a problem", "try again in a few minutes"},
    Row{"InvalidApiVersionParameter",
        "this cloud does not offer the version of the interface that is needed",
        "report it with the diagnostics"},
    Row{"InvalidAuthenticationToken", "Azure does not accept the sign-in", sign_in},
    Row{"InvalidAuthenticationTokenAudience",
        "the sign-in is for another cloud",
        "check the setting azureml.armEndpoint, and sign in again"},
    Row{"InvalidAuthenticationTokenTenant",
        "you are signed in to another tenant than the subscription's",
        "sign in to the tenant it belongs to"},
    Row{"InvalidResourceName", "", choose_name},
    Row{"InvalidSubscriptionId", "", "", unknown_subscription},
    Row{"InvalidVMSize", "", choose_size},
    Row{"KeyBasedAuthenticationNotPermitted",
        "the workspace's storage account does not accept keys and shared links",
        "ask its owner to allow them, or for the role Storage Blob Data Contributor"},
    Row{"LinkedAuthorizationFailed", "", "", lacks_permission},
    Row{"LocationNotAvailableForResourceType", "the region does not offer it", choose_region},
    Row{"MissingSubscriptionRegistration", "", "", not_registered},
    Row{"NameNotAvailable", "", choose_name},
    Row{"NoRegisteredProviderFound",
        "the region does not offer it, or not in the version that is needed",
        choose_region},
    Row{"NotAvailableForSubscription", "", choose_size},
    Row{"OperationInProgress", "another change of it is under way", later},
    Row{"OperationTimedOut", "the service did not answer in time", later},
    Row{"OverconstrainedAllocationRequest",
        "the region has no such machines free right now",
        "try again later, or choose another VM size"},
    Row{"ParentResourceNotFound", "", "", does_not_exist},
    Row{"PERMISSION_DENIED", "", "", lacks_permission},
    Row{"PublicNetworkAccessDisabled",
        "the workspace can be reached from its private network only",
        "connect to that network, such as by VPN, and try again"},
    Row{"QuotaExceeded", "", "", no_quota},
    Row{"ReadOnlyDisabledSubscription",
        "the subscription is disabled, and what it holds can be read only",
        "have its owner reactivate it in the Azure portal (Subscriptions)"},
    Row{"REQUEST_LIMIT_EXCEEDED", "Azure limits the number of requests", later},
    Row{"RequestDisallowedByAzure",
        "Azure does not offer the region to this subscription",
        choose_region},
    Row{"RequestDisallowedByPolicy", "", "", forbidden_by_policy},
    Row{"RESOURCE_ALREADY_EXISTS", "", choose_name},
    Row{"ResourceCollectionRequestsThrottled", "Azure limits the number of requests", later},
    Row{"ResourceExists", "", choose_name},
    Row{"ResourceGroupNotFound", "", "", unknown_group},
    Row{"ResourceNameInUse", "", choose_name},
    Row{"ResourceNotFound", "", "", does_not_exist},
    Row{"ResourceRequestsThrottled", "Azure limits the number of requests", later},
    Row{"ScopeLocked",
        "a lock on the resource forbids changes",
        "ask its owner to remove the lock in the Azure portal"},
    Row{"ServerBusy", "the service is busy", later},
    Row{"ServiceUnavailable", "the service has a problem", "try again in a few minutes"},
    Row{"SkuNotAvailable", "", choose_size},
    Row{"StorageAccountAlreadyTaken", "", choose_name},
    Row{"SubscriptionNotFound", "", "", unknown_subscription},
    Row{"SubscriptionNotRegistered", "", "", not_registered},
    Row{"SubscriptionRequestsThrottled", "Azure limits the number of requests", later},
    Row{"TooManyRequests", "Azure limits the number of requests", later},
    Row{"TransientError", "the service has a passing problem", later},
    Row{"VMSizeNotSupported", "", choose_size},
    Row{"ZonalAllocationFailed",
        "the region has no such machines free right now",
        "try again later, or choose another VM size"},
};

/// For services that say in words what they have no code for.
struct Words {
    std::string_view words;
    /// The row that explains them.
    std::string_view code;
    /// HTTP status they count for; 0 for any.
    int status = 0;
};

constexpr std::array tell_tale = {
    Words{"private endpoint", "PublicNetworkAccessDisabled"},
    Words{"private link", "PublicNetworkAccessDisabled"},
    Words{"public network access", "PublicNetworkAccessDisabled"},
    Words{"publicnetworkaccess", "PublicNetworkAccessDisabled"},
    Words{"from a virtual network", "PublicNetworkAccessDisabled", 403},
    Words{"quota", "QuotaExceeded"},
    Words{"does not have authorization to perform action", "AuthorizationFailed"},
    Words{"not registered to use namespace", "MissingSubscriptionRegistration"},
    Words{"already exists", "AlreadyExists", 409},
    Words{"is already in use", "AlreadyExists", 409},
    Words{"disallowed by policy", "RequestDisallowedByPolicy"},
    Words{"vm size", "SkuNotAvailable", 400},
    Words{"vmsize", "SkuNotAvailable", 400},
};

const Row* row_of(std::string_view code) {
    const auto* found = std::find_if(
        rows.begin(), rows.end(), [code](const Row& row) { return http::iequals(row.code, code); });
    return found == rows.end() ? nullptr : found;
}

const Row* row_by_words(const ServiceError& error, int status) {
    const auto message = http::to_lower(error.message);
    for (const auto& [words, code, wanted] : tell_tale) {
        const bool counts = wanted == 0 || wanted == status;
        if (counts && message.find(words) != std::string::npos) return row_of(code);
    }
    return nullptr;
}

/// Both services say AuthenticationFailed: Azure Storage of an address that has run out, ARM of a
/// sign-in.
const Row* authentication_row(int status) {
    static constexpr Row upload{
        "AuthenticationFailed",
        "the address that Azure gave for it is not valid any more",
        "try again, and check the clock of this computer if that does not help"};
    static constexpr Row account{
        "AuthenticationFailed", "Azure does not accept the sign-in", sign_in};
    return status == 403 ? &upload : &account;
}

}  // namespace

std::optional<Explanation> explain(const ServiceError& error, int status) {
    const Row* row = row_of(error.inner_code);
    if (row == nullptr) row = row_of(error.code);
    // More is known of a general code when its message has the words.
    if (row == nullptr) row = row_by_words(error, status);
    if (row == nullptr && http::iequals(error.code, "AuthenticationFailed"))
        row = authentication_row(status);
    if (row == nullptr) return std::nullopt;
    if (row->explain != nullptr) return row->explain(error);
    return Explanation{std::string(row->reason), std::string(row->remedy)};
}

}  // namespace aml::azure
