#include "local/answers.hpp"

#include "azure/json_fields.hpp"
#include "azure/run_history.hpp"
#include "azure/run_json.hpp"
#include "local/file_store.hpp"
#include "local/this_computer.hpp"
#include "runs/run_metrics.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <set>
#include <system_error>
#include <utility>

namespace aml::local {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// Of the parts of a run's folder: what is not stored with the run.
constexpr std::string_view own_folder = ".run";
constexpr std::string_view code_folder_name = "code";

/// Later states of a run have higher ones.
std::int64_t revision_of(const RunState& state) {
    if (has_ended(state)) return 5;
    if (state.status == "CancelRequested") return 4;
    if (state.status == "Running") return 3;
    return state.status == "Preparing" ? 2 : 1;
}

/// JSON has no numbers for some.
json number_json(double value) {
    return std::isfinite(value) ? json(value) : json(runs::number_text(value));
}

json row_json(const std::string& metric, std::size_t place, const LoggedPoint& point) {
    return {{"metricId", fmt::format("{}", place)},
            {"createdUtc", azure::format_time(point.time)},
            {"step", point.step},
            {"data", {{metric, number_json(point.value)}}}};
}

json head_json(const std::string& metric) {
    return {{"name", metric},
            {"columns", {{metric, "Double"}}},
            {"properties", {{"uxMetricType", "azureml.v1.scalar"}}},
            {"value", json::array()}};
}

void add_files(const fs::path& folder, const std::string& prefix, std::set<std::string>& names) {
    std::error_code ignored;
    const auto links = fs::directory_options::follow_directory_symlink;
    for (fs::recursive_directory_iterator entry(folder, links, ignored), end;
         !ignored && entry != end;
         entry.increment(ignored)) {
        std::error_code unknown;
        const auto name = entry->path().lexically_relative(folder).generic_string();
        const bool is_ours = prefix.empty() && (name == own_folder || name == code_folder_name);
        if (is_ours) entry.disable_recursion_pending();
        if (entry->is_regular_file(unknown)) names.insert(prefix + name);
    }
}

/// Folders that stay where the command writes them, as no link could be made.
std::vector<std::string> unlinked_folders(const RunFolder& folder) {
    std::vector<std::string> names;
    for (const std::string name : {"outputs", "logs"}) {
        std::error_code ignored;
        const auto written = folder.code() / name;
        if (!fs::is_symlink(written, ignored) && fs::is_directory(written, ignored))
            names.push_back(name);
    }
    return names;
}

bool leads_elsewhere(const fs::path& name) {
    return name.empty() || name.is_absolute() || name.has_root_name() || *name.begin() == ".." ||
           *name.begin() == own_folder || *name.begin() == code_folder_name;
}

}  // namespace

std::vector<RunFolder> all_runs(const std::vector<fs::path>& places) {
    std::vector<std::pair<async::Clock::TimePoint, RunFolder>> dated;
    std::set<fs::path> seen;
    for (const auto& place : places) {
        if (!seen.insert(place.lexically_normal()).second) continue;
        for (auto& folder : runs_in(place)) {
            const auto record = record_of(folder);
            if (record) dated.emplace_back(record->created_at, std::move(folder));
        }
    }
    std::stable_sort(dated.begin(), dated.end(), [](const auto& left, const auto& right) {
        return left.first > right.first;
    });
    std::vector<RunFolder> runs;
    for (auto& [time, folder] : dated) runs.push_back(std::move(folder));
    return runs;
}

json history_json(const RunFolder& folder) {
    const auto record = record_of(folder).value_or(RunRecord());
    const auto state = state_of(folder);
    azure::Run run;
    run.run_id = folder.name();
    run.display_name = record.display_name;
    run.status = state.status;
    run.created_by = record.user;
    run.target = localize("this computer");
    run.experiment_id = record.experiment;
    run.created_at = record.created_at;
    run.started_at = state.started_at;
    run.ended_at = state.ended_at;
    run.revision = revision_of(state);
    if (!state.error.empty()) run.error = azure::RunError{"UserError", state.error};
    auto document = azure::run_to_json(run);
    document["parameters"] = logged_parameters(folder);
    document["tags"] = logged_tags(folder);
    return document;
}

json job_json(const RunFolder& folder) {
    const auto record = record_of(folder).value_or(RunRecord());
    auto properties = json::parse(record.job, nullptr, false);
    if (!properties.is_object()) properties = json::object();
    properties["jobType"] = "Command";
    properties["status"] = state_of(folder).status;
    properties["displayName"] = record.display_name;
    properties["experimentName"] = record.experiment;
    return {{"id", this_computer().child("jobs", folder.name()).to_string()},
            {"name", folder.name()},
            {"properties", std::move(properties)},
            {"systemData",
             {{"createdAt", azure::format_time(record.created_at)}, {"createdBy", record.user}}}};
}

json metric_json(const RunFolder& folder,
                 const std::string& name,
                 std::optional<async::Clock::TimePoint> since) {
    auto answer = head_json(name);
    const auto metrics = logged_metrics(folder);
    const auto found = metrics.find(name);
    if (found == metrics.end()) return answer;
    for (std::size_t place = 0; place < found->second.size(); ++place) {
        const auto& point = found->second[place];
        if (since && point.time < *since) continue;
        answer["value"].push_back(row_json(name, place, point));
    }
    return answer;
}

json last_metrics_json(const RunFolder& folder) {
    json answer{{"value", json::array()}};
    for (const auto& [name, points] : logged_metrics(folder)) {
        auto metric = head_json(name);
        metric["value"].push_back(row_json(name, points.size() - 1, points.back()));
        answer["value"].push_back(std::move(metric));
    }
    return answer;
}

json logged_json(const RunFolder& folder) {
    json metrics = json::array();
    for (const auto& [name, points] : logged_metrics(folder))
        metrics.push_back({{"key", name}, {"value", number_json(points.back().value)}});
    const auto pairs = [](const LoggedTexts& texts) {
        json all = json::array();
        for (const auto& [key, value] : texts) all.push_back({{"key", key}, {"value", value}});
        return all;
    };
    return {{"info", {{"run_id", folder.name()}}},
            {"data",
             {{"metrics", std::move(metrics)},
              {"params", pairs(logged_parameters(folder))},
              {"tags", pairs(logged_tags(folder))}}}};
}

std::vector<std::string> stored_files(const RunFolder& folder) {
    std::set<std::string> names;
    add_files(folder.root, "", names);
    for (const auto& name : unlinked_folders(folder))
        add_files(folder.code() / name, name + "/", names);
    return {names.begin(), names.end()};
}

std::optional<fs::path> place_of_stored(const RunFolder& folder, std::string_view name) {
    const auto path = fs::path(name).lexically_normal();
    if (leads_elsewhere(path)) return std::nullopt;
    for (const auto& unlinked : unlinked_folders(folder)) {
        const auto place = folder.code() / path;
        std::error_code ignored;
        if (*path.begin() == unlinked && fs::exists(place, ignored)) return place;
    }
    return folder.root / path;
}

}  // namespace aml::local
