// Workspaces, resource groups and computes: made, changed and deleted by our client in the
// emulator.

#include "azure/computes.hpp"
#include "azure/subscriptions.hpp"
#include "azure/workspaces.hpp"
#include "integration/fixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace aml;
using test::LiveFixture;

TEST_CASE_FIXTURE(LiveFixture, "a workspace is created in a new group, and deleted") {
    const auto regions = run(azure::regions::list(*client, subscription, {}));
    CHECK(std::find(regions.begin(), regions.end(), "West Europe") != regions.end());
    CHECK_FALSE(run(azure::resource_groups::find(*client, subscription, "it-group", {})));
    run(azure::resource_groups::create(*client, subscription, "it-group", "westeurope", {}));
    CHECK(run(azure::resource_groups::find(*client, subscription, "it-group", {}))->location ==
          "westeurope");
    const auto id = azure::ResourceId::workspace(subscription, "it-group", "it-workspace");
    CHECK_FALSE(run(azure::workspaces::find(*client, id, {})));
    const azure::WorkspaceSpec spec{.location = "westeurope", .suffix = "0a1b2c3d"};
    const auto made = run(azure::workspaces::create(*client, id, spec, {}, {}));
    CHECK(made.provisioning_state == "Succeeded");
    CHECK(made.location == "westeurope");
    CHECK(made.storage_account.ends_with("/storageAccounts/itworkspstorage0a1b2c3d"));
    run(azure::workspaces::remove(*client, id, azure::Deletion::Recoverable, {}, {}));
    CHECK_FALSE(run(azure::workspaces::find(*client, id, {})));
    const auto impossible = azure::ResourceId::workspace(subscription, "it-group", "x");
    const auto error = failure(azure::workspaces::create(*client, impossible, spec, {}, {}));
    CHECK(error.message().find("Workspace name 'x' is invalid") != std::string::npos);
}

TEST_CASE_FIXTURE(LiveFixture, "a cluster is scaled, and an instance is stopped and started") {
    const auto location = run(azure::workspaces::get(*client, workspace, {})).location;
    const auto cluster = workspace.child("computes", "it-scaled");
    azure::AmlComputeSpec spec;
    spec.location = location;
    run(azure::computes::create_or_update(*client, cluster, spec, {}, {}));
    const azure::ScaleSpec wanted{0, 7, std::chrono::seconds(90)};
    const auto scaled = run(azure::computes::scale(*client, cluster, wanted, {}, {}));
    CHECK(scaled.max_nodes == 7);
    CHECK(scaled.idle_time == std::chrono::seconds(90));
    CHECK(failure(azure::computes::power(*client, cluster, azure::PowerAction::Stop, {}, {}))
              .kind() == ErrorKind::Rejected);
    const auto instance = workspace.child("computes", "it-instance");
    azure::ComputeInstanceSpec machine;
    machine.location = location;
    machine.idle_time = std::chrono::minutes(60);
    const auto created = run(azure::computes::create_instance(*client, instance, machine, {}, {}));
    CHECK(created.instance_state == "Running");
    CHECK(created.idle_time == std::chrono::minutes(60));
    const auto after = [&](azure::PowerAction action) {
        return run(azure::computes::power(*client, instance, action, {}, {})).instance_state;
    };
    CHECK(after(azure::PowerAction::Stop) == "Stopped");
    CHECK(after(azure::PowerAction::Start) == "Running");
    CHECK(after(azure::PowerAction::Restart) == "Running");
    run(azure::computes::remove(*client, instance, {}, {}));
    run(azure::computes::remove(*client, cluster, {}, {}));
}
