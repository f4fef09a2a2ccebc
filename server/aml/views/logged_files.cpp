#include "views/logged_files.hpp"

#include "azure/json_fields.hpp"
#include "support/text.hpp"
#include "views/charts.hpp"
#include "views/images.hpp"
#include "views/metric_history.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

namespace aml::views {
namespace {

using nlohmann::json;

/// Each costs two calls.
constexpr std::size_t most_contents = 20;

std::string_view after_slash(std::string_view path) {
    const auto slash = path.find('/');
    return slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
}

std::string_view folder_of(std::string_view path) {
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

/// What MLflow's `log_table` shows in a table.
bool is_picture_of_table(std::string_view path) {
    return path.starts_with("table_images/");
}

std::set<std::string_view> model_folders(const std::vector<std::string>& paths) {
    std::set<std::string_view> folders;
    for (const std::string_view path : paths) {
        if (path == "MLmodel" || path.ends_with("/MLmodel")) folders.insert(folder_of(path));
    }
    return folders;
}

}  // namespace

std::string file_of(const azure::Metric& metric, const azure::MetricRow& row) {
    constexpr std::string_view prefix = "aml://artifactId/";
    constexpr std::string_view outputs = "outputs/";
    if (row.data.empty()) return {};
    const auto* location = std::get_if<std::string>(&row.data.begin()->second);
    if (location == nullptr || !location->starts_with(prefix)) return {};
    auto path = std::string_view(*location).substr(prefix.size());
    if (metric.kind == "azureml.v1.image") return std::string(path);
    path = after_slash(after_slash(path));
    const bool has_outputs = metric.kind.starts_with("azureml.v1.") && path.starts_with(outputs);
    return std::string(has_outputs ? path.substr(outputs.size()) : path);
}

std::vector<std::string> table_files(const json& run_document) {
    const auto tag = azure::text(azure::member(run_document, {"tags"}), "mlflow.loggedArtifacts");
    const auto logged = json::parse(tag, nullptr, false);
    std::vector<std::string> files;
    for (const auto& file : logged) {
        if (azure::text(file, "type") == "table") files.push_back(azure::text(file, "path"));
    }
    return files;
}

void LoggedFiles::set_files(const std::vector<azure::Artifact>& files) {
    paths_.clear();
    for (const auto& file : files) {
        paths_.push_back(file.path);
        auto& version = versions_[file.path];
        if (version.revision > 0 && version.created_at == file.created_at) continue;
        version = {file.created_at, version.revision + 1};
        contents_.erase(file.path);
    }
}

void LoggedFiles::set_metric(const azure::Metric& metric) {
    auto& logged = metrics_[metric.name];
    logged.kind = kind_of(metric);
    logged.paths.clear();
    for (const auto& row : metric.rows) {
        auto path = file_of(metric, row);
        if (!path.empty()) logged.paths.push_back(std::move(path));
    }
}

std::vector<std::string> LoggedFiles::unread() const {
    std::set<std::string_view> known(tables_.begin(), tables_.end());
    for (const auto& [name, metric] : metrics_)
        known.insert(metric.paths.begin(), metric.paths.end());
    const auto models = model_folders(paths_);
    std::vector<std::string> found;
    for (const auto& path : paths_) {
        if (contents_.size() + found.size() >= most_contents) break;
        const bool may_be_chart = lower(path).ends_with(".json") && !known.contains(path) &&
                                  !models.contains(folder_of(path));
        if (may_be_chart && !contents_.contains(path)) found.push_back(path);
    }
    return found;
}

void LoggedFiles::set_content(const std::string& path, std::string_view content) {
    contents_[path] = !charts_in(content).empty();
}

std::vector<Image> LoggedFiles::images() const {
    std::vector<Image> images;
    std::set<std::string_view> claimed;
    for (const auto& [name, metric] : metrics_) {
        if (metric.kind != MetricKind::Picture || metric.paths.empty()) continue;
        claimed.insert(metric.paths.begin(), metric.paths.end());
        Image image{.name = name};
        // azureml-core knows no steps.
        const bool has_steps = metric.paths.size() > 1;
        for (const auto& path : metric.paths) {
            const auto step = static_cast<std::int64_t>(image.steps.size());
            image.steps.push_back({has_steps ? std::optional(step) : std::nullopt, path});
        }
        images.push_back(std::move(image));
    }
    auto others = paths_;
    std::erase_if(others, [&claimed](const std::string& path) {
        return is_picture_of_table(path) || claimed.contains(path);
    });
    std::ranges::move(images_among(others), std::back_inserter(images));
    std::ranges::stable_sort(images, {}, &Image::name);
    return images;
}

std::vector<LoggedFile> LoggedFiles::logged() const {
    std::vector<LoggedFile> logged;
    for (const auto& [name, metric] : metrics_) {
        if (metric.kind != MetricKind::Chart || metric.paths.empty()) continue;
        const auto& path = metric.paths.back();
        logged.push_back({name, LoggedKind::Chart, path, 1 + revision(path)});
    }
    for (const auto& path : tables_)
        logged.push_back({path, LoggedKind::Table, path, 1 + revision(path)});
    for (const auto& [path, is_chart] : contents_) {
        if (is_chart) logged.push_back({path, LoggedKind::Chart, path, 1 + revision(path)});
    }
    std::ranges::stable_sort(logged, {}, &LoggedFile::name);
    return logged;
}

std::uint64_t LoggedFiles::revision(const std::string& path) const {
    const auto version = versions_.find(path);
    return version == versions_.end() ? 0 : version->second.revision;
}

}  // namespace aml::views
