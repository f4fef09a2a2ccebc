#include "arm/permissions.hpp"

namespace aml::emulator {

void Permissions::add_routes() {
    static const ApiVersions versions{"Microsoft.Authorization",
                                      {"2018-07-01", "2022-04-01", "2022-05-01-preview"}};
    RouteTable table(site_.router, versions);
    table.add("GET",
              std::string(workspace_path) + "/providers/Microsoft.Authorization/permissions",
              [this](const Request& request) {
                  require_workspace(site_, request);
                  const json owner{{"actions", json::array({"*"})},
                                   {"notActions", json::array()},
                                   {"dataActions", json::array()},
                                   {"notDataActions", json::array()}};
                  return page_reply(request, {owner}, std::nullopt);
              });
}

}  // namespace aml::emulator
