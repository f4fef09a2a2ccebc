#pragma once

#include "arm/site.hpp"

namespace aml::emulator {

/// The parts of Azure Resource Manager that belong to no provider: cloud metadata, tenants,
/// subscriptions, locations, resource groups, provider registration, the list of resources. Source:
/// Microsoft.Resources subscriptions 2022-12-01 and resources 2021-04-01; /metadata/endpoints
/// 2022-09-01.
class Subscriptions final {
public:
    explicit Subscriptions(Site& site)
        : site_(site) {}

    void add_routes();

private:
    Reply cloud_metadata(const Request& request);
    Reply tenants(const Request& request);
    Reply list(const Request& request);
    Reply get(const Request& request);
    Reply locations(const Request& request);
    Reply providers(const Request& request);
    Reply provider(const Request& request);
    Reply list_groups(const Request& request);
    Reply get_group(const Request& request);
    Reply put_group(const Request& request);
    Reply delete_group(const Request& request);
    Reply list_resources(const Request& request);

    Site& site_;
};

}  // namespace aml::emulator
