#include "features/places_feature.hpp"

#include "async/linked_stop.hpp"
#include "azure/workspaces.hpp"
#include "features/azure_session.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"
#include "tree/tree_node.hpp"
#include "wizard/wizard_draft.hpp"
#include "wizard/wizard_workspace.hpp"
#include "wizard/workspace_dialogue.hpp"
#include "workspace/compute_cost.hpp"
#include "workspace/compute_text.hpp"
#include "workspace/removal.hpp"

#include <charconv>
#include <utility>
#include <vector>

namespace aml::features {
namespace {

constexpr int most_nodes = 1000;
constexpr int least_idle = 30;
constexpr int most_idle = 86'400;

std::optional<tree::TreeAddress> address_of(const CommandCall& call) {
    const auto row = call.optional_text();
    return row ? tree::parse_address(*row) : std::nullopt;
}

std::optional<int> number_in(const std::string& text) {
    const auto digits = trimmed(text);
    int value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    return value;
}

/// One number of how a cluster scales.
struct NumberQuestion {
    std::string title;
    std::string prompt;
    int value = 0;
    int least = 0;
    int most = 0;
};

ui::InputQuestion input_of(const NumberQuestion& wanted, int step) {
    ui::InputQuestion question{.title = wanted.title, .step = step, .total_steps = 3};
    question.prompt = wanted.prompt;
    question.value = std::to_string(std::max(wanted.value, wanted.least));
    question.can_go_back = step > 1;
    const int least = wanted.least;
    const int most = wanted.most;
    question.validate = [least, most](const std::string& text) -> std::optional<std::string> {
        const auto value = number_in(text);
        if (value && *value >= least && *value <= most) return std::nullopt;
        return localize("Type a whole number from {} to {}.", least, most);
    };
    return question;
}

NumberQuestion scale_question(int step, const azure::ScaleSpec& spec, const std::string& name) {
    switch (step) {
        case 1:
            return {localize("Scale compute {}: minimum nodes", name),
                    localize("Nodes kept on, and paid for, when idle; with 0 an idle cluster costs "
                             "nothing"),
                    spec.min_nodes,
                    0,
                    most_nodes};
        case 2:
            return {localize("Scale compute {}: maximum nodes", name),
                    localize("Nodes the cluster may grow to; a node works on one run at a time"),
                    spec.max_nodes,
                    std::max(1, spec.min_nodes),
                    most_nodes};
        default:
            return {localize("Scale compute {}: idle time", name),
                    localize("Seconds after which an idle node is switched off"),
                    static_cast<int>(spec.idle_time.count()),
                    least_idle,
                    most_idle};
    }
}

std::string title_of(azure::PowerAction action, const std::string& name) {
    switch (action) {
        case azure::PowerAction::Start:
            return localize("Starting compute {}", name);
        case azure::PowerAction::Stop:
            return localize("Stopping compute {}", name);
        case azure::PowerAction::Restart:
            break;
    }
    return localize("Restarting compute {}", name);
}

}  // namespace

PlacesFeature::PlacesFeature(Services& services,
                             AccountFeature& account,
                             UiFeature& ui,
                             WorkspaceFeature& workspaces)
    : services_(services),
      account_(account),
      ui_(ui),
      workspaces_(workspaces) {}

void PlacesFeature::bind(CommandsFeature& commands) {
    commands.add("azureml.createWorkspace",
                 [this](CommandCall call) { return create_workspace(std::move(call)); });
    commands.add("azureml.deleteWorkspace",
                 [this](CommandCall call) { return delete_workspace(std::move(call)); });
    commands.add("azureml.compute.start", [this](CommandCall call) {
        return power(std::move(call), azure::PowerAction::Start);
    });
    commands.add("azureml.compute.stop", [this](CommandCall call) {
        return power(std::move(call), azure::PowerAction::Stop);
    });
    commands.add("azureml.compute.restart", [this](CommandCall call) {
        return power(std::move(call), azure::PowerAction::Restart);
    });
    commands.add("azureml.compute.scale",
                 [this](CommandCall call) { return scale(std::move(call)); });
    commands.add("azureml.compute.delete",
                 [this](CommandCall call) { return remove_compute(std::move(call)); });
}

asio::awaitable<std::string> PlacesFeature::subscription_of(CommandCall& call) {
    const auto address = address_of(call);
    if (address) co_return address->subscription;
    const auto session = services_.session();
    const auto all = co_await session->catalog.subscriptions(call.stop());
    if (all->size() == 1) co_return all->front().subscription_id;
    wizard::WizardTools tools{session->catalog, services_.state(), ui_};
    wizard::WizardDraft draft;
    const auto end = co_await wizard::choose_subscription(tools, draft, {}, call.stop());
    co_return end == wizard::StepEnd::Next ? draft.subscription_id : std::string();
}

asio::awaitable<protocol::Json> PlacesFeature::create_workspace(CommandCall call) {
    co_await account_.require_sign_in(call.stop());
    wizard::WorkspaceDraft draft;
    draft.wanted.subscription = co_await subscription_of(call);
    if (draft.wanted.subscription.empty()) co_return protocol::Json();
    const auto session = services_.session();
    const auto end =
        co_await wizard::create_workspace(session->catalog, ui_, draft, {}, call.stop());
    if (end != wizard::StepEnd::Next) co_return protocol::Json();
    const auto id = draft.made.id;
    session->tree.refresh(tree::subscription_row(id.subscription()));
    ui::Message message{.kind = ui::MessageKind::Info};
    message.text = localize("The workspace {} is ready to be used.", draft.made.name);
    const std::string use_it = localize("Use it in this folder");
    if (!services_.folders.empty()) message.actions = {use_it};
    const auto pressed = co_await ui_.message(std::move(message), call.stop());
    if (pressed == use_it) co_await workspaces_.use(id);
    co_return protocol::Json(id.to_string());
}

asio::awaitable<azure::ResourceId> PlacesFeature::workspace_of(CommandCall& call) {
    const auto address = address_of(call);
    if (address && !address->workspace.empty()) co_return address->workspace;
    const auto current = co_await workspaces_.current();
    if (current) co_return *current;
    throw Error(ErrorKind::Rejected,
                localize("Use the menu of a row in the sidebar, or open a folder that has a "
                         "workspace."));
}

asio::awaitable<protocol::Json> PlacesFeature::delete_workspace(CommandCall call) {
    co_await account_.require_sign_in(call.stop());
    const auto id = co_await workspace_of(call);
    const auto session = services_.session();
    auto* client = co_await session->catalog.client(call.stop());
    const auto contents = co_await workspace::contents_of(*client, id, call.stop());
    ui::Message question{.kind = ui::MessageKind::Warning};
    question.text = workspace::removal_question(contents, azure::Deletion::Recoverable);
    const std::string go_ahead = localize("Delete workspace");
    question.actions = {go_ahead};
    const auto pressed = co_await ui_.message(std::move(question), call.stop());
    if (pressed != go_ahead) co_return protocol::Json();
    Change removal = [id](azure::Client& azure_client,
                          azure::OnOperationProgress on_progress,
                          std::stop_token stop) {
        return azure::workspaces::remove(azure_client,
                                         id,
                                         azure::Deletion::Recoverable,
                                         std::move(on_progress),
                                         std::move(stop));
    };
    const bool done = co_await change(
        localize("Deleting workspace {}", id.name()), id, std::move(removal), call.stop());
    session->catalog.forget_workspaces(id.subscription());
    session->catalog.forget_workspace(id);
    session->tree.refresh(tree::subscription_row(id.subscription()));
    if (!done) co_return protocol::Json();
    services_.tell(protocol::MessageType::Info,
                   localize("The workspace {} is deleted.", id.name()));
    co_return protocol::Json(true);
}

asio::awaitable<std::optional<azure::Compute>> PlacesFeature::compute_of(CommandCall& call,
                                                                         Wanted wanted) {
    co_await account_.require_sign_in(call.stop());
    const auto workspace = co_await workspace_of(call);
    const auto session = services_.session();
    const auto address = address_of(call);
    if (address && address->kind == tree::row_kind::compute) {
        auto* client = co_await session->catalog.client(call.stop());
        auto id = workspace.child("computes", address->name);
        auto found = co_await azure::computes::find(*client, std::move(id), call.stop());
        if (!found)
            throw Error(ErrorKind::NotFound, localize("This row is no longer in the tree."));
        if (!wanted.fits(*found)) throw Error(ErrorKind::Rejected, wanted.none);
        co_return found;
    }
    const auto all = co_await session->catalog.computes(workspace, call.stop());
    ui::PickQuestion question{.title = wanted.title};
    for (const auto& compute : *all) {
        if (!wanted.fits(compute)) continue;
        ui::PickItem row{.id = compute.name, .label = compute.name};
        row.description = workspace::describe_state(compute);
        row.icon = compute.is_instance() ? "vm" : "server";
        question.items.push_back(std::move(row));
    }
    if (question.items.empty()) throw Error(ErrorKind::Rejected, wanted.none);
    const auto answer = co_await ui_.pick(std::move(question), call.stop());
    const auto* picked = std::get_if<ui::Picked>(&answer);
    if (picked == nullptr) co_return std::nullopt;
    for (const auto& compute : *all) {
        if (compute.name == picked->ids.front()) co_return compute;
    }
    co_return std::nullopt;
}

asio::awaitable<bool> PlacesFeature::change(std::string title,
                                            azure::ResourceId workspace,
                                            Change change,
                                            std::stop_token stop) {
    const auto session = services_.session();
    const auto view = ui_.progress(std::move(title));
    const async::LinkedStop either(stop, view->stop_token());
    azure::OnOperationProgress report = [&view](const azure::OperationProgress& progress) {
        view->report(
            localize("Azure is at it"),
            progress.percent ? std::optional(static_cast<int>(*progress.percent)) : std::nullopt);
    };
    bool done = true;
    try {
        auto* client = co_await session->catalog.client(either.token());
        auto changing = change(*client, std::move(report), either.token());
        co_await std::move(changing);
    } catch (const Error& error) {
        session->catalog.computes_changed(workspace);
        if (stop.stop_requested() || error.kind() != ErrorKind::Cancelled) throw;
        done = false;
    }
    session->catalog.computes_changed(workspace);
    if (!done) {
        services_.tell(protocol::MessageType::Info,
                       localize("Nobody waits for it any more; Azure goes on."));
    }
    co_return done;
}

asio::awaitable<protocol::Json> PlacesFeature::power(CommandCall call, azure::PowerAction action) {
    Wanted wanted{.fits = [](const azure::Compute& compute) { return compute.is_instance(); },
                  .title = localize("Which compute instance?"),
                  .none = localize("Only compute instances are started and stopped; the nodes of a "
                                   "cluster are switched on by runs.")};
    const auto compute = co_await compute_of(call, std::move(wanted));
    if (!compute) co_return protocol::Json();
    const auto id = compute->id;
    Change switching = [id, action](azure::Client& client,
                                    azure::OnOperationProgress on_progress,
                                    std::stop_token stop) -> asio::awaitable<void> {
        co_await azure::computes::power(
            client, id, action, std::move(on_progress), std::move(stop));
    };
    const bool done = co_await change(
        title_of(action, compute->name), id.workspace(), std::move(switching), call.stop());
    co_return done ? protocol::Json(true) : protocol::Json();
}

asio::awaitable<std::optional<azure::ScaleSpec>> PlacesFeature::ask_scale(
    const azure::Compute& cluster, std::stop_token stop) {
    azure::ScaleSpec spec;
    spec.min_nodes = cluster.min_nodes.value_or(0);
    spec.max_nodes = cluster.max_nodes.value_or(1);
    spec.idle_time = std::chrono::duration_cast<std::chrono::seconds>(
        cluster.idle_time.value_or(std::chrono::seconds(120)));
    for (int step = 1; step <= 3;) {
        auto question = input_of(scale_question(step, spec, cluster.name), step);
        const auto answer = co_await ui_.input(std::move(question), stop);
        if (std::holds_alternative<ui::Dismissed>(answer)) co_return std::nullopt;
        const auto* entered = std::get_if<ui::Entered>(&answer);
        if (entered == nullptr) {
            --step;
            continue;
        }
        const int value = number_in(entered->value).value_or(0);
        if (step == 1) spec.min_nodes = value;
        if (step == 2) spec.max_nodes = value;
        if (step == 3) spec.idle_time = std::chrono::seconds(value);
        ++step;
    }
    co_return spec;
}

asio::awaitable<bool> PlacesFeature::agrees_to_cost(azure::Compute cluster,
                                                    int nodes,
                                                    std::stop_token stop) {
    if (nodes == 0) co_return true;
    const auto session = services_.session();
    workspace::Catalog::List<azure::VmSize> sizes;
    try {
        auto listed =
            co_await session->catalog.vm_sizes(cluster.id.subscription(), cluster.location, stop);
        sizes = std::move(listed);
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::Cancelled) throw;
    }
    const auto* size = sizes ? workspace::find_size(*sizes, cluster.vm_size) : nullptr;
    const bool low_priority = same_name(cluster.vm_priority, "LowPriority");
    ui::Message question{.kind = ui::MessageKind::Warning};
    question.text = workspace::standing_cost(size, low_priority, nodes).value_or(std::string());
    const std::string go_ahead = localize("Scale it");
    question.actions = {go_ahead};
    const auto pressed = co_await ui_.message(std::move(question), std::move(stop));
    co_return pressed == go_ahead;
}

asio::awaitable<protocol::Json> PlacesFeature::scale(CommandCall call) {
    Wanted wanted{.fits = [](const azure::Compute& compute) { return compute.is_cluster(); },
                  .title = localize("Which cluster?"),
                  .none = localize("Only clusters can be scaled.")};
    const auto compute = co_await compute_of(call, std::move(wanted));
    if (!compute) co_return protocol::Json();
    const auto spec = co_await ask_scale(*compute, call.stop());
    if (!spec) co_return protocol::Json();
    const bool agrees = co_await agrees_to_cost(*compute, spec->min_nodes, call.stop());
    if (!agrees) co_return protocol::Json();
    const auto id = compute->id;
    Change scaling = [id, spec = *spec](azure::Client& client,
                                        azure::OnOperationProgress on_progress,
                                        std::stop_token stop) -> asio::awaitable<void> {
        co_await azure::computes::scale(client, id, spec, std::move(on_progress), std::move(stop));
    };
    const bool done = co_await change(localize("Scaling compute {}", compute->name),
                                      id.workspace(),
                                      std::move(scaling),
                                      call.stop());
    co_return done ? protocol::Json(true) : protocol::Json();
}

asio::awaitable<protocol::Json> PlacesFeature::remove_compute(CommandCall call) {
    Wanted wanted{.fits = [](const azure::Compute&) { return true; },
                  .title = localize("Which compute should be deleted?"),
                  .none = localize("The workspace has no compute.")};
    const auto compute = co_await compute_of(call, std::move(wanted));
    if (!compute) co_return protocol::Json();
    ui::Message question{.kind = ui::MessageKind::Warning};
    question.text = workspace::removal_question(*compute);
    const std::string go_ahead = localize("Delete compute");
    question.actions = {go_ahead};
    const auto pressed = co_await ui_.message(std::move(question), call.stop());
    if (pressed != go_ahead) co_return protocol::Json();
    const auto id = compute->id;
    Change removal =
        [id](azure::Client& client, azure::OnOperationProgress on_progress, std::stop_token stop) {
            return azure::computes::remove(client, id, std::move(on_progress), std::move(stop));
        };
    const bool done = co_await change(localize("Deleting compute {}", compute->name),
                                      id.workspace(),
                                      std::move(removal),
                                      call.stop());
    co_return done ? protocol::Json(true) : protocol::Json();
}

}  // namespace aml::features
