#pragma once

#include "arm/site.hpp"

namespace aml::emulator {

/// What the caller may do with a workspace: everything, as its owner. Source: Permissions - List
/// For Resource, Microsoft.Authorization 2022-04-01.
class Permissions final {
public:
    explicit Permissions(Site& site)
        : site_(site) {}

    void add_routes();

private:
    Site& site_;
};

}  // namespace aml::emulator
