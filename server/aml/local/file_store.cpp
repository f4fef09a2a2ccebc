#include "local/file_store.hpp"

#include "http/url.hpp"
#include "runs/log_files.hpp"
#include "state/atomic_file.hpp"
#include "support/error.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <functional>
#include <sstream>
#include <system_error>
#include <utility>

namespace aml::local {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// MLflow's "Default", which every store has.
constexpr auto experiment_id = "0";
constexpr int status_running = 1;

fs::path experiment_folder(const RunFolder& folder) {
    return folder.store() / experiment_id;
}

fs::path run_folder(const RunFolder& folder) {
    return experiment_folder(folder) / folder.name();
}

/// YAML has JSON in it.
void write_meta(const fs::path& folder, const json& meta) {
    state::make_directory(folder);
    state::write_atomically(folder / "meta.yaml",
                            meta.dump(2, ' ', false, json::error_handler_t::replace) + "\n");
}

std::string text_of_file(const fs::path& file) {
    try {
        const auto bytes = state::read_file(file).value_or("");
        return runs::decode_utf8(bytes, runs::MoreBytes::None).text;
    } catch (const Error&) {
        // Being written, or gone again.
        return {};
    }
}

/// `take` gets each file below with its name, in which '/' divides folders.
void for_each_file(const fs::path& folder,
                   const std::function<void(std::string, const fs::path&)>& take) {
    std::error_code ignored;
    for (fs::recursive_directory_iterator entry(folder, ignored), end; !ignored && entry != end;
         entry.increment(ignored)) {
        std::error_code unknown;
        if (!entry->is_regular_file(unknown)) continue;
        take(entry->path().lexically_relative(folder).generic_string(), entry->path());
    }
}

/// `time value step`, of which early versions have no step. The last line may be half written.
std::vector<LoggedPoint> points_of(const std::string& text) {
    std::vector<LoggedPoint> points;
    std::istringstream lines(text.substr(0, text.rfind('\n') + 1));
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::int64_t milliseconds = 0;
        std::string value;
        LoggedPoint point;
        if (!(words >> milliseconds >> value)) continue;
        words >> point.step;
        point.time = async::Clock::TimePoint(std::chrono::milliseconds(milliseconds));
        // Also reads "nan" and "inf", which streams do not.
        point.value = std::strtod(value.c_str(), nullptr);
        points.push_back(point);
    }
    return points;
}

LoggedTexts texts_in(const RunFolder& folder, const char* kind) {
    LoggedTexts texts;
    for_each_file(run_folder(folder) / kind, [&](std::string name, const fs::path& file) {
        texts[std::move(name)] = text_of_file(file);
    });
    return texts;
}

}  // namespace

std::string file_uri(const fs::path& path) {
    auto text = path.generic_string();
    // A drive of Windows.
    if (!text.starts_with('/')) text.insert(0, "/");
    auto encoded = http::percent_encode_path(text);
    constexpr std::size_t after_drive = 2;
    if (encoded.compare(after_drive, 3, "%3A") == 0) encoded.replace(after_drive, 3, ":");
    return "file://" + encoded;
}

void make_store(const RunFolder& folder, const RunRecord& record) {
    const auto artifacts = file_uri(folder.root);
    const auto created =
        std::chrono::duration_cast<std::chrono::milliseconds>(record.created_at.time_since_epoch())
            .count();
    const json experiment{{"artifact_location", artifacts},
                          {"creation_time", created},
                          {"experiment_id", experiment_id},
                          {"last_update_time", created},
                          {"lifecycle_stage", "active"},
                          {"name", record.experiment}};
    const json run{{"artifact_uri", artifacts},
                   {"end_time", nullptr},
                   {"entry_point_name", ""},
                   {"experiment_id", experiment_id},
                   {"lifecycle_stage", "active"},
                   {"run_id", folder.name()},
                   {"run_name", record.display_name},
                   {"run_uuid", folder.name()},
                   {"source_name", ""},
                   {"source_type", 4},
                   {"source_version", ""},
                   {"start_time", created},
                   {"status", status_running},
                   {"tags", json::array()},
                   {"user_id", record.user}};
    write_meta(experiment_folder(folder), experiment);
    write_meta(run_folder(folder), run);
    for (const auto* kind : {"metrics", "params", "tags", "artifacts"})
        state::make_directory(run_folder(folder) / kind);
}

LoggedMetrics logged_metrics(const RunFolder& folder) {
    LoggedMetrics metrics;
    for_each_file(run_folder(folder) / "metrics", [&](std::string name, const fs::path& file) {
        if (auto points = points_of(text_of_file(file)); !points.empty())
            metrics[std::move(name)] = std::move(points);
    });
    return metrics;
}

LoggedTexts logged_parameters(const RunFolder& folder) {
    return texts_in(folder, "params");
}

LoggedTexts logged_tags(const RunFolder& folder) {
    return texts_in(folder, "tags");
}

}  // namespace aml::local
