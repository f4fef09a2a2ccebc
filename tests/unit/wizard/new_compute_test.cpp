#include "wizard/new_compute.hpp"

#include "support/wizard_world.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace aml;
using nlohmann::json;

namespace {

constexpr const char* name = "Create new compute: name";
constexpr const char* size = "Create new compute: machine size";
constexpr const char* priority = "Create new compute: priority";
constexpr const char* fewest = "Create new compute: minimum nodes";
constexpr const char* most = "Create new compute: maximum nodes";
constexpr const char* idle = "Create new compute: idle time";

struct ComputeWorld : test::WizardWorld {
    explicit ComputeWorld(json details = workspace_json()) {
        http.expect_get(workspace().to_string() + "?" + version)
            .reply(200, std::move(details))
            .any_times();
        computes({compute_json("cpu")}).any_times();
        sizes().any_times();
        usages().any_times();
        test::run(loop, catalog.computes(workspace(), {}));
    }

    wizard::StepEnd create() {
        wizard::ComputeWorkshop workshop{catalog, prompter, workspace(), "eastus2"};
        const wizard::StepPlace place{.number = 3, .total = 5, .can_go_back = true};
        return test::run(loop, wizard::create_compute(workshop, draft, place, {}));
    }

    static std::string url(const std::string& compute) {
        return workspace().to_string() + "/computes/" + compute + "?" + version;
    }

    test::ExpectedCall& put(const std::string& compute) { return http.expect_put(url(compute)); }

    void exists(const std::string& compute) {
        http.expect_get(url(compute)).reply(200, compute_json(compute)).any_times();
    }

    void accept_from_priority() {
        prompter.pick(priority, "Dedicated");
        prompter.accept(fewest);
        prompter.accept(most);
        prompter.accept(idle);
    }

    wizard::NewCompute draft;
};

}  // namespace

TEST_CASE("a cluster is created with the defaults of the dialogue") {
    ComputeWorld world;
    world.prompter.accept(name);
    world.prompter.pick(size, "Standard_DS3_v2");
    world.accept_from_priority();
    world.put("cpu-cluster").reply(201, test::WizardWorld::compute_json("cpu-cluster"));
    world.exists("cpu-cluster");
    CHECK(world.create() == wizard::StepEnd::Next);
    CHECK(world.prompter.done());
    CHECK(world.draft.name == "cpu-cluster");
    json sent;
    for (const auto& request : world.http.requests()) {
        if (request.method == http::Method::Put) sent = json::parse(request.body.view());
    }
    CHECK(sent["location"] == "eastus2");
    CHECK(sent["properties"]["computeType"] == "AmlCompute");
    const auto cluster = sent["properties"]["properties"];
    CHECK(cluster["vmSize"] == "Standard_DS3_v2");
    CHECK(cluster["vmPriority"] == "Dedicated");
    CHECK(cluster["scaleSettings"] == json{{"minNodeCount", 0},
                                           {"maxNodeCount", 4},
                                           {"nodeIdleTimeBeforeScaleDown", "PT120S"}});
    // The size that is usual is focused, and described.
    const auto& rows = world.prompter.picks.front().items;
    CHECK(rows.at(0).label == "Often used");
    CHECK(rows.at(1).label == "Standard_DS3_v2");
    CHECK(rows.at(1).picked);
    CHECK(rows.at(1).description == "4 cores, 14 GB memory · $0.27 per hour");
    CHECK(rows.at(1).detail == "16 of 24 cores of the quota free");
    CHECK(world.prompter.progress_texts.front() == "Creating compute cpu-cluster");
}

TEST_CASE("names that are taken or impossible are refused while typing") {
    ComputeWorld world;
    world.prompter.enter(name, "CPU");
    world.prompter.enter(name, "1st");
    world.prompter.escape(name);
    CHECK(world.create() == wizard::StepEnd::Quit);
    REQUIRE(world.prompter.refused.size() == 2);
    CHECK(world.prompter.refused.front() == "The workspace already has a compute named cpu.");
}

TEST_CASE("numbers are checked, and the most nodes is at least the fewest") {
    ComputeWorld world;
    world.prompter.enter(name, "gpu-pool");
    world.prompter.pick(size, "Standard_E4s_v3");
    // Not offered as spot, so that there is no question of priority.
    world.prompter.enter(fewest, "two");
    world.prompter.enter(fewest, "6");
    // What stays on costs, and is asked about.
    world.prompter.press("about $1183 a month", "");
    world.prompter.accept(fewest);
    world.prompter.press("6 nodes stay on, also when nothing runs", "Keep them on");
    world.prompter.enter(most, "5");
    world.prompter.accept(most);
    world.prompter.enter(idle, "5");
    world.prompter.back(idle);
    world.prompter.back(most);
    world.prompter.back(fewest);
    world.prompter.back(size);
    world.prompter.back(name);
    CHECK(world.create() == wizard::StepEnd::Back);
    CHECK(world.prompter.refused.size() == 3);
    CHECK(world.draft.spec.min_nodes == 6);
    CHECK(world.draft.spec.max_nodes == 6);
    CHECK(world.draft.name == "gpu-pool");
}

TEST_CASE("a refusal such as quota is shown and leads back with every answer kept") {
    ComputeWorld world;
    world.prompter.enter(name, "gpu-pool");
    world.prompter.pick(size, "Standard_NC4as_T4_v3");
    world.prompter.accept(fewest);
    world.prompter.enter(most, "8");
    world.prompter.accept(idle);
    const json refusal{{"error",
                        {{"code", "ClusterCoreQuotaReached"},
                         {"message", "You have no quota for this machine size."}}}};
    world.put("gpu-pool").reply(400, refusal);
    world.prompter.pick(size, "Standard_DS3_v2");
    world.prompter.pick(priority, "Spot (low priority)");
    world.prompter.accept(fewest);
    world.prompter.accept(most);
    world.prompter.accept(idle);
    world.put("gpu-pool").reply(201, test::WizardWorld::compute_json("gpu-pool"));
    world.exists("gpu-pool");
    CHECK(world.create() == wizard::StepEnd::Next);
    CHECK(world.prompter.done());
    REQUIRE(world.prompter.messages.size() == 1);
    CHECK(world.prompter.messages.front().text.find("no quota") != std::string::npos);
    CHECK(world.draft.spec.max_nodes == 8);
    CHECK(world.draft.spec.low_priority);
}

TEST_CASE("waiting for a cluster can be given up") {
    ComputeWorld world;
    world.prompter.accept(name);
    world.prompter.pick(size, "Standard_DS3_v2");
    world.accept_from_priority();
    world.prompter.cancel_progress.request_stop();
    world.prompter.escape(size);
    CHECK(world.create() == wizard::StepEnd::Quit);
    REQUIRE(world.prompter.messages.size() == 1);
    CHECK(world.prompter.messages.front().text ==
          "Stopped waiting for cpu-cluster. Azure may go on creating it.");
}

TEST_CASE("a cluster in a locked workspace gets the network and identity of one that is there") {
    test::WizardWorld world;
    const std::string subnet =
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v1/subnets/"
        "default";
    const std::string identity =
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/"
        "userAssignedIdentities/reader";
    auto locked = test::WizardWorld::compute_json("locked");
    locked["identity"] = {{"type", "UserAssigned"},
                          {"userAssignedIdentities", {{identity, {{"clientId", "c"}}}}}};
    locked["properties"]["properties"]["subnet"] = {{"id", subnet}};
    locked["properties"]["properties"]["enableNodePublicIp"] = false;
    world.computes({test::WizardWorld::compute_json("cpu"), locked}).any_times();
    world.sizes().any_times();
    world.usages().any_times();
    auto details = test::WizardWorld::workspace_json();
    details["properties"]["managedNetwork"] = {{"isolationMode", "AllowInternetOutbound"}};
    world.http.expect_get(world.workspace().to_string() + "?" + world.version)
        .reply(200, details)
        .any_times();
    test::run(world.loop, world.catalog.computes(world.workspace(), {}));
    world.prompter.accept(name);
    world.prompter.pick(size, "Standard_DS3_v2");
    world.prompter.pick(priority, "Dedicated");
    world.prompter.accept(fewest);
    world.prompter.accept(most);
    world.prompter.accept(idle);
    world.prompter.pick("Create new compute: network", "As locked has it");
    const auto url = world.workspace().to_string() + "/computes/cpu-cluster?" + world.version;
    auto creating = test::WizardWorld::compute_json("cpu-cluster");
    creating["properties"]["provisioningState"] = "Creating";
    world.http.expect_put(url).reply(201, creating);
    world.http.expect_get(url).reply(200, creating);
    world.http.expect_get(url)
        .reply(200, test::WizardWorld::compute_json("cpu-cluster"))
        .any_times();
    wizard::NewCompute draft;
    wizard::ComputeWorkshop workshop{world.catalog, world.prompter, world.workspace(), "eastus2"};
    const wizard::StepPlace place{.number = 3, .total = 5, .can_go_back = true};
    CHECK(test::run(world.loop, wizard::create_compute(workshop, draft, place, {})) ==
          wizard::StepEnd::Next);
    const auto& rows = world.prompter.picks.back().items;
    CHECK(rows.at(0).picked);
    CHECK(rows.at(0).detail == "subnet default of v1 · no public address · identity reader");
    json sent;
    for (const auto& request : world.http.requests()) {
        if (request.method == http::Method::Put) sent = json::parse(request.body.view());
    }
    CHECK(sent["properties"]["properties"]["subnet"]["id"] == subnet);
    CHECK(sent["properties"]["properties"]["enableNodePublicIp"] == false);
    CHECK(sent["identity"]["type"] == "UserAssigned");
    CHECK(sent["identity"]["userAssignedIdentities"] == json{{identity, json::object()}});
    CHECK(std::any_of(world.prompter.progress_texts.begin(),
                      world.prompter.progress_texts.end(),
                      [](const std::string& text) {
                          return text.find("takes about half an hour") != std::string::npos;
                      }));
}

TEST_CASE("a cluster without an identity is warned of where storage lets identities in only") {
    auto details = test::WizardWorld::workspace_json();
    details["properties"]["systemDatastoresAuthMode"] = "Identity";
    ComputeWorld world(details);
    world.prompter.accept(name);
    world.prompter.pick(size, "Standard_DS3_v2");
    world.accept_from_priority();
    world.put("cpu-cluster").reply(201, test::WizardWorld::compute_json("cpu-cluster"));
    world.exists("cpu-cluster");
    CHECK(world.create() == wizard::StepEnd::Next);
    REQUIRE(world.prompter.messages.size() == 1);
    CHECK(world.prompter.messages.front().kind == ui::MessageKind::Warning);
    CHECK(world.prompter.messages.front().text.find("cpu-cluster has none of its own") !=
          std::string::npos);
}
