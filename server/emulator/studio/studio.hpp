#pragma once

#include "blob/blob_service.hpp"
#include "core/context.hpp"
#include "core/metric_store.hpp"
#include "web/router.hpp"

#include <memory>

namespace aml::emulator {

/// The web pages behind `studioUrl`: workspaces and experiments, runs of an experiment, one run.
/// The addresses are those of ml.azure.com.
class Studio final {
public:
    Studio(Context& context, Router& router, BlobService& blobs, MetricStore& metrics);
    ~Studio();

    /// Adds all its routes to the router.
    void add_routes();

private:
    struct Pages;
    Router& router_;
    std::unique_ptr<Pages> pages_;
};

}  // namespace aml::emulator
