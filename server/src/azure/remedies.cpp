#include "azure/errors.hpp"
#include "http/headers.hpp"

#include <array>

namespace aml::azure {
namespace {

struct Remedy {
    std::string_view code;
    std::string_view text;
};

constexpr std::string_view role =
    "You need a role such as AzureML Data Scientist on the workspace; ask its owner for it.";
constexpr std::string_view sign_in = "Sign in again.";
constexpr std::string_view other_tenant =
    "Check the subscription, and that you are signed in to the tenant it belongs to.";
constexpr std::string_view quota =
    "Choose fewer nodes or another VM size, or ask for more quota in the Azure portal "
    "(Subscription, Usage + quotas).";
constexpr std::string_view private_network =
    "The workspace accepts connections from its private network only; connect to that network and "
    "try again.";
constexpr std::string_view later = "Wait a moment and try again.";
constexpr std::string_view api_version =
    "This cloud does not offer the API version in use; choose 2024-04-01 in the settings.";

constexpr std::array remedies = {
    Remedy{"AuthorizationFailed", role},
    Remedy{"LinkedAuthorizationFailed", role},
    Remedy{"Forbidden", role},
    Remedy{"RequestDisallowedByPolicy",
           "A policy of your organisation forbids this; ask your Azure administrator."},
    Remedy{"InvalidAuthenticationToken", sign_in},
    Remedy{"ExpiredAuthenticationToken", sign_in},
    Remedy{"InvalidAuthenticationTokenTenant", other_tenant},
    Remedy{"InvalidSubscriptionId", other_tenant},
    Remedy{"SubscriptionNotFound", other_tenant},
    Remedy{"ReadOnlyDisabledSubscription",
           "The subscription is disabled; check its billing in the Azure portal."},
    Remedy{"SubscriptionNotRegistered",
           "Register Microsoft.MachineLearningServices for the subscription first."},
    Remedy{"MissingSubscriptionRegistration",
           "Register the provider Microsoft.MachineLearningServices for the subscription in the "
           "Azure portal."},
    Remedy{"QuotaExceeded", quota},
    Remedy{"ClusterCoreQuotaReached", quota},
    Remedy{"ClusterMinNodesExceedCoreQuota", quota},
    Remedy{"SkuNotAvailable", "Choose a VM size that the region offers."},
    Remedy{"InvalidVmSize", "Choose a VM size that the region offers."},
    Remedy{"VMSizeNotSupported", "Choose a VM size that the region offers."},
    Remedy{"PublicNetworkAccessDisabled", private_network},
    Remedy{"SubscriptionRequestsThrottled", later},
    Remedy{"TooManyRequests", later},
    Remedy{"AnotherOperationInProgress", later},
    Remedy{"ServerBusy", later},
    Remedy{"InvalidApiVersionParameter", api_version},
    Remedy{"NoRegisteredProviderFound", api_version},
    Remedy{"AuthorizationPermissionMismatch",
           "You need the role Storage Blob Data Contributor on the workspace's storage account."},
    Remedy{"AuthorizationFailure",
           "The firewall of the storage account refuses this computer's network."},
    Remedy{"CancelPipelineRunInTerminalStatus", "The run has already ended."},
};

bool mentions(std::string_view text, std::string_view words) {
    return http::to_lower(text).find(words) != std::string::npos;
}

}  // namespace

std::string remedy_for(const ServiceError& error) {
    for (const auto* code : {&error.inner_code, &error.code}) {
        for (const auto& remedy : remedies) {
            if (http::iequals(remedy.code, *code)) return std::string(remedy.text);
        }
    }
    for (const auto* words :
         {"private endpoint", "private link", "public network access", "publicnetworkaccess"}) {
        if (mentions(error.message, words)) return std::string(private_network);
    }
    return mentions(error.message, "quota") ? std::string(quota) : std::string();
}

}  // namespace aml::azure
