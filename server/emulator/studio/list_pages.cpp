#include "studio/list_pages.hpp"

#include "core/text.hpp"
#include "data/run_query.hpp"
#include "web/errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace aml::emulator {

namespace {

constexpr std::size_t runs_per_page = 50;

struct RunCounts {
    std::int64_t all = 0;
    std::int64_t unfinished = 0;
};

std::map<std::string, RunCounts> count_runs(Context& context, const Workspace& workspace) {
    std::map<std::string, RunCounts> counts;
    context.store.query(
        "SELECT experiment_id, count(*), sum(status NOT IN ('Completed', 'Failed', 'Canceled')) "
        "FROM runs "
        "WHERE workspace_id = ? GROUP BY experiment_id",
        {workspace.id},
        [&](const Row& row) {
            counts[row.text(0)] = {row.integer(1), row.integer(2)};
        });
    return counts;
}

std::string run_row(const Workspace& workspace, const Run& run, Time now) {
    const auto name = run.display_name.empty() ? run.id : run.display_name;
    const auto start = run.started.value_or(run.created);
    return fmt::format(
        "<tr><td class=\"wide\"><a "
        "href=\"{}\">{}</a></td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
        html_escape(run_address(workspace, run)),
        html_escape(name),
        badge(run.status),
        time_text(run.created),
        span_text(start, run.ended.value_or(now)),
        html_escape(run.target.empty() ? (run.kind == "job" ? "serverless" : "local") : run.target),
        html_escape(text_at(run.created_by, "userName")));
}

}  // namespace

Reply ListPages::home(const Request& request) {
    const auto workspaces = context_.resources.all_workspaces();
    if (workspaces.size() == 1) return experiments(workspaces.front());
    if (request.query.has("wsid")) {
        if (const auto workspace = find_workspace(context_, request.query.get("wsid")))
            return experiments(*workspace);
    }
    Page page{"Workspaces",
              {},
              "<div class=\"card\"><table><tr><th>Name</th><th>Resource group</th></tr>",
              false};
    for (const auto& workspace : workspaces) {
        page.body +=
            fmt::format("<tr><td class=\"wide\"><a href=\"/home{}\">{}</a></td><td>{}</td></tr>",
                        html_escape(workspace_parameter(workspace)),
                        html_escape(workspace.name),
                        html_escape(workspace.resource_group));
    }
    page.body += "</table></div>";
    return render(page);
}

Reply ListPages::experiments(const Workspace& workspace) {
    Page page{"Experiments in " + workspace.name, {{"Workspaces", "/"}}, "", true};
    const auto counts = count_runs(context_, workspace);
    auto found = context_.runs.list_experiments(workspace.id);
    std::erase_if(found,
                  [](const Experiment& experiment) { return experiment.archived.has_value(); });
    if (found.empty()) {
        page.body =
            "<div class=\"card soft\">No experiment yet. Submit a job, and it shows up here.</div>";
        return render(page);
    }
    page.body =
        "<div "
        "class=\"card\"><table><tr><th>Experiment</th><th>Runs</th><th>Active</th><th>Created</"
        "th></tr>";
    for (const auto& experiment : found) {
        const auto count = counts.find(experiment.id);
        const auto runs = count == counts.end() ? RunCounts{} : count->second;
        page.body += fmt::format(
            "<tr><td class=\"wide\"><a "
            "href=\"{}\">{}</a></td><td>{}</td><td>{}</td><td>{}</td></tr>",
            html_escape(experiment_address(workspace, experiment.id)),
            html_escape(experiment.name),
            runs.all,
            runs.unfinished,
            time_text(experiment.created));
    }
    page.body += "</table></div>";
    return render(page);
}

Reply ListPages::runs(const Workspace& workspace, const Request& request) {
    const auto experiment =
        context_.runs.find_experiment_by_id(workspace.id, request.param("experiment"));
    if (!experiment)
        throw surface_error(
            request, Surface::Page, 404, "NotFound", "There is no such experiment.");
    RunQuery query;
    query.conditions = {{"experiment_id = ?", {experiment->id}}};
    query.limit = runs_per_page;
    query.token = PageToken::decode(request.query.get("after"));
    const auto found = find_runs(context_, workspace.id, query);
    Page page{experiment->name,
              {{"Workspaces", "/"}, {workspace.name, "/home" + workspace_parameter(workspace)}},
              "",
              query.token.is_first()};
    page.body =
        "<div "
        "class=\"card\"><table><tr><th>Run</th><th>Status</th><th>Created</th><th>Duration</"
        "th><th>Compute</th>"
        "<th>Submitted by</th></tr>";
    for (const auto& run : found.runs) page.body += run_row(workspace, run, request.received);
    page.body += "</table></div><p>";
    const auto address = experiment_address(workspace, experiment->id);
    if (!query.token.is_first())
        page.body += fmt::format("<a href=\"{}\">Newest runs</a> ", html_escape(address));
    if (!found.next_token.empty()) {
        page.body += fmt::format(
            "<a href=\"{}&amp;after={}\">Older runs</a>", html_escape(address), found.next_token);
    }
    page.body += "</p>";
    return render(page);
}

std::string run_address(const Workspace& workspace, const Run& run) {
    return fmt::format("/runs/{}{}", percent_encode(run.id), workspace_parameter(workspace));
}

std::string experiment_address(const Workspace& workspace, std::string_view experiment_id) {
    return fmt::format(
        "/experiments/id/{}{}", percent_encode(experiment_id), workspace_parameter(workspace));
}

}  // namespace aml::emulator
