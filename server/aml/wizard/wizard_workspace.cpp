#include "wizard/wizard_workspace.hpp"

#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"
#include "wizard/wizard_step.hpp"
#include "wizard/workspace_dialogue.hpp"
#include "workspace/state_word.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace aml::wizard {
namespace {

constexpr std::string_view use_id = "use";
constexpr std::string_view other_id = "other";

// The subscription's name, or its id while the name is not known.
std::string subscription_name(const workspace::Catalog& catalog, const std::string& id) {
    const auto known = catalog.known_subscriptions();
    if (known) {
        for (const auto& subscription : *known) {
            if (same_name(subscription.subscription_id, id)) return subscription.display_name;
        }
    }
    return id;
}

std::vector<ui::PickItem> bound_rows(const workspace::Catalog& catalog,
                                     const azure::ResourceId& bound,
                                     const std::string& file) {
    ui::PickItem use{.id = std::string(use_id), .label = bound.name()};
    use.description = fmt::format(
        "{} · {}", bound.resource_group(), subscription_name(catalog, bound.subscription()));
    use.detail = localize("From {}", file);
    use.icon = "check";
    use.picked = true;
    ui::PickItem other{.id = std::string(other_id), .label = localize("Choose another workspace…")};
    other.icon = "list-selection";
    return {std::move(use), std::move(other)};
}

// Replaces the subscription's id by its name once that is known.
asio::awaitable<void> name_subscription(workspace::Catalog& catalog,
                                        azure::ResourceId bound,
                                        std::string file,
                                        ui::PickUpdate update,
                                        std::stop_token stop) {
    try {
        co_await catalog.subscriptions(stop);
    } catch (const Error& error) {
        // The id is good enough for someone who may not list subscriptions.
        if (error.kind() == ErrorKind::Cancelled) throw;
    }
    update(bound_rows(catalog, bound, file), false);
}

ui::PickQuestion bound_question(WizardTools& tools,
                                const workspace::WorkspaceBinding& binding,
                                const StepPlace& place) {
    auto question =
        pick_question(place, localize("Azure ML: workspace"), localize("Run in this workspace?"));
    // Which one it is; the whole path fits no row.
    const auto folder = binding.file.parent_path().parent_path().filename();
    const auto file = (folder / ".azureml" / binding.file.filename()).string();
    question.items = bound_rows(tools.catalog, binding.workspace, file);
    if (!tools.catalog.known_subscriptions()) {
        question.fill = [&catalog = tools.catalog, bound = binding.workspace, file](
                            ui::PickUpdate update, std::stop_token stop) {
            return name_subscription(catalog, bound, file, std::move(update), std::move(stop));
        };
    }
    return question;
}

// Why jobs cannot be sent to a workspace; nothing when they can.
std::optional<std::string> obstacle(const azure::Workspace& workspace) {
    if (workspace.v1_legacy_mode) {
        return localize(
            "The workspace {} only admits the old version 1 interface. Ask its administrator to "
            "switch off “v1 legacy "
            "mode”, or choose another workspace.",
            workspace.name);
    }
    if (same_name(workspace.provisioning_state, "Creating")) {
        return localize("The workspace {} is still being created. Try again in a few minutes.",
                        workspace.name);
    }
    if (same_name(workspace.provisioning_state, "Deleting"))
        return localize("The workspace {} is being deleted. Choose another one.", workspace.name);
    if (same_name(workspace.provisioning_state, "Failed")) {
        return localize(
            "The workspace {} could not be created or changed (its state is Failed). Have its "
            "owner repair it in the Azure portal, or choose another one.",
            workspace.name);
    }
    if (!workspace.runs_jobs()) {
        return localize(
            "{} is not a workspace that runs experiments (it is a {}). Choose another one.",
            workspace.name,
            workspace.kind);
    }
    return std::nullopt;
}

void use(WizardTools& tools, WizardDraft& draft, const azure::Workspace& workspace) {
    if (!(draft.workspace == workspace.id)) {
        // What was chosen in another workspace does not exist in this one.
        draft.experiment.clear();
        draft.compute.clear();
        draft.environment_reference.reset();
    }
    draft.workspace = workspace.id;
    draft.location = workspace.location;
    draft.subscription_id = workspace.id.subscription();
    tools.catalog.prefetch(workspace.id);
}

// Reads the bound workspace; tells the user and returns nothing when it cannot be used.
asio::awaitable<std::optional<azure::Workspace>> check_bound(WizardTools& tools,
                                                             azure::ResourceId id,
                                                             std::stop_token stop) {
    std::string problem;
    try {
        auto workspace = co_await tools.catalog.workspace(id, stop);
        const auto found = obstacle(workspace);
        if (!found) co_return workspace;
        problem = *found;
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::Cancelled || error.kind() == ErrorKind::NotSignedIn) throw;
        problem = localize("The workspace {} cannot be used: {}", id.name(), error.message());
    }
    ui::Message message{.kind = ui::MessageKind::Error, .text = std::move(problem)};
    co_await tools.prompter.message(std::move(message), stop);
    co_return std::nullopt;
}

std::vector<ui::PickItem> subscription_rows(const std::vector<azure::Subscription>& subscriptions,
                                            const WizardDraft& draft) {
    std::vector<ui::PickItem> rows;
    for (const auto& subscription : subscriptions) {
        ui::PickItem row{.id = subscription.subscription_id, .label = subscription.display_name};
        if (!same_name(subscription.state, "Enabled"))
            row.description = workspace::state_word(subscription.state);
        row.icon = "key";
        rows.push_back(std::move(row));
    }
    preselect(
        rows,
        draft.subscription_id.empty() ? draft.remembered.subscription_id : draft.subscription_id);
    return rows;
}

std::vector<ui::PickItem> workspace_rows(const std::vector<azure::Workspace>& workspaces,
                                         const WizardDraft& draft) {
    std::vector<ui::PickItem> rows;
    const auto wanted =
        draft.workspace.empty() ? draft.remembered.workspace_id : draft.workspace.to_string();
    for (const auto& workspace : workspaces) {
        ui::PickItem row{.id = workspace.id.to_string(), .label = workspace.name};
        row.description = fmt::format("{} · {}", workspace.id.resource_group(), workspace.location);
        if (workspace.wants_identities()) {
            row.detail = localize(
                "Its storage lets identities in only: you need the role Storage Blob Data "
                "Contributor there");
        }
        row.icon = "azure";
        row.picked = same_name(row.id, wanted);
        rows.push_back(std::move(row));
    }
    return rows;
}

asio::awaitable<std::vector<ui::PickItem>> list_subscriptions(workspace::Catalog& catalog,
                                                              const WizardDraft& draft,
                                                              std::stop_token stop) {
    const auto list = co_await catalog.subscriptions(std::move(stop));
    co_return subscription_rows(*list, draft);
}

asio::awaitable<std::vector<ui::PickItem>> list_workspaces(workspace::Catalog& catalog,
                                                           const WizardDraft& draft,
                                                           std::stop_token stop) {
    const auto list = co_await catalog.workspaces(draft.subscription_id, std::move(stop));
    co_return workspace_rows(*list, draft);
}

asio::awaitable<StepEnd> make_workspace(WizardTools& tools,
                                        WizardDraft& draft,
                                        StepPlace place,
                                        std::stop_token stop) {
    place.can_go_back = true;
    WorkspaceDraft wanted;
    wanted.wanted.subscription = draft.subscription_id;
    const auto end =
        co_await create_workspace(tools.catalog, tools.prompter, wanted, place, std::move(stop));
    if (end == StepEnd::Next) use(tools, draft, wanted.made);
    co_return end;
}

}  // namespace

asio::awaitable<StepEnd> confirm_workspace(WizardTools& tools,
                                           WizardDraft& draft,
                                           StepPlace place,
                                           std::stop_token stop) {
    const auto id = draft.binding->workspace;
    tools.catalog.prefetch(id);
    for (;;) {
        auto question = bound_question(tools, *draft.binding, place);
        const auto answer = co_await tools.prompter.pick(std::move(question), stop);
        if (const auto end = unanswered(answer)) co_return *end;
        draft.another_workspace = std::get<ui::Picked>(answer).ids.front() == other_id;
        if (draft.another_workspace) co_return StepEnd::Next;
        const auto workspace = co_await check_bound(tools, id, stop);
        if (workspace) {
            use(tools, draft, *workspace);
            co_return StepEnd::Next;
        }
        tools.catalog.forget_workspace(id);
    }
}

asio::awaitable<StepEnd> choose_subscription(WizardTools& tools,
                                             WizardDraft& draft,
                                             StepPlace place,
                                             std::stop_token stop) {
    ListPick list{.question = pick_question(
                      place, localize("Azure ML: subscription"), localize("Choose a subscription")),
                  .failed = localize("Could not list the subscriptions"),
                  .heading = localize("Subscriptions")};
    list.known = [&]() -> std::optional<std::vector<ui::PickItem>> {
        const auto known = tools.catalog.known_subscriptions();
        if (!known) return std::nullopt;
        return subscription_rows(*known, draft);
    };
    list.list = [&](ui::PickUpdate, std::stop_token inner) {
        return list_subscriptions(tools.catalog, draft, std::move(inner));
    };
    const auto answer = co_await pick_from_list(tools.prompter, std::move(list), stop);
    if (const auto end = unanswered(answer)) co_return *end;
    draft.subscription_id = std::get<ui::Picked>(answer).ids.front();
    co_return StepEnd::Next;
}

asio::awaitable<StepEnd> choose_workspace(WizardTools& tools,
                                          WizardDraft& draft,
                                          StepPlace place,
                                          std::stop_token stop) {
    for (;;) {
        ListPick list{.question = pick_question(
                          place, localize("Azure ML: workspace"), localize("Choose a workspace")),
                      .failed = localize("Could not list the workspaces"),
                      .heading = localize("Workspaces in {}",
                                          subscription_name(tools.catalog, draft.subscription_id))};
        ui::PickItem create{.id = std::string(new_id), .label = localize("Create new workspace…")};
        create.icon = "add";
        list.before = {std::move(create)};
        list.known = [&]() -> std::optional<std::vector<ui::PickItem>> {
            const auto known = tools.catalog.known_workspaces(draft.subscription_id);
            if (!known) return std::nullopt;
            return workspace_rows(*known, draft);
        };
        list.list = [&](ui::PickUpdate, std::stop_token inner) {
            return list_workspaces(tools.catalog, draft, std::move(inner));
        };
        const auto answer = co_await pick_from_list(tools.prompter, std::move(list), stop);
        if (const auto end = unanswered(answer)) co_return *end;
        const auto& chosen = std::get<ui::Picked>(answer).ids.front();
        if (chosen == new_id) {
            const auto end = co_await make_workspace(tools, draft, place, stop);
            if (end != StepEnd::Back) co_return end;
            continue;
        }
        const auto all = co_await tools.catalog.workspaces(draft.subscription_id, stop);
        const auto is_chosen = [&](const azure::Workspace& workspace) {
            return workspace.id.to_string() == chosen;
        };
        const auto found = std::find_if(all->begin(), all->end(), is_chosen);
        if (found == all->end()) continue;
        const auto problem = obstacle(*found);
        if (!problem) {
            use(tools, draft, *found);
            co_return StepEnd::Next;
        }
        ui::Message message{.kind = ui::MessageKind::Error, .text = *problem};
        co_await tools.prompter.message(std::move(message), stop);
        // It may have changed by the time somebody chooses it again.
        tools.catalog.forget_workspaces(draft.subscription_id);
    }
}

asio::awaitable<void> use_workspace(WizardTools& tools,
                                    WizardDraft& draft,
                                    azure::ResourceId workspace,
                                    std::stop_token stop) {
    const auto found = co_await tools.catalog.workspace(std::move(workspace), std::move(stop));
    if (const auto problem = obstacle(found)) throw Error(ErrorKind::Rejected, *problem);
    use(tools, draft, found);
}

asio::awaitable<std::optional<azure::ResourceId>> ask_for_workspace(WizardTools& tools,
                                                                    WizardDraft& draft,
                                                                    std::stop_token stop) {
    constexpr int total = 2;
    for (;;) {
        const StepPlace first{.number = 1, .total = total, .can_go_back = false};
        const auto subscription = co_await choose_subscription(tools, draft, first, stop);
        if (subscription != StepEnd::Next) co_return std::nullopt;
        const StepPlace second{.number = 2, .total = total, .can_go_back = true};
        const auto workspace = co_await choose_workspace(tools, draft, second, stop);
        if (workspace == StepEnd::Quit) co_return std::nullopt;
        if (workspace == StepEnd::Next) co_return draft.workspace;
    }
}

}  // namespace aml::wizard
