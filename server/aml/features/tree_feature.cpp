#include "features/tree_feature.hpp"

#include "azure/jobs.hpp"
#include "features/azure_session.hpp"
#include "features/convert.hpp"
#include "features/convert_tree.hpp"
#include "local/this_computer.hpp"
#include "platform/path.hpp"
#include "runs/run_status.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"
#include "tree/shown_subscriptions.hpp"
#include "tree/tooltip.hpp"
#include "tree/tree_rows.hpp"
#include "views/metric_trend.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace aml::features {
namespace {

constexpr std::string_view row_wanted = "the id of a row of the tree";
constexpr auto cancel_button = Localizable("Cancel run");
constexpr std::string_view everybodys_item = "everybodys";
constexpr std::string_view mine_item = "mine";
constexpr std::string_view in_force_icon = "check";

ui::PickQuestion status_question(const runs::RunFilter& now) {
    ui::PickQuestion question{.title = localize("Filter runs: state"), .step = 1, .total_steps = 2};
    question.placeholder = localize("Which runs? Check none to see all");
    question.can_pick_many = true;
    for (const auto& choice : runs::group_choices) {
        ui::PickItem item{.id = std::string(choice.id), .label = localize(choice.label)};
        item.icon = choice.icon;
        item.picked = now.groups.contains(choice.group);
        question.items.push_back(std::move(item));
    }
    return question;
}

std::set<runs::RunGroup> groups_of(const std::vector<std::string>& ids) {
    std::set<runs::RunGroup> groups;
    for (const auto& choice : runs::group_choices) {
        if (std::find(ids.begin(), ids.end(), choice.id) != ids.end()) groups.insert(choice.group);
    }
    return groups;
}

ui::PickQuestion subscriptions_question(const std::vector<azure::Subscription>& all,
                                        const std::set<std::string>& hidden) {
    ui::PickQuestion question{.title = localize("Select subscriptions")};
    question.placeholder = localize("Which subscriptions should the tree show?");
    question.can_pick_many = true;
    for (const auto& subscription : all) {
        const auto id = lower(subscription.subscription_id);
        ui::PickItem item{.id = id, .label = subscription.display_name};
        item.description = subscription.subscription_id;
        item.icon = "key";
        item.picked = !hidden.contains(id);
        question.items.push_back(std::move(item));
    }
    return question;
}

ui::PickQuestion arrangement_question(const tree::RunArrangement& now) {
    ui::PickQuestion question{.title = localize("Arrange runs")};
    question.placeholder = localize("In which order, and whose?");
    const auto add = [&](std::string_view id, LocalizedText label, std::string_view icon) {
        ui::PickItem item{.id = std::string(id), .label = std::move(label)};
        item.icon = icon;
        question.items.push_back(std::move(item));
    };
    question.items.push_back(ui::PickItem::separator(localize("Order")));
    for (const auto& choice : tree::order_choices) {
        const bool is_in_force = choice.order == now.order;
        add(choice.id, localize(choice.label), is_in_force ? in_force_icon : choice.icon);
        question.items.back().picked = is_in_force;
    }
    question.items.push_back(ui::PickItem::separator(localize("Whose")));
    add(everybodys_item, localize("Everybody's"), now.only_mine ? "organization" : in_force_icon);
    add(mine_item, localize("Only mine"), now.only_mine ? in_force_icon : "account");
    return question;
}

/// The row of this computer: under it stand the experiments of its runs.
std::string local_row() {
    return tree::folder_row(local::this_computer(), tree::row_kind::experiments);
}

tree::TreeNode row_of_this_computer() {
    tree::TreeNode node{.id = local_row(), .label = localize("This computer")};
    node.icon = "vm";
    node.kind = tree::row_kind::experiments;
    node.expandable = true;
    node.tooltip = localize("Runs of your configurations on this computer");
    return node;
}

tree::TreeAddress run_address(const std::string& id) {
    auto address = tree::parse_address(id);
    if (!address || address->kind != tree::row_kind::active_run) {
        throw Error(ErrorKind::InvalidParams, "/params/arguments/0: expected the row of a run");
    }
    return std::move(*address);
}

}  // namespace

TreeFeature::TreeFeature(Services& services, UiFeature& ui)
    : services_(services),
      ui_(ui) {
    services_.on_session([this](AzureSession& session) {
        session.tree.on_change([this](const tree::TreeChange& change) {
            services_.client.notify<protocol::TreeDidChange>(to_wire(change));
        });
        // Before the first session the client has seen no tree.
        if (std::exchange(shown_, true)) services_.client.notify<protocol::TreeDidChange>({});
    });
    services_.on_here([this](AzureSession& session) {
        session.tree.on_change([this](const tree::TreeChange& change) {
            services_.client.notify<protocol::TreeDidChange>(to_wire(change));
        });
    });
}

void TreeFeature::bind(rpc::Router& router, CommandsFeature& commands) {
    router.request<protocol::TreeChildren>(this, &TreeFeature::children);
    router.request<protocol::TreeDetails>(this, &TreeFeature::details);
    router.request<protocol::TreeTooltip>(this, &TreeFeature::tooltip);
    // VS Code hands the button of the view the row that has the focus: it means all of them.
    commands.add("azureml.refresh", [this](CommandCall) { return refresh(std::string()); });
    commands.add("azureml.tree.refresh",
                 [this](CommandCall call) { return refresh(call.text(row_wanted)); });
    // The row of a failure names the list that failed; that of the top of the tree has no id.
    commands.add("azureml.tree.retry",
                 [this](CommandCall call) { return refresh(call.optional_text().value_or("")); });
    commands.add("azureml.loadMore",
                 [this](CommandCall call) { return load_more(std::move(call)); });
    commands.add("azureml.filterRuns",
                 [this](CommandCall call) { return filter_runs(std::move(call)); });
    commands.add("azureml.arrangeRuns",
                 [this](CommandCall call) { return arrange_runs(std::move(call)); });
    commands.add("azureml.selectSubscriptions",
                 [this](CommandCall call) { return select_subscriptions(std::move(call)); });
    commands.add("azureml.openInPortal",
                 [this](CommandCall call) { return open_in_portal(std::move(call)); });
    commands.add("azureml.run.openInPortal",
                 [this](CommandCall call) { return open_in_portal(std::move(call)); });
    commands.add("azureml.copyName",
                 [this](CommandCall call) { return copy_name(std::move(call)); });
    commands.add("azureml.copyId", [this](CommandCall call) { return copy_id(std::move(call)); });
    commands.add("azureml.copyLink",
                 [this](CommandCall call) { return copy_link(std::move(call)); });
    commands.add("azureml.run.cancel",
                 [this](CommandCall call) { return cancel_run(std::move(call)); });
}

asio::awaitable<void> TreeFeature::show_here() {
    const auto here = services_.here();
    here->tree.refresh(local_row());
    co_await here->tree.children(local_row(), services_.tasks.stop_token());
    services_.client.notify<protocol::TreeDidChange>({});
}

void TreeFeature::reveal_run(const azure::ResourceId& job, const std::string& experiment) {
    protocol::TreeRevealParams params{.path = tree::path_to_run(job, experiment)};
    // This computer stands at the top.
    if (local::is_here(job.key())) params.path.erase(params.path.begin(), params.path.begin() + 2);
    services_.tasks.spawn(reveal(std::move(params)));
}

asio::awaitable<void> TreeFeature::reveal(protocol::TreeRevealParams params) {
    try {
        co_await services_.client.request<protocol::TreeReveal>(std::move(params),
                                                                services_.tasks.stop_token());
    } catch (const Error& error) {
        services_.log.debug("the run was not revealed: {}", error.message());
    }
}

asio::awaitable<protocol::TreeChildrenResult> TreeFeature::children(
    protocol::TreeChildrenParams params, rpc::RequestContext& context) {
    const auto id = params.id.value_or(std::string());
    const auto session = services_.session_of(id);
    co_await recall_arrangement(services_.session());
    auto nodes = co_await session->tree.children(id, context.stop());
    if (id.empty()) {
        const auto runs_here =
            co_await services_.here()->tree.children(local_row(), context.stop());
        const bool any = !runs_here.empty() && runs_here.front().kind == tree::row_kind::experiment;
        if (any) nodes.push_back(row_of_this_computer());
    }
    protocol::TreeChildrenResult result;
    result.nodes = to_wire(nodes);
    co_return result;
}

asio::awaitable<protocol::TreeDetailsResult> TreeFeature::details(
    protocol::TreeDetailsParams params, rpc::RequestContext& context) {
    const auto session = services_.session_of(params.id);
    auto found = co_await session->tree.details(std::move(params.id), context.stop());
    protocol::TreeDetailsResult result{.title = std::move(found.title),
                                       .content = std::move(found.content)};
    co_return result;
}

asio::awaitable<protocol::TreeTooltipResult> TreeFeature::tooltip(
    protocol::TreeTooltipParams params, rpc::RequestContext& context) {
    const auto session = services_.session_of(params.id);
    const auto row = session->tree.find(params.id);
    protocol::TreeTooltipResult result;
    if (!row) co_return result;
    auto text = row->tooltip;
    const auto job = row->run ? azure::ResourceId::parse(row->resource_id) : std::nullopt;
    if (job) {
        const auto trend = co_await trend_of(*session, *job, context.stop());
        if (!trend.empty()) text += "\n\n" + tree::escape_markdown(trend);
    }
    result.tooltip = unless_empty(text);
    co_return result;
}

asio::awaitable<std::string> TreeFeature::trend_of(AzureSession& session,
                                                   azure::ResourceId job,
                                                   std::stop_token stop) {
    constexpr std::size_t most_trends = 500;
    if (const auto known = trends_.find(job); known != trends_.end()) co_return known->second;
    auto run = session.watcher.find(job).value_or(runs::RunSnapshot{.job = job});
    const bool is_over = run.is_final() || !session.watcher.find(job);
    std::string trend;
    try {
        auto text = co_await views::main_trend(session.access, std::move(run), stop);
        trend = std::move(text);
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::Cancelled) throw;
        services_.log.info("the metric of {} could not be read: {}", job.name(), error.message());
        co_return std::string();
    }
    if (trends_.size() >= most_trends) trends_.clear();
    if (is_over) trends_[job] = trend;
    co_return trend;
}

asio::awaitable<protocol::Json> TreeFeature::refresh(std::string id) {
    const auto session = services_.session_of(id);
    if (id.empty()) session->catalog.clear();
    if (on_refresh_) on_refresh_();
    if (tree::parse_tenant_row(id)) session->catalog.forget_subscriptions();
    session->tree.refresh(id);
    co_return protocol::Json();
}

asio::awaitable<protocol::Json> TreeFeature::load_more(CommandCall call) {
    const auto id = call.text(row_wanted);
    const auto session = services_.session_of(id);
    co_await session->tree.load_more(id, call.stop());
    co_return protocol::Json();
}

asio::awaitable<std::string> TreeFeature::portal_url(std::string id, std::stop_token stop) {
    const auto session = services_.session_of(id);
    auto url = co_await session->tree.portal_url(std::move(id), std::move(stop));
    if (url.empty())
        throw Error(ErrorKind::NotFound, localize("This row has no page in Azure ML studio."));
    co_return url;
}

asio::awaitable<protocol::Json> TreeFeature::open_in_portal(CommandCall call) {
    auto url = co_await portal_url(call.text(row_wanted), call.stop());
    co_await ui_.show_page(url, call.stop());
    co_return protocol::Json(url);
}

asio::awaitable<protocol::Json> TreeFeature::copy_name(CommandCall call) {
    const auto row = row_of(call.text(row_wanted));
    // A run is known to Azure by another name than the one shown.
    const bool is_run =
        row.kind == tree::row_kind::active_run || row.kind == tree::row_kind::final_run;
    auto name = is_run ? row.resource_id.substr(row.resource_id.rfind('/') + 1) : row.label;
    return copy(std::move(name), call.stop());
}

asio::awaitable<protocol::Json> TreeFeature::copy_id(CommandCall call) {
    return copy(row_of(call.text(row_wanted)).resource_id, call.stop());
}

asio::awaitable<protocol::Json> TreeFeature::copy_link(CommandCall call) {
    auto url = co_await portal_url(call.text(row_wanted), call.stop());
    co_return co_await copy(std::move(url), call.stop());
}

asio::awaitable<protocol::Json> TreeFeature::copy(std::string text, std::stop_token stop) {
    protocol::CopyParams params{.text = text};
    co_await services_.client.request<protocol::UiCopy>(std::move(params), std::move(stop));
    co_return protocol::Json(text);
}

tree::TreeNode TreeFeature::row_of(const std::string& id) const {
    auto row = services_.session_of(id)->tree.find(id);
    if (!row) throw Error(ErrorKind::NotFound, localize("This row is no longer in the tree."));
    return std::move(*row);
}

asio::awaitable<protocol::Json> TreeFeature::cancel_run(CommandCall call) {
    const auto id = call.text(row_wanted);
    const auto session = services_.session_of(id);
    const auto address = run_address(id);
    const auto row = session->tree.find(id);
    ui::Message question{.kind = ui::MessageKind::Warning};
    question.text = localize("Cancel the run {}? What it has saved so far is kept.",
                             row ? row->label : address.name);
    const std::string cancel = localize(cancel_button);
    question.actions = {cancel};
    const auto pressed = co_await ui_.message(std::move(question), call.stop());
    if (pressed != cancel) co_return protocol::Json();
    auto* connection = co_await session->access.connect(call.stop());
    co_await azure::jobs::cancel(connection->client, address.workspace, address.name, call.stop());
    session->watcher.ask_soon(address.workspace.child("jobs", address.name));
    co_return protocol::Json(true);
}

asio::awaitable<protocol::Json> TreeFeature::filter_runs(CommandCall call) {
    const auto session = services_.session();
    auto selection = session->tree.selection();
    auto filter = co_await ask_filter(selection.filter, call.stop());
    if (!filter) co_return protocol::Json();
    selection.filter = std::move(*filter);
    session->tree.select(std::move(selection));
    co_return protocol::Json();
}

asio::awaitable<protocol::Json> TreeFeature::arrange_runs(CommandCall call) {
    const auto session = services_.session();
    co_await recall_arrangement(session);
    auto selection = session->tree.selection();
    auto& arrangement = selection.arrangement;
    auto question = arrangement_question(arrangement);
    const auto answer = co_await ui_.pick(std::move(question), call.stop());
    const auto* picked = std::get_if<ui::Picked>(&answer);
    if (picked == nullptr) co_return protocol::Json();
    const auto& id = picked->ids.front();
    const auto choice = std::ranges::find(tree::order_choices, id, &tree::OrderChoice::id);
    if (choice != tree::order_choices.end()) {
        arrangement.order = choice->order;
    } else {
        arrangement.only_mine = id == mine_item;
    }
    state::Entries entry{{folder_key(), tree::to_json(arrangement)}};
    session->tree.select(std::move(selection));
    co_await services_.state().remember_entries(workspace::StateFile::Arrangements,
                                                std::move(entry));
    co_return protocol::Json();
}

asio::awaitable<void> TreeFeature::recall_arrangement(std::shared_ptr<AzureSession> session) {
    if (arranged_.lock() == session) co_return;
    const auto entries = co_await services_.state().recall(workspace::StateFile::Arrangements);
    if (arranged_.lock() == session) co_return;
    arranged_ = session;
    const auto found = entries.find(folder_key());
    if (found == entries.end()) co_return;
    auto selection = session->tree.selection();
    selection.arrangement = tree::arrangement_from_json(found->second);
    session->tree.select(std::move(selection));
}

std::string TreeFeature::folder_key() const {
    return services_.folders.empty() ? std::string()
                                     : platform::path_key(services_.folders.front());
}

asio::awaitable<protocol::Json> TreeFeature::select_subscriptions(CommandCall call) {
    const auto session = services_.session();
    const auto arm = session->access.settings().arm_endpoint;
    const auto all = co_await session->catalog.subscriptions(call.stop());
    auto hidden = co_await tree::hidden_subscriptions(services_.state(), arm);
    auto question = subscriptions_question(*all, hidden);
    const auto answer = co_await ui_.pick(std::move(question), call.stop());
    const auto* picked = std::get_if<ui::Picked>(&answer);
    if (picked == nullptr) co_return protocol::Json();
    for (const auto& subscription : *all) {
        const auto id = lower(subscription.subscription_id);
        const bool shown =
            std::find(picked->ids.begin(), picked->ids.end(), id) != picked->ids.end();
        if (shown) {
            hidden.erase(id);
        } else {
            hidden.insert(id);
        }
    }
    co_await tree::hide_subscriptions(services_.state(), arm, std::move(hidden));
    session->tree.refresh_top();
    co_return protocol::Json();
}

asio::awaitable<std::optional<runs::RunFilter>> TreeFeature::ask_filter(runs::RunFilter now,
                                                                        std::stop_token stop) {
    for (;;) {
        auto states = status_question(now);
        const auto answer = co_await ui_.pick(std::move(states), stop);
        const auto* picked = std::get_if<ui::Picked>(&answer);
        if (picked == nullptr) co_return std::nullopt;
        now.groups = groups_of(picked->ids);
        ui::InputQuestion question{
            .title = localize("Filter runs: text"), .step = 2, .total_steps = 2};
        question.prompt =
            localize("Text in the run's name, compute or author; leave it empty for all");
        question.value = now.text;
        question.can_go_back = true;
        const auto typed = co_await ui_.input(std::move(question), stop);
        if (std::holds_alternative<ui::Dismissed>(typed)) co_return std::nullopt;
        const auto* entered = std::get_if<ui::Entered>(&typed);
        if (entered == nullptr) continue;
        now.text = trimmed(entered->value);
        co_return now;
    }
}

}  // namespace aml::features
