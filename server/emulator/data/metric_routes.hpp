#pragma once

#include "core/context.hpp"
#include "core/metric_store.hpp"
#include "data/data_routes.hpp"

#include <string_view>

namespace aml::emulator {

/// A value of a metric as JSON: NaN and infinities as texts, which JSON numbers cannot be.
json metric_number(double value);
/// Reads a JSON number, or one of the texts NaN, Infinity, -Infinity; absent for anything else.
std::optional<double> read_metric_number(const json& value);

/// Metric service v2.0, as azure-ai-ml, MLflow's plug-in and the studio call it.
class MetricRoutes final {
public:
    MetricRoutes(Context& context, Router& router, MetricStore& metrics);

    void add_routes();

private:
    Run run_of(const Workspace& workspace, const Request& request) const;
    Reply last_values(const Run& run);
    Reply list(const Run& run);
    Reply full(const Run& run, const Request& request);
    Reply sample(const Run& run, const Request& request);
    Reply batch(const Run& run, const Request& request);

    Context& context_;
    MetricStore& metrics_;
    DataRoutes routes_;
};

}  // namespace aml::emulator
