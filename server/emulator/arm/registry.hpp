#pragma once

#include "arm/site.hpp"

namespace aml::emulator {

/// The public registry `azureml`, the home of curated environments; read-only.
/// Source: registry discovery v1.0 and the registry front end 2021-10-01-dataplanepreview.
class Registry final {
public:
    explicit Registry(Site& site)
        : site_(site) {}

    void add_routes();

private:
    Reply discover(const Request& request);
    Reply list(const Request& request);
    Reply get(const Request& request);
    Reply list_versions(const Request& request);
    Reply get_version(const Request& request);

    Site& site_;
};

}  // namespace aml::emulator
