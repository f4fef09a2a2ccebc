#pragma once

#include "core/blob_storage.hpp"
#include "core/context.hpp"
#include "core/scheduler.hpp"
#include "web/router.hpp"

#include <memory>

namespace aml::emulator {

/// Azure Resource Manager with the Machine Learning resource provider, in the shapes of 2025-12-01.
class Arm final {
public:
    Arm(Context& context, Router& router, Scheduler& scheduler, BlobStorage& blobs);
    ~Arm();

    /// Adds all its routes to the router.
    void add_routes();

    /// Fills a fresh state, applies the file of `--seed`, and takes up operations that a kill
    /// interrupted. Call it once, when every part exists. Throws: InvalidParams for a seed file
    /// that is wrong.
    void start();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace aml::emulator
