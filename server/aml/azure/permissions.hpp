#pragma once

#include "azure/client.hpp"

#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace aml::azure {

/// What one role assignment lets its holder do; patterns in which "*" is any text.
struct Permission {
    std::vector<std::string> actions{};
    std::vector<std::string> not_actions{};
};

namespace permissions {
/// What the signed-in identity may do with a resource. Source: Permissions - List For Resource,
/// 2022-04-01.
asio::awaitable<std::vector<Permission>> list(Client& client,
                                              ResourceId resource,
                                              std::stop_token stop);
}  // namespace permissions

/// Whether one of the permissions allows `action`, e.g.
/// "Microsoft.MachineLearningServices/workspaces/jobs/write". Without regard to case.
bool allows(const std::vector<Permission>& permissions, std::string_view action);

}  // namespace aml::azure
