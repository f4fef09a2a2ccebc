#include "wizard/workspace_dialogue.hpp"

#include "async/linked_stop.hpp"
#include "azure/subscriptions.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace aml::wizard {
namespace {

// In the order of `workspace_questions` below.
enum class WorkspaceQuestion { Name, Group, GroupName, Region, Create };

/// "West Europe" as ARM names it: "westeurope".
std::string region_name(std::string shown) {
    std::erase(shown, ' ');
    return lower(shown);
}

ui::InputValidation named_by(std::string (*problem)(std::string_view)) {
    return [problem](const std::string& text) -> std::optional<std::string> {
        auto sentence = problem(trimmed(text));
        if (sentence.empty()) return std::nullopt;
        return sentence;
    };
}

class WorkspaceDialogue {
public:
    WorkspaceDialogue(workspace::Catalog& catalog,
                      ui::Prompter& prompter,
                      WorkspaceDraft& draft,
                      StepPlace place)
        : catalog_(catalog),
          prompter_(prompter),
          draft_(draft),
          place_(place) {}

    asio::awaitable<StepEnd> ask(WorkspaceQuestion question, std::stop_token stop) {
        switch (question) {
            case WorkspaceQuestion::Name:
                return name(std::move(stop));
            case WorkspaceQuestion::Group:
                return group(std::move(stop));
            case WorkspaceQuestion::GroupName:
                return group_name(std::move(stop));
            case WorkspaceQuestion::Region:
                return region(std::move(stop));
            case WorkspaceQuestion::Create:
                break;
        }
        return create(std::move(stop));
    }

    /// Whether the question makes sense for what was answered before.
    bool applies(WorkspaceQuestion question) const {
        return question != WorkspaceQuestion::GroupName || draft_.new_group;
    }

private:
    asio::awaitable<StepEnd> name(std::stop_token stop) {
        auto question = input_question(
            place_,
            localize("Create new workspace: name"),
            localize("Name of the workspace; a storage account and a key vault are made with it"));
        question.value = draft_.wanted.name;
        question.validate = named_by(azure::workspace_name_problem);
        const auto answer = co_await prompter_.input(std::move(question), stop);
        if (const auto end = unanswered(answer)) co_return *end;
        draft_.wanted.name = trimmed(std::get<ui::Entered>(answer).value);
        co_return StepEnd::Next;
    }

    asio::awaitable<StepEnd> group(std::stop_token stop) {
        ListPick list{.question = pick_question(place_,
                                                localize("Create new workspace: resource group"),
                                                localize("Choose what it is kept and paid with")),
                      .failed = localize("Could not list the resource groups"),
                      .heading = localize("Resource groups")};
        ui::PickItem create{.id = std::string(new_id),
                            .label = localize("Create new resource group…")};
        create.icon = "add";
        list.before = {std::move(create)};
        list.list = [this](ui::PickUpdate, std::stop_token inner) {
            return list_groups(std::move(inner));
        };
        const auto answer = co_await pick_from_list(prompter_, std::move(list), stop);
        if (const auto end = unanswered(answer)) co_return *end;
        const auto& chosen = std::get<ui::Picked>(answer).ids.front();
        draft_.new_group = chosen == new_id;
        if (!draft_.new_group) {
            draft_.wanted.group = chosen;
            for (const auto& known : groups_) {
                if (known.name == chosen) draft_.wanted.location = known.location;
            }
        }
        co_return StepEnd::Next;
    }

    asio::awaitable<std::vector<ui::PickItem>> list_groups(std::stop_token stop) {
        auto* client = co_await catalog_.client(stop);
        auto first =
            co_await azure::resource_groups::list(*client, draft_.wanted.subscription, stop);
        groups_ = co_await azure::collect(std::move(first), std::move(stop));
        std::vector<ui::PickItem> rows;
        for (const auto& known : groups_) {
            ui::PickItem row{.id = known.name, .label = known.name};
            row.description = known.location;
            row.icon = "folder";
            row.picked = same_name(known.name, draft_.wanted.group);
            rows.push_back(std::move(row));
        }
        co_return rows;
    }

    asio::awaitable<StepEnd> group_name(std::stop_token stop) {
        auto question = input_question(place_,
                                       localize("Create new workspace: new resource group"),
                                       localize("Name of the resource group"));
        question.value =
            draft_.wanted.group.empty() ? draft_.wanted.name + "-rg" : draft_.wanted.group;
        question.validate = named_by(azure::resource_group_name_problem);
        const auto answer = co_await prompter_.input(std::move(question), stop);
        if (const auto end = unanswered(answer)) co_return *end;
        draft_.wanted.group = trimmed(std::get<ui::Entered>(answer).value);
        co_return StepEnd::Next;
    }

    asio::awaitable<StepEnd> region(std::stop_token stop) {
        ListPick list{.question = pick_question(place_,
                                                localize("Create new workspace: region"),
                                                localize("Choose where its data and machines are")),
                      .failed = localize("Could not list the regions"),
                      .heading = localize("Regions")};
        list.list = [this](ui::PickUpdate, std::stop_token inner) {
            return list_regions(std::move(inner));
        };
        const auto answer = co_await pick_from_list(prompter_, std::move(list), stop);
        if (const auto end = unanswered(answer)) co_return *end;
        draft_.wanted.location = std::get<ui::Picked>(answer).ids.front();
        co_return StepEnd::Next;
    }

    asio::awaitable<std::vector<ui::PickItem>> list_regions(std::stop_token stop) {
        auto* client = co_await catalog_.client(stop);
        const auto shown =
            co_await azure::regions::list(*client, draft_.wanted.subscription, std::move(stop));
        std::vector<ui::PickItem> rows;
        for (const auto& name : shown) {
            ui::PickItem row{.id = region_name(name), .label = name};
            row.icon = "globe";
            row.picked = row.id == region_name(draft_.wanted.location);
            rows.push_back(std::move(row));
        }
        co_return rows;
    }

    asio::awaitable<StepEnd> create(std::stop_token stop) {
        const auto problem = co_await try_to_create(stop);
        if (!problem) {
            catalog_.forget_workspaces(draft_.wanted.subscription);
            co_return StepEnd::Next;
        }
        ui::Message message{.kind = ui::MessageKind::Error, .text = *problem};
        co_await prompter_.message(std::move(message), stop);
        co_return StepEnd::Back;
    }

    // Returns what went wrong, for the user; nothing once the workspace exists.
    asio::awaitable<std::optional<std::string>> try_to_create(std::stop_token stop) {
        const auto view = prompter_.progress(localize("Creating workspace {}", draft_.wanted.name));
        const async::LinkedStop either(stop, view->stop_token());
        workspace::OnStage report = [&view](const std::string& stage) {
            view->report(stage, std::nullopt);
        };
        try {
            auto* client = co_await catalog_.client(either.token());
            auto made = co_await workspace::create_workspace(
                *client, draft_.wanted, std::move(report), either.token());
            draft_.made = std::move(made);
            co_return std::nullopt;
        } catch (const Error& error) {
            if (stop.stop_requested() || error.kind() == ErrorKind::NotSignedIn) throw;
            if (error.kind() == ErrorKind::Cancelled) {
                co_return localize("Stopped waiting for {}. Azure may go on creating it.",
                                   draft_.wanted.name);
            }
            co_return error.message();
        }
    }

    workspace::Catalog& catalog_;
    ui::Prompter& prompter_;
    WorkspaceDraft& draft_;
    StepPlace place_;
    std::vector<azure::ResourceGroup> groups_;
};

constexpr std::array workspace_questions{WorkspaceQuestion::Name,
                                         WorkspaceQuestion::Group,
                                         WorkspaceQuestion::GroupName,
                                         WorkspaceQuestion::Region,
                                         WorkspaceQuestion::Create};

}  // namespace

asio::awaitable<StepEnd> create_workspace(workspace::Catalog& catalog,
                                          ui::Prompter& prompter,
                                          WorkspaceDraft& draft,
                                          StepPlace place,
                                          std::stop_token stop) {
    std::size_t current = 0;
    for (;;) {
        auto here = place;
        here.can_go_back = place.can_go_back || current > 0;
        WorkspaceDialogue dialogue(catalog, prompter, draft, here);
        const auto end = co_await dialogue.ask(workspace_questions.at(current), stop);
        if (end == StepEnd::Quit) co_return end;
        if (end == StepEnd::Next) {
            do {
                if (++current == workspace_questions.size()) co_return StepEnd::Next;
            } while (!dialogue.applies(workspace_questions.at(current)));
        } else if (workspace_questions.at(current) == WorkspaceQuestion::Create) {
            // What Azure refuses is nearly always the name.
            current = 0;
        } else {
            do {
                if (current == 0) co_return StepEnd::Back;
                --current;
            } while (!dialogue.applies(workspace_questions.at(current)));
        }
    }
}

}  // namespace aml::wizard
