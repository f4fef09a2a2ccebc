#include "wizard/compute_network.hpp"

#include "support/localize.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace aml::wizard {
namespace {

constexpr std::string_view none_id = "+none";

std::string last_part_of(std::string_view id) {
    return std::string(id.substr(id.rfind('/') + 1));
}

/// "subnet default of vnet1, no public address, identity reader"
std::string describe_setup(const azure::ComputeSetup& setup) {
    std::vector<std::string> parts;
    if (!setup.subnet.empty()) {
        // …/virtualNetworks/{network}/subnets/{subnet}
        const std::string_view id = setup.subnet;
        const auto network = id.substr(0, id.rfind('/', id.rfind('/') - 1));
        parts.push_back(
            localize("subnet {} of {}", last_part_of(setup.subnet), last_part_of(network)));
    }
    if (!setup.node_public_ip) parts.push_back(localize("no public address"));
    for (const auto& identity : setup.identities)
        parts.push_back(localize("identity {}", last_part_of(identity)));
    std::string text;
    for (const auto& part : parts) text += (text.empty() ? "" : " · ") + part;
    return text;
}

/// The first cluster of each setup that is not the usual one.
std::vector<azure::Compute> models(const ComputeWorkshop& workshop) {
    std::vector<azure::Compute> found;
    const auto known = workshop.catalog.known_computes(workshop.workspace);
    if (!known) return found;
    for (const auto& compute : *known) {
        const auto same = [&](const azure::Compute& other) { return other.setup == compute.setup; };
        if (compute.setup != azure::ComputeSetup{} &&
            std::none_of(found.begin(), found.end(), same))
            found.push_back(compute);
    }
    return found;
}

}  // namespace

std::vector<ui::PickItem> network_rows(const ComputeWorkshop& workshop, const NewCompute& draft) {
    std::vector<ui::PickItem> rows;
    for (const auto& compute : models(workshop)) {
        ui::PickItem row{.id = compute.name, .label = localize("As {} has it", compute.name)};
        row.detail = describe_setup(compute.setup);
        row.icon = "shield";
        row.picked = draft.connected ? draft.spec.setup == compute.setup : rows.empty();
        rows.push_back(std::move(row));
    }
    if (rows.empty()) return rows;
    ui::PickItem none{.id = std::string(none_id), .label = localize("No network, no identity")};
    none.detail = localize("As in a workspace that is open to every network");
    none.icon = "globe";
    none.picked = draft.connected && draft.spec.setup == azure::ComputeSetup{};
    rows.push_back(std::move(none));
    return rows;
}

azure::ComputeSetup setup_of(const ComputeWorkshop& workshop, const std::string& row) {
    for (const auto& compute : models(workshop)) {
        if (compute.name == row) return compute.setup;
    }
    return {};
}

std::string lacks_identity(const std::string& compute) {
    return localize(
        "The storage of the workspace lets identities in only, and {} has none of its own: runs on "
        "it cannot read data there. Give it one in the Azure portal, with the role Storage Blob "
        "Data Contributor.",
        compute);
}

}  // namespace aml::wizard
