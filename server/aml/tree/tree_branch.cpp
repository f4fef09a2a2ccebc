#include "tree/tree_branch.hpp"

#include "runs/run_status.hpp"
#include "support/json.hpp"
#include "support/localize.hpp"
#include "tree/tree_kinds.hpp"
#include "tree/tree_rows.hpp"
#include "workspace/saved_state.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace aml::tree {
namespace {

constexpr std::size_t most_kept_rows = 100;

// An empty tree is for the client to explain.
constexpr TreeKind top{.failed = Localizable("Could not list the subscriptions")};

const TreeKind& kind_above(const std::string& id) {
    const auto address = parse_address(id);
    return address ? kind_of(address->kind) : top;
}

TreeNode problem_row(const std::string& id, const Branch& branch, async::Clock::TimePoint now) {
    auto what = localize(kind_above(id).failed);
    if (!branch.rows.empty()) {
        const auto age =
            std::chrono::duration_cast<std::chrono::milliseconds>(now - branch.listed_at);
        what = localize("Not up to date, {} old", runs::duration_text(age));
    }
    auto row = rows::problem(id, what.shown(), branch.problem);
    if (branch.signed_out)
        row.command =
            RowCommand{.title = localize("Sign in"), .command = "azureml.signIn", .argument = {}};
    return row;
}

TreeNode filter_row(const std::string& id, const runs::RunFilter& filter) {
    TreeNode row{.id = id + "#filter",
                 .parent = id,
                 .label = localize("Filter"),
                 .description = runs::summary(filter)};
    row.icon = "filter-filled";
    row.kind = row_kind::filter;
    row.command = RowCommand{
        .title = localize("Change the filter"), .command = "azureml.filterRuns", .argument = {}};
    return row;
}

TreeNode arrangement_row(const std::string& id, const RunArrangement& arrangement) {
    TreeNode row{.id = id + "#arrangement",
                 .parent = id,
                 .label = localize("Arranged"),
                 .description = summary(arrangement)};
    row.icon = "list-ordered";
    row.kind = row_kind::filter;
    row.command = RowCommand{
        .title = localize("Arrange the runs"), .command = "azureml.arrangeRuns", .argument = {}};
    return row;
}

nlohmann::json row_to_json(const TreeNode& row) {
    nlohmann::json json{
        {"id", row.id}, {"label", row.label}, {"kind", row.kind}, {"icon", row.icon}};
    if (!row.parent.empty()) json["parent"] = row.parent;
    if (!row.description.empty()) json["description"] = row.description;
    if (!row.tooltip.empty()) json["tooltip"] = row.tooltip;
    if (!row.icon_color.empty()) json["color"] = row.icon_color;
    if (row.expandable) json["expandable"] = true;
    if (row.has_parts) json["parts"] = true;
    if (!row.resource_id.empty()) json["resource"] = row.resource_id;
    if (!row.portal_url.empty()) json["portal"] = row.portal_url;
    if (row.run) {
        json["run"] = {{"created", row.run->created_at},
                       {"group", static_cast<int>(row.run->group)}};
        if (row.run->metric) json["run"]["metric"] = *row.run->metric;
        if (row.run->best) json["run"]["best"] = true;
    }
    if (row.sweep) {
        json["sweep"] = {{"metric", row.sweep->metric},
                         {"minimizes", row.sweep->minimizes},
                         {"best", row.sweep->best_trial},
                         {"score", row.sweep->score}};
    }
    if (row.command) {
        json["command"] = {{"title", row.command->title},
                           {"id", row.command->command},
                           {"argument", row.command->argument}};
    }
    return json;
}

TreeNode row_from_json(const nlohmann::json& json) {
    TreeNode row{.id = text_of(json, "id"),
                 .parent = text_of(json, "parent"),
                 .label = text_of(json, "label")};
    row.description = text_of(json, "description");
    row.tooltip = text_of(json, "tooltip");
    row.icon = text_of(json, "icon");
    row.icon_color = text_of(json, "color");
    row.kind = text_of(json, "kind");
    row.expandable = json.value("expandable", false);
    row.has_parts = json.value("parts", false);
    row.resource_id = text_of(json, "resource");
    row.portal_url = text_of(json, "portal");
    if (const auto run = json.find("run"); run != json.end()) {
        row.run = RunKey{.created_at = run->value("created", std::int64_t{0})};
        row.run->group = static_cast<runs::RunGroup>(run->value("group", 0));
        if (run->contains("metric")) row.run->metric = run->value("metric", 0.0);
        row.run->best = run->value("best", false);
    }
    if (const auto sweep = json.find("sweep"); sweep != json.end()) {
        row.sweep = azure::SweepState{.metric = text_of(*sweep, "metric"),
                                      .minimizes = sweep->value("minimizes", false),
                                      .best_trial = text_of(*sweep, "best"),
                                      .score = text_of(*sweep, "score")};
    }
    if (const auto command = json.find("command"); command != json.end()) {
        row.command = RowCommand{.title = text_of(*command, "title"),
                                 .command = text_of(*command, "id"),
                                 .argument = text_of(*command, "argument")};
    }
    return row;
}

}  // namespace

std::vector<TreeNode> view(const std::string& id,
                           const Branch& branch,
                           const RunSelection& selection,
                           async::Clock::TimePoint now) {
    std::vector<TreeNode> shown;
    const auto address = parse_address(id);
    const auto& [filter, arrangement] = selection;
    const bool has_runs = address && address->kind == row_kind::experiment;
    const bool filtered = has_runs && (!filter.empty() || arrangement.only_mine);
    if (has_runs && !filter.empty()) shown.push_back(filter_row(id, filter));
    if (has_runs && !arrangement.empty()) shown.push_back(arrangement_row(id, arrangement));
    if (!branch.problem.empty()) {
        // A client greets whoever is signed out in a better way than a row could, if the tree is
        // empty.
        if (id.empty() && branch.signed_out && branch.rows.empty()) return {};
        shown.push_back(problem_row(id, branch, now));
    }
    if (address && address->kind == row_kind::active_run)
        shown.push_back(rows::run_files(address->workspace.child("jobs", address->name)));
    std::vector<TreeNode> rows(branch.rows.begin(), branch.rows.end());
    const bool has_parts = address && address->kind == row_kind::active_run;
    if ((has_runs || has_parts) && arrangement.order != RunOrder::Newest)
        arrange(rows, arrangement.order);
    shown.insert(shown.end(), rows.begin(), rows.end());
    if (branch.has_more()) {
        shown.push_back(more_row(id, branch));
    } else if (branch.rows.empty() && branch.problem.empty() && !id.empty()) {
        const auto& kind = kind_above(id);
        // Its files stand there.
        if (kind.nothing.english().empty()) return shown;
        shown.push_back(rows::nothing(
            id, filtered ? localize("No run matches the filter") : localize(kind.nothing)));
        if (!filtered && !kind.hint.english().empty()) shown.back().tooltip = localize(kind.hint);
    }
    return shown;
}

TreeNode more_row(const std::string& id, const Branch& branch) {
    auto row = rows::load_more(id);
    if (branch.loading_more) {
        row.label = localize("Loading…");
        row.command.reset();
    }
    return row;
}

nlohmann::json to_json(const Branch& branch) {
    nlohmann::json json;
    json["listedAt"] =
        std::chrono::duration_cast<std::chrono::milliseconds>(branch.listed_at.time_since_epoch())
            .count();
    json["language"] = language_tag();
    if (branch.has_more() || branch.rows.size() > most_kept_rows) json["more"] = true;
    auto& rows = json["rows"] = nlohmann::json::array();
    for (const auto& row : branch.rows) {
        if (rows.size() == most_kept_rows) break;
        // What failed and what is hidden belongs to today, and so do their clicks.
        if (row.kind == row_kind::problem || row.kind == row_kind::filter) continue;
        rows.push_back(row_to_json(row));
    }
    return json;
}

std::optional<Branch> branch_from_json(const nlohmann::json& json) {
    if (!json.is_object()) return std::nullopt;
    const auto rows = json.find("rows");
    const auto listed_at = json.find("listedAt");
    if (rows == json.end() || !rows->is_array() || listed_at == json.end() ||
        !listed_at->is_number_integer()) {
        return std::nullopt;
    }
    // Rows are kept as they were shown.
    if (text_of(json, "language") != language_tag()) return std::nullopt;
    Branch branch;
    branch.state = Branch::State::Cached;
    branch.listed_at =
        async::Clock::TimePoint(std::chrono::milliseconds(listed_at->get<std::int64_t>()));
    const auto more = json.find("more");
    branch.had_more = more != json.end() && *more == true;
    for (const auto& row : *rows) {
        if (!row.is_object()) return std::nullopt;
        branch.rows.append(row_from_json(row));
    }
    return branch;
}

}  // namespace aml::tree
