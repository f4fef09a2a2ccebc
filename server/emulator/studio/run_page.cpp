#include "studio/run_page.hpp"

#include "core/text.hpp"
#include "studio/chart.hpp"
#include "studio/list_pages.hpp"
#include "web/errors.hpp"
#include "web/message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <utility>

namespace aml::emulator {

namespace {

constexpr std::size_t chart_points = 500;
constexpr std::size_t most_charts = 50;
constexpr std::size_t most_outputs = 200;
constexpr std::uint64_t log_bytes = 64 * 1024;

std::string row(std::string_view name, std::string_view html) {
    return html.empty() ? ""
                        : fmt::format("<tr><th>{}</th><td class=\"wide\">{}</td></tr>", name, html);
}

std::string text_row(std::string_view name, std::string_view text) {
    return row(name, html_escape(text));
}

// The last bytes of a file, from a line's start, as valid UTF-8 whatever is in it.
std::string tail_of(const std::filesystem::path& path, std::uint64_t size) {
    const auto length = std::min(size, log_bytes);
    std::string tail(length, '\0');
    std::ifstream file(path, std::ios::binary);
    file.seekg(static_cast<std::streamoff>(size - length));
    file.read(tail.data(), static_cast<std::streamsize>(length));
    tail.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, file.gcount())));
    if (length < size) tail.erase(0, tail.find('\n') + 1);
    if (is_utf8(tail)) return tail;
    std::ranges::replace_if(
        tail, [](char c) { return static_cast<unsigned char>(c) >= 0x80 || c == '\0'; }, '?');
    return tail;
}

std::string error_of(const Run& run) {
    if (!run.error.is_object()) return {};
    const auto error = run.error.find("error");
    if (error == run.error.end() || !error->is_object()) return {};
    return fmt::format("<h2>Error</h2><div class=\"card error\"><pre>{}</pre></div>",
                       html_escape(text_at(*error, "message")));
}

std::string folded(std::string_view summary, const std::string& conda, std::string_view id) {
    const auto packages =
        conda.empty() ? std::string() : fmt::format("<pre>{}</pre>", html_escape(conda));
    return fmt::format("<details><summary>{}</summary>{}<p class=\"soft\">ID {}</p></details>",
                       summary,
                       packages,
                       html_escape(id));
}

}  // namespace

Reply RunPage::show(const Workspace& workspace, const Request& request) {
    const auto run = context_.runs.find(workspace.id, request.param("run"));
    if (!run)
        throw surface_error(
            request, Surface::Page, 404, "NotFound", "There is no such run in the workspace.");
    const auto experiment = context_.runs.find_experiment_by_id(workspace.id, run->experiment_id);
    Page page{run->display_name.empty() ? run->id : run->display_name,
              {{"Workspaces", "/"}, {workspace.name, "/home" + workspace_parameter(workspace)}},
              "",
              !is_final(run->status)};
    if (experiment)
        page.crumbs.push_back({experiment->name, experiment_address(workspace, experiment->id)});
    page.body = details(workspace, *run, request.received) + error_of(*run) + charts(*run) +
                outputs(workspace, *run, request.base_url) + logs(workspace, *run, request);
    return render(page);
}

std::string RunPage::details(const Workspace& workspace, const Run& run, Time now) {
    auto html = "<div class=\"card\"><table>" + row("Status", badge(run.status));
    if (run.queueing.is_object()) html += text_row("", text_at(run.queueing, "message"));
    html += text_row("Name", run.id) + text_row("Description", run.description) +
            text_row("Created", time_text(run.created)) +
            text_row("Submitted by", text_at(run.created_by, "userName"));
    if (run.started) {
        html += text_row("Started", time_text(*run.started));
        html += text_row("Duration", span_text(*run.started, run.ended.value_or(now)));
    }
    if (run.kind == "job") {
        html += text_row("Compute", run.target.empty() ? "serverless" : run.target);
        html += row("Command",
                    fmt::format("<code>{}</code>", html_escape(text_at(run.job, "command"))));
        const auto environment = text_at(run.job, "environmentId");
        const auto found = context_.resources.find(workspace.id,
                                                   "environments/versions",
                                                   id_segment(environment, "environments"),
                                                   id_segment(environment, "versions"));
        html += row("Environment", environment_cell(found, environment));
    }
    for (const auto& [name, value] : run.parameters.items()) {
        if (value.is_string())
            html += text_row(html_escape("Parameter " + name), value.get<std::string>());
    }
    for (const auto& [name, value] : run.tags.items()) {
        if (value.is_string() && !name.starts_with("_aml_system") && !name.starts_with("mlflow.")) {
            html += text_row(html_escape("Tag " + name), value.get<std::string>());
        }
    }
    if (!run.parent_id.empty()) {
        if (const auto parent = context_.runs.find(workspace.id, run.parent_id)) {
            html += row("Parent",
                        fmt::format("<a href=\"{}\">{}</a>",
                                    html_escape(run_address(workspace, *parent)),
                                    html_escape(parent->id)));
        }
    }
    return html + "</table></div>";
}

std::string RunPage::charts(const Run& run) {
    auto last = metrics_.last_values(run.sequence);
    if (last.empty()) return {};
    std::string html = "<h2>Metrics</h2>";
    if (last.size() > most_charts) {
        last.resize(most_charts);
        html += fmt::format("<p class=\"soft\">Only the first {} are shown.</p>", most_charts);
    }
    html += "<div class=\"charts\">";
    for (const auto& point : last) {
        html += fmt::format("<div class=\"card\"><div class=\"soft\">{}</div>",
                            html_escape(point.name));
        if (!point.data.is_null()) {
            html += fmt::format("<code>{}</code></div>", html_escape(point.data.dump()));
            continue;
        }
        html += fmt::format("<div class=\"value\">{}</div>", short_number(point.value));
        const auto rows = metrics_.sample(run.sequence, point.name, chart_points);
        // Logged without steps: the order of logging is what there is to plot against.
        const bool steps =
            std::ranges::any_of(rows, [](const MetricPoint& one) { return one.step != 0; });
        std::vector<ChartPoint> points;
        for (const auto& one : rows) {
            const auto x =
                steps ? static_cast<double>(one.step) : static_cast<double>(points.size());
            points.push_back({x, one.value});
        }
        if (points.size() > 1) html += line_chart(points);
        html += "</div>";
    }
    return html + "</div>";
}

std::string RunPage::outputs(const Workspace& workspace,
                             const Run& run,
                             const std::string& base_url) {
    auto blobs = artifacts_.list(workspace, run.id, "", "", most_outputs + 1);
    const auto logs = artifacts_.log_files(workspace, run.id, base_url);
    std::erase_if(
        blobs, [&](const Blob& blob) { return logs.contains(RunArtifacts::path(blob, run.id)); });
    if (blobs.empty()) return {};
    std::string html = "<h2>Outputs</h2><div class=\"card\"><table>";
    for (const auto& blob : blobs) {
        html += fmt::format("<tr><td class=\"wide\"><a href=\"{}\">{}</a></td><td>{}</td></tr>",
                            html_escape(blobs_.blob_url(base_url, blob.key, "r")),
                            html_escape(RunArtifacts::path(blob, run.id)),
                            size_text(blob.size));
    }
    html += "</table></div>";
    if (blobs.size() > most_outputs)
        html += fmt::format("<p class=\"soft\">Only the first {} are shown.</p>", most_outputs);
    return html;
}

std::string RunPage::logs(const Workspace& workspace, const Run& run, const Request& request) {
    const auto files = artifacts_.log_files(workspace, run.id, request.base_url);
    if (files.empty()) return {};
    auto chosen = request.query.get("log");
    if (!files.contains(chosen))
        chosen =
            files.contains("user_logs/std_log.txt") ? "user_logs/std_log.txt" : files.begin().key();
    const auto blob = blobs_.store().find(RunArtifacts::key(workspace, run.id, chosen));
    std::string html = "<h2>Logs</h2><p class=\"tabs\">";
    for (const auto& [path, address] : files.items()) {
        html += fmt::format("<a class=\"{}\" href=\"{}&amp;log={}\">{}</a>",
                            path == chosen ? "here" : "",
                            html_escape(run_address(workspace, run)),
                            percent_encode(path),
                            html_escape(path));
    }
    html += fmt::format("<a href=\"{}\">open whole file</a></p>",
                        html_escape(files[chosen].get<std::string>()));
    const auto tail = blob ? tail_of(blobs_.store().path_of(blob->content), blob->size) : "";
    return html + fmt::format("<pre class=\"log\">{}</pre>",
                              tail.empty() ? "Nothing yet." : html_escape(tail));
}

std::string environment_cell(const std::optional<Resource>& environment, std::string_view id) {
    const auto name = id_segment(id, "environments");
    const auto version = id_segment(id, "versions");
    const auto properties =
        environment ? environment->body.value("properties", json::object()) : json::object();
    if (properties.value("isAnonymous", json(false)) != true) {
        if (version.empty()) return html_escape(name.empty() ? id : name);
        return fmt::format("{}, version {}", html_escape(name), html_escape(version));
    }
    const auto image = text_at(properties, "image");
    const auto conda = text_at(properties, "condaFile");
    return fmt::format("{}{}",
                       image.empty() ? "Built for this run from a Dockerfile" : html_escape(image),
                       folded(conda.empty() ? "ID" : "Packages and ID", conda, id));
}

}  // namespace aml::emulator
