#pragma once

#include "arm/job_validation.hpp"
#include "arm/site.hpp"

namespace aml::emulator {

/// Jobs as resources; the runs behind them are in RunStore, what happens to them is the
/// scheduler's. Source: Jobs, 2025-12-01.
class Jobs final {
public:
    explicit Jobs(Site& site)
        : site_(site) {}

    void add_routes();

private:
    Reply list(const Request& request);
    Reply get(const Request& request);
    Reply put(const Request& request);
    Reply cancel(const Request& request);
    Reply remove(const Request& request);
    Reply operation_result(const Request& request);

    Run require(const Workspace& workspace, const Request& request);
    Run create(const Workspace& workspace, const Request& request, const JobSpec& spec);
    void update(Run& run, const Request& request, const JobSpec& spec);
    json show(const Workspace& workspace, const Request& request, const Run& run);
    json services(const Workspace& workspace, const Request& request, const Run& run) const;

    Site& site_;
};

}  // namespace aml::emulator
