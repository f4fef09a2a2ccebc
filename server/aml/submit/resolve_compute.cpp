#include "azure/computes.hpp"
#include "submit/job_references.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace aml::submit {
namespace {

asio::awaitable<LocalizedText> what_there_is(SubmitContext& context, std::stop_token stop) {
    auto page = co_await azure::computes::list(context.client, context.workspace, std::move(stop));
    std::vector<std::string> names;
    for (const auto& compute : page.items) {
        if (compute.runs_jobs()) names.push_back(compute.name);
    }
    if (names.empty()) co_return localize("The workspace has none yet: create one first.");
    co_return localize("It has: {}.", fmt::join(names, ", "));
}

void check_usable(const azure::Compute& compute) {
    const auto reject = [](LocalizedText reason) {
        throw Error(ErrorKind::Rejected, std::move(reason));
    };
    const auto& name = compute.name;
    if (!compute.runs_jobs()) {
        reject(localize("The compute {} is of the kind {}, which runs no jobs. Pick a cluster.",
                        name,
                        compute.type));
    }
    if (same_name(compute.provisioning_state, "Deleting"))
        reject(localize("The compute {} is being deleted. Pick another one.", name));
    if (same_name(compute.provisioning_state, "Failed")) {
        if (compute.errors.empty()) {
            reject(localize("The compute {} could not be created. Delete it or pick another one.",
                            name));
        }
        reject(localize("The compute {} could not be created: {} Delete it or pick another one.",
                        name,
                        compute.errors.front()));
    }
    const bool stopped = same_name(compute.instance_state, "Stopped") ||
                         same_name(compute.instance_state, "Stopping");
    if (stopped)
        reject(localize(
            "The compute {} is a compute instance that is stopped. Start it, or pick a cluster.",
            name));
    if (compute.max_nodes == 0)
        reject(
            localize("The compute {} may have no nodes (maximum 0). Raise its maximum, or pick "
                     "another one.",
                     name));
}

/// Instances stop and start; clusters are there or not.
bool is_lasting(const azure::Compute& compute) {
    return same_name(compute.type, "AmlCompute") &&
           same_name(compute.provisioning_state, "Succeeded");
}

}  // namespace

asio::awaitable<std::optional<std::string>> resolve_compute(SubmitContext& context,
                                                            runconfig::ComputeReference compute,
                                                            std::stop_token stop) {
    using Kind = runconfig::ComputeReference::Kind;
    if (compute.kind == Kind::Serverless) co_return std::nullopt;
    auto id = context.workspace.child("computes", compute.name);
    if (compute.kind == Kind::ArmId) {
        const auto parsed = azure::ResourceId::parse(compute.arm_id);
        if (!parsed || parsed->workspace() != context.workspace) co_return compute.arm_id;
        id = *parsed;
    }
    const auto key = lower(id.name());
    if (auto known = context.known.find(KnownKind::Compute, key)) co_return known;
    auto found = co_await azure::computes::find(context.client, id, stop);
    if (!found) {
        const auto hint = co_await what_there_is(context, std::move(stop));
        throw Error(ErrorKind::NotFound,
                    localize("There is no compute {} in the workspace {}. {}",
                             id.name(),
                             context.workspace.name(),
                             hint));
    }
    check_usable(*found);
    for (const auto& problem : found->errors) {
        context.notes.push_back(localize("The compute {} reports: {}", id.name(), problem));
    }
    auto text = id.to_string();
    if (is_lasting(*found) && found->errors.empty())
        context.known.note(KnownKind::Compute, key, text);
    co_return text;
}

}  // namespace aml::submit
