#include "wizard/new_compute.hpp"

#include "support/wizard_world.hpp"

#include <doctest/doctest.h>

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
    ComputeWorld() {
        computes({compute_json("cpu")}).any_times();
        sizes().any_times();
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
    world.prompter.pick(size, "Standard_NC6s_v3");
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
