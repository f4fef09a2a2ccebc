#include "wizard/wizard_compute.hpp"

#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"
#include "wizard/compute_rows.hpp"
#include "wizard/wizard_step.hpp"
#include "workspace/compute_text.hpp"

#include <algorithm>
#include <utility>

namespace aml::wizard {
namespace {

constexpr std::string_view serverless_id = "serverless";

std::vector<ui::PickItem> compute_rows(const std::vector<azure::Compute>& computes,
                                       const std::vector<azure::VmSize>* sizes,
                                       const WizardDraft& draft) {
    const auto& wanted = draft.compute.empty() ? draft.remembered.compute : draft.compute;
    std::vector<ui::PickItem> rows;
    for (const auto& compute : computes) {
        if (!workspace::is_usable(compute)) continue;
        auto row = compute_row(compute, sizes);
        row.picked = same_name(row.id, wanted);
        rows.push_back(std::move(row));
    }
    return rows;
}

// The computes at once, then again with what their machines are and cost.
asio::awaitable<std::vector<ui::PickItem>> list_computes(workspace::Catalog& catalog,
                                                         const WizardDraft& draft,
                                                         ui::PickUpdate update,
                                                         std::stop_token stop) {
    const auto computes = co_await catalog.computes(draft.workspace, stop);
    if (!catalog.known_vm_sizes(draft.subscription_id, draft.location)) {
        update(compute_rows(*computes, nullptr, draft), true);
    }
    workspace::Catalog::List<azure::VmSize> sizes;
    try {
        auto listed = co_await catalog.vm_sizes(draft.subscription_id, draft.location, stop);
        sizes = std::move(listed);
    } catch (const Error& error) {
        // Without sizes the rows say less, which is better than not showing them.
        if (error.kind() == ErrorKind::Cancelled) throw;
    }
    co_return compute_rows(*computes, sizes.get(), draft);
}

ListPick compute_list(WizardTools& tools, WizardDraft& draft, const StepPlace& place) {
    ListPick list{
        .question = pick_question(
            place, localize("Azure ML: compute"), localize("Where should the script run?")),
        .failed = localize("Could not list the computes"),
        .heading = localize("Computes in {}", draft.workspace.name())};
    ui::PickItem create{.id = std::string(new_id), .label = localize("Create new compute…")};
    create.icon = "add";
    ui::PickItem serverless{.id = std::string(serverless_id), .label = localize("Serverless")};
    serverless.description = localize("Azure ML provides a machine for this run only");
    serverless.icon = "cloud";
    const auto& wanted = draft.compute.empty() ? draft.remembered.compute : draft.compute;
    serverless.picked = wanted == serverless_id;
    list.before = {std::move(create)};
    list.after = {ui::PickItem::separator(localize("Without a compute of your own")),
                  std::move(serverless)};
    list.known = [&]() -> std::optional<std::vector<ui::PickItem>> {
        const auto computes = tools.catalog.known_computes(draft.workspace);
        const auto sizes = tools.catalog.known_vm_sizes(draft.subscription_id, draft.location);
        if (!computes || !sizes) return std::nullopt;
        return compute_rows(*computes, sizes.get(), draft);
    };
    list.list = [&](ui::PickUpdate update, std::stop_token stop) {
        return list_computes(tools.catalog, draft, std::move(update), std::move(stop));
    };
    return list;
}

// Whether the machines of the chosen compute have GPUs, as far as the lists on hand tell.
bool has_gpu(const workspace::Catalog& catalog, const WizardDraft& draft) {
    const auto computes = catalog.known_computes(draft.workspace);
    const auto sizes = catalog.known_vm_sizes(draft.subscription_id, draft.location);
    if (!computes || !sizes) return false;
    const auto chosen = [&](const azure::Compute& compute) {
        return same_name(compute.name, draft.compute);
    };
    const auto compute = std::find_if(computes->begin(), computes->end(), chosen);
    if (compute == computes->end()) return false;
    const auto* size = workspace::find_size(*sizes, compute->vm_size);
    return size != nullptr && size->gpus > 0;
}

asio::awaitable<StepEnd> make_compute(WizardTools& tools,
                                      WizardDraft& draft,
                                      StepPlace place,
                                      std::stop_token stop) {
    place.can_go_back = true;
    if (!draft.remembered.vm_size.empty() && !draft.new_compute.named) {
        draft.new_compute.spec.vm_size = std::exchange(draft.remembered.vm_size, {});
    }
    ComputeWorkshop workshop{tools.catalog, tools.prompter, draft.workspace, draft.location};
    const auto end = co_await create_compute(workshop, draft.new_compute, place, stop);
    if (end != StepEnd::Next) co_return end;
    draft.compute = draft.new_compute.name;
    draft.gpu = draft.new_compute.gpus > 0;
    draft.remembered.vm_size = draft.new_compute.spec.vm_size;
    // The next new compute gets a name of its own.
    draft.new_compute.named = false;
    co_return StepEnd::Next;
}

}  // namespace

asio::awaitable<StepEnd> choose_compute(WizardTools& tools,
                                        WizardDraft& draft,
                                        StepPlace place,
                                        std::stop_token stop) {
    tools.catalog.prefetch_vm_sizes(draft.subscription_id, draft.location);
    for (;;) {
        auto list = compute_list(tools, draft, place);
        const auto answer = co_await pick_from_list(tools.prompter, std::move(list), stop);
        if (const auto end = unanswered(answer)) co_return *end;
        const auto& chosen = std::get<ui::Picked>(answer).ids.front();
        if (chosen != new_id) {
            draft.compute = chosen;
            draft.gpu = has_gpu(tools.catalog, draft);
            co_return StepEnd::Next;
        }
        const auto end = co_await make_compute(tools, draft, place, stop);
        if (end != StepEnd::Back) co_return end;
    }
}

asio::awaitable<void> look_up_gpu(WizardTools& tools, WizardDraft& draft, std::stop_token stop) {
    if (draft.compute == serverless_id) co_return;
    try {
        co_await tools.catalog.computes(draft.workspace, stop);
        co_await tools.catalog.vm_sizes(draft.subscription_id, draft.location, stop);
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::Cancelled) throw;
    }
    draft.gpu = has_gpu(tools.catalog, draft);
}

}  // namespace aml::wizard
