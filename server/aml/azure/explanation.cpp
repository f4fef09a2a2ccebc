#include "azure/explanation.hpp"

#include "azure/error_facts.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace aml::azure {
namespace {

using Explain = Explanation (*)(const ServiceError& error);

/// What to say about one code. A row with a function says more when the message has the facts.
struct Row {
    std::string_view code;
    Localizable reason;
    Localizable remedy;
    Explain explain = nullptr;
};

constexpr auto sign_in = Localizable("sign in again");
constexpr auto choose_size =
    Localizable("choose a VM size that the region offers to this subscription");
constexpr auto choose_region = Localizable("choose another region");
constexpr auto choose_name = Localizable("choose another name");
constexpr auto more_quota = Localizable(
    "choose fewer nodes or another VM size, or ask for more quota in the Azure portal (Quotas, "
    "Machine learning)");
constexpr auto right_tenant =
    Localizable("check its id, and that you are signed in to the tenant it belongs to");
constexpr auto later = Localizable("wait a moment and try again");
constexpr auto submit_again = Localizable("submit again");
constexpr auto refresh = Localizable("refresh, and choose one that exists");
constexpr auto ask_owner = Localizable("ask the owner of the workspace");

Explanation lacks_permission(const ServiceError& error) {
    const auto facts = permission_facts(error.message);
    Explanation result;
    result.remedy = localize(
        "ask an owner for a role that allows it, such as AzureML Data Scientist, and sign in again "
        "if you have just got one");
    result.reason =
        facts.action.empty()
            ? localize("you do not have the permission")
            : localize("you do not have the permission {} on {}",
                       facts.action,
                       facts.scope.empty() ? localize("the resource").shown() : facts.scope);
    return result;
}

Explanation forbidden_by_policy(const ServiceError& error) {
    Explanation result;
    result.reason =
        error.policy.empty()
            ? localize("a policy of your organisation forbids it")
            : localize("the policy \"{}\" of your organisation forbids it", error.policy);
    result.remedy = localize("ask your Azure administrator what it allows, or for an exemption");
    return result;
}

Explanation not_registered(const ServiceError& error) {
    auto provider = quoted_after(error.message, "namespace");
    if (provider.empty()) provider = "Microsoft.MachineLearningServices";
    return {localize("the subscription is not registered for {}", provider),
            localize("register {} in the Azure portal (the subscription, Resource providers), "
                     "or ask its owner to",
                     provider)};
}

Explanation no_quota(const ServiceError& error) {
    const auto facts = quota_facts(error.message);
    Explanation result;
    result.remedy = localize(more_quota);
    if (facts.limit.empty()) return result;
    result.reason = localize(
        "{} is used up: {} of {} cores in use, {} more needed",
        facts.region.empty() ? localize("the quota") : localize("the quota in {}", facts.region),
        facts.usage,
        facts.limit,
        facts.needed);
    return result;
}

Explanation does_not_exist(const ServiceError& error) {
    const auto facts = resource_facts(error.message);
    Explanation result;
    result.remedy = localize(refresh);
    if (!facts.name.empty()) {
        result.reason = localize("the {} {} does not exist in the resource group {}",
                                 facts.kind,
                                 facts.name,
                                 facts.group);
    }
    return result;
}

Explanation unknown_group(const ServiceError& error) {
    const auto group = quoted_after(error.message, "resource group");
    Explanation result;
    result.remedy = localize(refresh);
    if (!group.empty()) result.reason = localize("the resource group {} does not exist", group);
    return result;
}

Explanation unknown_subscription(const ServiceError& error) {
    auto id = quoted_after(error.message, "subscription");
    if (id.empty()) id = quoted_after(error.message, "subscription identifier");
    Explanation result;
    result.remedy = localize(right_tenant);
    result.reason = id.empty() ? localize("your sign-in sees no such subscription")
                               : localize("your sign-in sees no subscription {}", id);
    return result;
}

// In alphabetical order.
constexpr std::array rows = {
    Row{"AccountIsDisabled", Localizable("the storage account is disabled"), ask_owner},
    Row{"AllocationFailed",
        Localizable("the region has no such machines free right now"),
        Localizable("try again later, or choose another VM size")},
    Row{"AlreadyExists", {}, choose_name},
    Row{"AnotherOperationInProgress", Localizable("another change of it is under way"), later},
    Row{"AuthorizationFailed", {}, {}, lacks_permission},
    Row{"AuthorizationFailure",
        Localizable("the firewall of the workspace's storage account does not admit this computer"),
        Localizable("connect to a network that it admits, such as your organisation's VPN")},
    Row{"AuthorizationPermissionMismatch",
        Localizable("you do not have the permission on the workspace's storage account"),
        Localizable("ask its owner for the role Storage Blob Data Contributor")},
    Row{"BlobAlreadyExists", Localizable("somebody else is uploading the same"), submit_again},
    Row{"CancelPipelineRunInTerminalStatus", Localizable("the run has ended already"), {}},
    Row{"ClusterCoreQuotaReached", {}, {}, no_quota},
    Row{"ClusterMinNodesExceedCoreQuota", {}, {}, no_quota},
    Row{"ConditionNotMet",
        Localizable("somebody else has changed it meanwhile"),
        Localizable("refresh, and try again")},
    Row{"ContainerNotFound", Localizable("the place to upload to is gone"), submit_again},
    Row{"CoreQuotaExceeded", {}, {}, no_quota},
    Row{"DeploymentActive", Localizable("another change of it is under way"), later},
    Row{"DisabledSubscription",
        Localizable("the subscription is disabled"),
        Localizable("have its owner reactivate it in the Azure portal (Subscriptions)")},
    Row{"ExpiredAuthenticationToken",
        Localizable("the sign-in has expired"),
        Localizable("sign in again, and check the clock of this computer if that does not help")},
    Row{"InsufficientAccountPermissions",
        Localizable("the upload address does not allow it"),
        Localizable("ask the owner of the workspace's storage account")},
    Row{"InternalServerError",
        Localizable("the service has a problem"),
        Localizable("try again in a few minutes")},
    Row{"InvalidApiVersionParameter",
        Localizable("this cloud does not offer the version of the interface that is needed"),
        Localizable("report it with the diagnostics")},
    Row{"InvalidAuthenticationToken", Localizable("Azure does not accept the sign-in"), sign_in},
    Row{"InvalidAuthenticationTokenAudience",
        Localizable("the sign-in is for another cloud"),
        Localizable(
            "check the setting azureml.armEndpoint or AZUREML_ARM_ENDPOINT, and sign in again")},
    Row{"InvalidAuthenticationTokenTenant",
        Localizable("you are signed in to another tenant than the subscription's"),
        Localizable("sign in to the tenant it belongs to")},
    Row{"InvalidResourceName", {}, choose_name},
    Row{"InvalidSubscriptionId", {}, {}, unknown_subscription},
    Row{"InvalidVMSize", {}, choose_size},
    Row{"JobPropertyImmutable",
        Localizable("there is a run of this name already, and a name is used once"),
        Localizable("choose another name, or none to get a new one each time")},
    Row{"KeyBasedAuthenticationNotPermitted",
        Localizable("the workspace's storage account does not accept keys and shared links"),
        Localizable("ask its owner to allow them, or for the role Storage Blob Data Contributor")},
    Row{"LinkedAuthorizationFailed", {}, {}, lacks_permission},
    Row{"LocationNotAvailableForResourceGroup",
        Localizable("the region does not offer it"),
        choose_region},
    Row{"LocationNotAvailableForResourceType",
        Localizable("the region does not offer it"),
        choose_region},
    Row{"MissingSubscriptionRegistration", {}, {}, not_registered},
    Row{"NameNotAvailable", {}, choose_name},
    Row{"NoRegisteredProviderFound",
        Localizable("the region does not offer it, or not in the version that is needed"),
        choose_region},
    Row{"NotAvailableForSubscription", {}, choose_size},
    Row{"OperationInProgress", Localizable("another change of it is under way"), later},
    Row{"OperationTimedOut", Localizable("the service did not answer in time"), later},
    Row{"OverconstrainedAllocationRequest",
        Localizable("the region has no such machines free right now"),
        Localizable("try again later, or choose another VM size")},
    Row{"ParentResourceNotFound", {}, {}, does_not_exist},
    Row{"PERMISSION_DENIED", {}, {}, lacks_permission},
    Row{"PublicNetworkAccessDisabled",
        Localizable("the workspace can be reached from its private network only"),
        Localizable("connect to that network, such as by VPN, and try again")},
    Row{"QuotaExceeded", {}, {}, no_quota},
    Row{"ReadOnlyDisabledSubscription",
        Localizable("the subscription is disabled, and what it holds can be read only"),
        Localizable("have its owner reactivate it in the Azure portal (Subscriptions)")},
    Row{"REQUEST_LIMIT_EXCEEDED", Localizable("Azure limits the number of requests"), later},
    Row{"RequestDisallowedByAzure",
        Localizable("Azure does not offer the region to this subscription"),
        choose_region},
    Row{"RequestDisallowedByPolicy", {}, {}, forbidden_by_policy},
    Row{"RESOURCE_ALREADY_EXISTS", {}, choose_name},
    Row{"ResourceCollectionRequestsThrottled",
        Localizable("Azure limits the number of requests"),
        later},
    Row{"ResourceExists", {}, choose_name},
    Row{"ResourceGroupNotFound", {}, {}, unknown_group},
    Row{"ResourceNameInUse", {}, choose_name},
    Row{"ResourceNotFound", {}, {}, does_not_exist},
    Row{"ResourceRequestsThrottled", Localizable("Azure limits the number of requests"), later},
    Row{"ScopeLocked",
        Localizable("a lock on the resource forbids changes"),
        Localizable("ask its owner to remove the lock in the Azure portal")},
    Row{"ServerBusy", Localizable("the service is busy"), later},
    Row{"ServiceUnavailable",
        Localizable("the service has a problem"),
        Localizable("try again in a few minutes")},
    Row{"SkuNotAvailable", {}, choose_size},
    // Ours: the service has words for it only.
    Row{"SoftDeletedWorkspace",
        Localizable("a workspace of this name was deleted, and Azure keeps it for 14 days"),
        Localizable("choose another name, or recover or purge the deleted one in the Azure portal "
                    "(Azure Machine Learning, Recently deleted)")},
    Row{"StorageAccountAlreadyTaken", {}, choose_name},
    Row{"SubscriptionNotFound", {}, {}, unknown_subscription},
    Row{"SubscriptionNotRegistered", {}, {}, not_registered},
    Row{"SubscriptionRequestsThrottled", Localizable("Azure limits the number of requests"), later},
    Row{"TasksOperationsNotAllowed",
        Localizable("the subscription may not build images, as is usual with free credit"),
        Localizable("choose a curated environment, which is built already")},
    Row{"TooManyRequests", Localizable("Azure limits the number of requests"), later},
    Row{"TransientError", Localizable("the service has a passing problem"), later},
    Row{"VMSizeNotSupported", {}, choose_size},
    Row{"ZonalAllocationFailed",
        Localizable("the region has no such machines free right now"),
        Localizable("try again later, or choose another VM size")},
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
    Words{"soft-deleted workspace", "SoftDeletedWorkspace"},
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
        rows.begin(), rows.end(), [code](const Row& row) { return same_name(row.code, code); });
    return found == rows.end() ? nullptr : found;
}

const Row* row_by_words(const ServiceError& error, int status) {
    const auto message = lower(error.message);
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
        Localizable("the address that Azure gave for it is not valid any more"),
        Localizable("try again, and check the clock of this computer if that does not help")};
    static constexpr Row account{
        "AuthenticationFailed", Localizable("Azure does not accept the sign-in"), sign_in};
    return status == 403 ? &upload : &account;
}

}  // namespace

std::optional<Explanation> explain(const ServiceError& error, int status) {
    const Row* row = row_of(error.inner_code);
    if (row == nullptr) row = row_of(error.code);
    // More is known of a general code when its message has the words.
    if (row == nullptr) row = row_by_words(error, status);
    if (row == nullptr && same_name(error.code, "AuthenticationFailed"))
        row = authentication_row(status);
    if (row == nullptr) return std::nullopt;
    if (row->explain != nullptr) return row->explain(error);
    return Explanation{localize(row->reason), localize(row->remedy)};
}

}  // namespace aml::azure
