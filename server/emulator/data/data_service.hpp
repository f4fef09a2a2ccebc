#pragma once

#include "blob/blob_service.hpp"
#include "core/context.hpp"
#include "core/metric_store.hpp"
#include "core/scheduler.hpp"
#include "web/router.hpp"

#include <memory>

namespace aml::emulator {

/// The data plane: run history v1.0, metric v2.0, artifact v2.0, data v1.0 and MLflow REST 2.0.
class DataService final {
public:
    DataService(Context& context,
                Router& router,
                BlobService& blobs,
                MetricStore& metrics,
                Scheduler& scheduler);
    ~DataService();

    /// Adds all its routes to the router.
    void add_routes();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace aml::emulator
