#include "wizard/new_compute.hpp"

#include "async/linked_stop.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"
#include "wizard/compute_network.hpp"
#include "wizard/compute_rows.hpp"
#include "wizard/wizard_step.hpp"
#include "workspace/compute_cost.hpp"
#include "workspace/compute_text.hpp"
#include "workspace/names.hpp"

#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace aml::wizard {
namespace {

// In the order of `questions` below.
enum class Question { Name, Size, Priority, MinNodes, MaxNodes, IdleTime, Network, Create };

std::vector<std::string> taken_names(const ComputeWorkshop& workshop) {
    std::vector<std::string> names;
    const auto known = workshop.catalog.known_computes(workshop.workspace);
    if (!known) return names;
    for (const auto& compute : *known) names.push_back(compute.name);
    return names;
}

std::optional<int> whole_number(const std::string& text) {
    const auto digits = trimmed(text);
    int value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    return value;
}

ui::InputValidation number_between(int least, int most, std::string wrong) {
    return [=](const std::string& text) -> std::optional<std::string> {
        const auto value = whole_number(text);
        if (value && *value >= least && *value <= most) return std::nullopt;
        return wrong;
    };
}

class ComputeDialogue {
public:
    ComputeDialogue(ComputeWorkshop& workshop, NewCompute& draft, StepPlace place)
        : workshop_(workshop),
          draft_(draft),
          place_(place) {}

    asio::awaitable<StepEnd> ask(Question question, std::stop_token stop) {
        switch (question) {
            case Question::Name:
                return name(std::move(stop));
            case Question::Size:
                return size(std::move(stop));
            case Question::Priority:
                return priority(std::move(stop));
            case Question::MinNodes:
                return min_nodes(std::move(stop));
            case Question::MaxNodes:
                return nodes(
                    localize("Create new compute: maximum nodes"),
                    localize("Nodes the cluster may grow to; a node works on one run at a time"),
                    std::max(1, draft_.spec.min_nodes),
                    &azure::AmlComputeSpec::max_nodes,
                    std::move(stop));
            case Question::IdleTime:
                return idle_time(std::move(stop));
            case Question::Network:
                return network(std::move(stop));
            case Question::Create:
                break;
        }
        return create(std::move(stop));
    }

    /// Whether the question makes sense for what was answered before.
    bool applies(Question question) const {
        if (question == Question::Network) return !network_rows(workshop_, draft_).empty();
        return question != Question::Priority || low_priority_possible();
    }

private:
    bool low_priority_possible() const {
        const auto sizes = known_sizes();
        const auto* size = sizes ? workspace::find_size(*sizes, draft_.spec.vm_size) : nullptr;
        return size != nullptr && size->low_priority_capable;
    }

    workspace::Catalog::List<azure::VmSize> known_sizes() const {
        return workshop_.catalog.known_vm_sizes(workshop_.workspace.subscription(),
                                                workshop_.location);
    }

    asio::awaitable<StepEnd> name(std::stop_token stop) {
        auto question = input_question(
            place_,
            localize("Create new compute: name"),
            localize("Name of the cluster; it is seen by everyone in the workspace"));
        auto taken = taken_names(workshop_);
        question.value =
            draft_.named ? draft_.name : workspace::free_compute_name(draft_.name, taken);
        question.validate = [taken = std::move(taken)](const std::string& text) {
            return workspace::check_compute_name(trimmed(text), taken);
        };
        const auto answer = co_await workshop_.prompter.input(std::move(question), stop);
        if (const auto end = unanswered(answer)) co_return *end;
        const auto entered = trimmed(std::get<ui::Entered>(answer).value);
        draft_.named = draft_.named || entered != draft_.name;
        draft_.name = entered;
        co_return StepEnd::Next;
    }

    asio::awaitable<StepEnd> size(std::stop_token stop) {
        ListPick list{.question = pick_question(place_,
                                                localize("Create new compute: machine size"),
                                                localize("Choose the machines of the cluster")),
                      .failed = localize("Could not list the machine sizes")};
        list.known = [this]() -> std::optional<std::vector<ui::PickItem>> {
            const auto known = known_sizes();
            const auto usages = workshop_.catalog.known_usages(workshop_.workspace.subscription(),
                                                               workshop_.location);
            if (!known || !usages) return std::nullopt;
            return size_rows(*known, *usages, draft_.spec.vm_size);
        };
        list.list = [this](ui::PickUpdate, std::stop_token inner) {
            return list_sizes(std::move(inner));
        };
        const auto answer = co_await pick_from_list(workshop_.prompter, std::move(list), stop);
        if (const auto end = unanswered(answer)) co_return *end;
        draft_.spec.vm_size = std::get<ui::Picked>(answer).ids.front();
        const auto sizes = known_sizes();
        const auto* size = sizes ? workspace::find_size(*sizes, draft_.spec.vm_size) : nullptr;
        draft_.gpus = size == nullptr ? 0 : size->gpus;
        if (!low_priority_possible()) draft_.spec.low_priority = false;
        co_return StepEnd::Next;
    }

    asio::awaitable<std::vector<ui::PickItem>> list_sizes(std::stop_token stop) {
        const auto sizes = co_await workshop_.catalog.vm_sizes(
            workshop_.workspace.subscription(), workshop_.location, stop);
        const auto usages = co_await workshop_.catalog.usages(
            workshop_.workspace.subscription(), workshop_.location, std::move(stop));
        co_return size_rows(*sizes, *usages, draft_.spec.vm_size);
    }

    ui::PickItem priority_row(bool low_priority, std::string label, std::string detail) const {
        ui::PickItem row{.id = low_priority ? "low" : "dedicated", .label = std::move(label)};
        const auto sizes = known_sizes();
        const auto* size = sizes ? workspace::find_size(*sizes, draft_.spec.vm_size) : nullptr;
        if (size != nullptr)
            row.description = workspace::describe_price(*size, low_priority).value_or("");
        row.detail = std::move(detail);
        row.picked = draft_.spec.low_priority == low_priority;
        return row;
    }

    asio::awaitable<StepEnd> priority(std::stop_token stop) {
        auto question = pick_question(place_,
                                      localize("Create new compute: priority"),
                                      localize("Dedicated or spot machines?"));
        question.items = {
            priority_row(false,
                         localize("Dedicated"),
                         localize("The machines stay yours until the run ends")),
            priority_row(true,
                         localize("Spot (low priority)"),
                         localize("Cheaper, but Azure may take them away during a run"))};
        const auto answer = co_await workshop_.prompter.pick(std::move(question), stop);
        if (const auto end = unanswered(answer)) co_return *end;
        draft_.spec.low_priority = std::get<ui::Picked>(answer).ids.front() == "low";
        co_return StepEnd::Next;
    }

    asio::awaitable<StepEnd> min_nodes(std::stop_token stop) {
        for (;;) {
            const auto end = co_await nodes(localize("Create new compute: minimum nodes"),
                                            localize("Nodes kept on, and paid for, when idle; with "
                                                     "0 an idle cluster costs nothing"),
                                            0,
                                            &azure::AmlComputeSpec::min_nodes,
                                            stop);
            if (end != StepEnd::Next) co_return end;
            const bool agrees = co_await agrees_to_cost(stop);
            if (agrees) co_return StepEnd::Next;
        }
    }

    // Nodes that stay on are paid for by the month, which one should hear before.
    asio::awaitable<bool> agrees_to_cost(std::stop_token stop) {
        const auto sizes = known_sizes();
        const auto* size = sizes ? workspace::find_size(*sizes, draft_.spec.vm_size) : nullptr;
        const auto cost =
            workspace::standing_cost(size, draft_.spec.low_priority, draft_.spec.min_nodes);
        if (!cost) co_return true;
        ui::Message question{.kind = ui::MessageKind::Warning, .text = *cost};
        const std::string keep = localize("Keep them on");
        question.actions = {keep};
        const auto pressed = co_await workshop_.prompter.message(std::move(question), stop);
        co_return pressed == keep;
    }

    asio::awaitable<StepEnd> nodes(std::string title,
                                   std::string prompt,
                                   int least,
                                   int azure::AmlComputeSpec::*field,
                                   std::stop_token stop) {
        auto question = input_question(place_, std::move(title), std::move(prompt));
        question.value = std::to_string(std::max(least, draft_.spec.*field));
        question.validate = number_between(
            least,
            most_nodes,
            localize(
                "Type the number of nodes as a whole number from {} to {}.", least, most_nodes));
        const auto answer = co_await workshop_.prompter.input(std::move(question), stop);
        if (const auto end = unanswered(answer)) co_return *end;
        draft_.spec.*field = whole_number(std::get<ui::Entered>(answer).value).value_or(least);
        co_return StepEnd::Next;
    }

    asio::awaitable<StepEnd> idle_time(std::stop_token stop) {
        auto question =
            input_question(place_,
                           localize("Create new compute: idle time"),
                           localize("Seconds after which an idle node is switched off"));
        question.value = std::to_string(draft_.spec.idle_time.count());
        question.validate =
            number_between(least_idle_time,
                           most_idle_time,
                           localize("Type the seconds as a whole number from {} to {}.",
                                    least_idle_time,
                                    most_idle_time));
        const auto answer = co_await workshop_.prompter.input(std::move(question), stop);
        if (const auto end = unanswered(answer)) co_return *end;
        draft_.spec.idle_time =
            std::chrono::seconds(whole_number(std::get<ui::Entered>(answer).value).value_or(120));
        co_return StepEnd::Next;
    }

    asio::awaitable<StepEnd> network(std::stop_token stop) {
        auto question = pick_question(place_,
                                      localize("Create new compute: network"),
                                      localize("Which network and identity should it have?"));
        question.items = network_rows(workshop_, draft_);
        const auto answer = co_await workshop_.prompter.pick(std::move(question), stop);
        if (const auto end = unanswered(answer)) co_return *end;
        draft_.spec.setup = setup_of(workshop_, std::get<ui::Picked>(answer).ids.front());
        draft_.connected = true;
        co_return StepEnd::Next;
    }

    // What Azure says of the workspace; nothing known where it cannot be asked.
    asio::awaitable<azure::Workspace> about_workspace(std::stop_token stop) {
        azure::Workspace workspace;
        try {
            workspace = co_await workshop_.catalog.workspace(workshop_.workspace, stop);
        } catch (const Error& error) {
            if (error.kind() == ErrorKind::Cancelled) throw;
        }
        co_return workspace;
    }

    asio::awaitable<StepEnd> create(std::stop_token stop) {
        const auto workspace = co_await about_workspace(stop);
        auto problem = co_await try_to_create(workspace.has_managed_network(), stop);
        workshop_.catalog.computes_changed(workshop_.workspace);
        if (!problem) {
            if (workspace.wants_identities() && draft_.spec.setup.identities.empty()) {
                ui::Message warning{.kind = ui::MessageKind::Warning,
                                    .text = lacks_identity(draft_.name)};
                co_await workshop_.prompter.message(std::move(warning), stop);
            }
            co_return StepEnd::Next;
        }
        ui::Message message{.kind = ui::MessageKind::Error, .text = std::move(*problem)};
        co_await workshop_.prompter.message(std::move(message), stop);
        co_return StepEnd::Back;
    }

    // Returns what went wrong, for the user; nothing once the cluster exists.
    asio::awaitable<std::optional<std::string>> try_to_create(bool managed_network,
                                                              std::stop_token stop) {
        const auto view = workshop_.prompter.progress(localize("Creating compute {}", draft_.name));
        const async::LinkedStop either(stop, view->stop_token());
        auto spec = draft_.spec;
        spec.location = workshop_.location;
        const auto doing =
            managed_network ? localize(
                                  "Azure is setting it up; the first compute of a workspace with a "
                                  "managed network takes about half an hour")
                            : localize("Azure is setting it up");
        azure::OnOperationProgress report = [&](const azure::OperationProgress& progress) {
            view->report(doing,
                         progress.percent ? std::optional(static_cast<int>(*progress.percent))
                                          : std::nullopt);
        };
        try {
            auto* client = co_await workshop_.catalog.client(either.token());
            co_await azure::computes::create_or_update(
                *client,
                workshop_.workspace.child("computes", draft_.name),
                std::move(spec),
                std::move(report),
                either.token());
            co_return std::nullopt;
        } catch (const Error& error) {
            if (stop.stop_requested() || error.kind() == ErrorKind::NotSignedIn) throw;
            if (error.kind() == ErrorKind::Cancelled) {
                co_return localize("Stopped waiting for {}. Azure may go on creating it.",
                                   draft_.name);
            }
            co_return error.message();
        }
    }

    static constexpr int most_nodes = 1000;
    static constexpr int least_idle_time = 30;
    static constexpr int most_idle_time = 86'400;

    ComputeWorkshop& workshop_;
    NewCompute& draft_;
    StepPlace place_;
};

constexpr std::array questions{Question::Name,
                               Question::Size,
                               Question::Priority,
                               Question::MinNodes,
                               Question::MaxNodes,
                               Question::IdleTime,
                               Question::Network,
                               Question::Create};

}  // namespace

asio::awaitable<StepEnd> create_compute(ComputeWorkshop& workshop,
                                        NewCompute& draft,
                                        StepPlace place,
                                        std::stop_token stop) {
    workshop.catalog.prefetch_vm_sizes(workshop.workspace.subscription(), workshop.location);
    workshop.catalog.prefetch_usages(workshop.workspace.subscription(), workshop.location);
    std::size_t current = 0;
    for (;;) {
        StepPlace here = place;
        here.can_go_back = place.can_go_back || current > 0;
        ComputeDialogue dialogue(workshop, draft, here);
        const auto end = co_await dialogue.ask(questions.at(current), stop);
        if (end == StepEnd::Quit) co_return end;
        if (end == StepEnd::Next) {
            do {
                if (++current == questions.size()) co_return StepEnd::Next;
            } while (!dialogue.applies(questions.at(current)));
        } else if (questions.at(current) == Question::Create) {
            // What Azure refuses is nearly always the machine size, or its quota.
            current = 1;
        } else {
            do {
                if (current == 0) co_return StepEnd::Back;
                --current;
            } while (!dialogue.applies(questions.at(current)));
        }
    }
}

}  // namespace aml::wizard
