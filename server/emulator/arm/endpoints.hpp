#pragma once

#include "arm/site.hpp"

namespace aml::emulator {

/// Online and batch endpoints and schedules: created and listed so that a tree can show them;
/// nothing is deployed. Source: OnlineEndpoints, BatchEndpoints, OnlineDeployments - List,
/// Schedules, 2025-12-01 and 2024-04-01.
class Endpoints final {
public:
    explicit Endpoints(Site& site)
        : site_(site) {}

    void add_routes();

private:
    void add_collection(const std::string& collection);
    Reply list(const Request& request, const std::string& collection);
    Reply get(const Request& request, const std::string& collection);
    Reply put(const Request& request, const std::string& collection);
    Reply remove(const Request& request, const std::string& collection);
    Reply operation_status(const Request& request);

    Site& site_;
};

}  // namespace aml::emulator
