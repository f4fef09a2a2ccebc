#include "workspace/compute_cost.hpp"
#include "workspace/removal.hpp"

#include <doctest/doctest.h>

using namespace aml;

namespace {

azure::VmSize ds3() {
    azure::VmSize size{.name = "Standard_DS3_v2", .family = "standardDSv2Family", .cores = 4};
    size.prices.push_back({0.293, "USD", "Linux", "Standard"});
    size.prices.push_back({0.06, "EUR", "Linux", "LowPriority"});
    return size;
}

std::vector<azure::Usage> used(std::int64_t current, std::int64_t limit) {
    azure::Usage usage{.name = "Standard DSv2 Family Cluster Dedicated vCPUs"};
    usage.current = current;
    usage.limit = limit;
    return {usage};
}

}  // namespace

TEST_CASE("nodes that stay on are said to cost a month of hours") {
    const auto size = ds3();
    CHECK(workspace::describe_month(size, false, 2) == "$428");
    CHECK(workspace::describe_month(size, true, 1) == "44 EUR");
    CHECK_FALSE(workspace::standing_cost(&size, false, 0));
    CHECK(workspace::standing_cost(&size, false, 1) ==
          "1 node stays on, also when nothing runs: about $214 a month.");
    CHECK(workspace::standing_cost(nullptr, false, 3) ==
          "3 nodes stay on and are paid for, also when nothing runs.");
}

TEST_CASE("what the quota leaves is told in machines") {
    const auto size = ds3();
    const auto room = workspace::room_for(size, used(8, 24));
    REQUIRE(room);
    CHECK(room->free == 16);
    CHECK(room->machines == 4);
    CHECK_FALSE(workspace::lacking_quota(size, used(8, 24), 4));
    CHECK(workspace::lacking_quota(size, used(8, 24), 5) ==
          "The quota holds 4 of 5 machines Standard_DS3_v2: 16 of its 24 cores are free. Ask for "
          "more in the Azure portal (Quotas, Machine learning).");
    CHECK_FALSE(workspace::lacking_quota(size, used(8, -1), 5));
    CHECK_FALSE(workspace::lacking_quota(size, {}, 5));
}

TEST_CASE("before a workspace is deleted the user hears what goes and what stays") {
    workspace::WorkspaceContents contents;
    contents.workspace.id = azure::ResourceId::workspace("s", "g", "w");
    contents.workspace.name = "w";
    contents.workspace.storage_account =
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/sa";
    contents.computes = std::vector<std::string>{"cpu", "gpu"};
    contents.experiments = 3;
    contents.models = 1;
    CHECK(workspace::removal_question(contents, azure::Deletion::Permanent) ==
          "Delete the workspace w of the resource group g?\n"
          "With it go: 2 computes (cpu, gpu), 3 experiments with all their runs, 1 model.\n"
          "These stay in Azure, and may go on costing money: the storage account sa.\n"
          "It cannot be recovered.");
    contents.workspace.storage_account.clear();
    contents.computes = std::vector<std::string>{};
    contents.experiments = 0;
    contents.models = std::nullopt;
    CHECK(workspace::removal_question(contents, azure::Deletion::Recoverable) ==
          "Delete the workspace w of the resource group g?\n"
          "With it go: its models.\n"
          "Where Azure keeps deleted workspaces, it can be recovered for 14 days, and its name is "
          "kept as long.");
}
