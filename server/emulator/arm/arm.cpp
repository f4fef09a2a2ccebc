#include "arm/arm.hpp"

#include "arm/assets.hpp"
#include "arm/computes.hpp"
#include "arm/deployments.hpp"
#include "arm/endpoints.hpp"
#include "arm/jobs.hpp"
#include "arm/registry.hpp"
#include "arm/seed.hpp"
#include "arm/site.hpp"
#include "arm/storage.hpp"
#include "arm/subscriptions.hpp"
#include "arm/vm_sizes.hpp"
#include "arm/workspaces.hpp"

namespace aml::emulator {

struct Arm::Parts {
    Parts(Context& context, Router& router, Scheduler& scheduler, BlobStorage& blobs)
        : directory(context.store),
          operations(context),
          provider_resources(context.store),
          site{context, router, directory, operations, scheduler, blobs, provider_resources} {
        for (auto& kind : asset_kinds()) assets.emplace_back(site, std::move(kind));
    }

    Directory directory;
    Operations operations;
    ProviderResources provider_resources;
    Site site;
    Subscriptions subscriptions{site};
    Workspaces workspaces{site};
    Deployments deployments{site};
    Capacity capacity{site};
    Computes computes{site};
    StorageRoutes storage{site};
    // Handlers point into it: filled once, before any route is added.
    std::vector<Assets> assets;
    Jobs jobs{site};
    Endpoints endpoints{site};
    Registry registry{site};
};

Arm::Arm(Context& context, Router& router, Scheduler& scheduler, BlobStorage& blobs)
    : parts_(std::make_unique<Parts>(context, router, scheduler, blobs)) {}

Arm::~Arm() = default;

void Arm::add_routes() {
    parts_->subscriptions.add_routes();
    parts_->workspaces.add_routes();
    parts_->deployments.add_routes();
    parts_->capacity.add_routes();
    parts_->computes.add_routes();
    parts_->storage.add_routes();
    for (auto& assets : parts_->assets) assets.add_routes();
    parts_->jobs.add_routes();
    parts_->endpoints.add_routes();
    parts_->registry.add_routes();
}

void Arm::start() {
    seed(parts_->site);
    parts_->operations.resume();
}

}  // namespace aml::emulator
