#include "cli/run_report.hpp"

#include "azure/json_fields.hpp"
#include "cli/display_width.hpp"
#include "runs/run_status.hpp"
#include "support/localize.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace aml::cli {
namespace {

void add_text(nlohmann::json& json, const char* key, const std::string& text) {
    if (!text.empty()) json[key] = text;
}

void add_time(nlohmann::json& json,
              const char* key,
              const std::optional<async::Clock::TimePoint>& time) {
    if (time) json[key] = azure::format_time(*time);
}

}  // namespace

ExitCode exit_code_of(std::string_view status) {
    const auto* known = runs::find_status(status);
    if (known == nullptr || known->phase != runs::RunPhase::Final) return ExitCode::Unfinished;
    switch (known->group) {
        case runs::RunGroup::Completed:
            return ExitCode::Completed;
        case runs::RunGroup::Cancelled:
            return ExitCode::Cancelled;
        default:
            return ExitCode::Failed;
    }
}

Colour colour_of(std::string_view status) {
    switch (exit_code_of(status)) {
        case ExitCode::Completed:
            return Colour::Green;
        case ExitCode::Failed:
            return Colour::Red;
        case ExitCode::Cancelled:
            return Colour::Yellow;
        default:
            return Colour::Blue;
    }
}

std::string duration_text(std::chrono::milliseconds duration) {
    using std::chrono::duration_cast;
    const auto seconds = duration_cast<std::chrono::seconds>(duration).count();
    if (seconds < 1) return localize("{} ms", duration.count());
    if (seconds < 60) return localize("{} s", seconds);
    if (seconds < 3600) return localize("{} min {} s", seconds / 60, seconds % 60);
    return localize("{} h {} min", seconds / 3600, seconds % 3600 / 60);
}

std::string time_text(async::Clock::TimePoint time) {
    const auto seconds = std::chrono::time_point_cast<std::chrono::seconds>(time);
    return fmt::format("{:%Y-%m-%d %H:%M}", fmt::gmtime(seconds));
}

nlohmann::json run_json(const runs::RunSnapshot& run, async::Clock::TimePoint now) {
    nlohmann::json json{{"name", run.job.name()}, {"id", run.job.to_string()}};
    add_text(json, "displayName", run.display_name);
    add_text(json, "experiment", run.experiment);
    add_text(json, "status", run.status);
    add_text(json, "compute", run.target);
    add_text(json, "createdBy", run.created_by);
    add_time(json, "createdAt", run.created_at);
    add_time(json, "startedAt", run.started_at);
    add_time(json, "endedAt", run.ended_at);
    if (const auto elapsed = run.elapsed(now)) json["durationMs"] = elapsed->count();
    add_text(json, "waitingFor", run.queueing_message);
    if (run.error) json["error"] = {{"code", run.error->code}, {"message", run.error->message}};
    add_text(json, "studioUrl", run.studio_url);
    return json;
}

nlohmann::json metrics_json(const std::vector<runs::MetricValue>& metrics) {
    auto json = nlohmann::json::object();
    for (const auto& metric : metrics) {
        if (metric.number && std::isfinite(*metric.number)) {
            json[metric.name] = *metric.number;
        } else {
            json[metric.name] = metric.value;
        }
    }
    return json;
}

std::vector<std::string> run_lines(const Terminal& terminal,
                                   const runs::RunSnapshot& run,
                                   async::Clock::TimePoint now) {
    std::vector<std::pair<LocalizedText, std::string>> facts;
    const auto add = [&facts](LocalizedText name, std::string text) {
        if (!text.empty()) facts.emplace_back(std::move(name), std::move(text));
    };
    add(localize("name"), run.job.name());
    add(localize("display name"), run.display_name);
    add(localize("experiment"), run.experiment);
    add(localize("status"),
        terminal.coloured(runs::status_name(run.status), colour_of(run.status)));
    add(localize("waiting for"), run.queueing_message);
    add(localize("compute"), run.target);
    add(localize("submitted by"), run.created_by);
    if (run.created_at) add(localize("created"), time_text(*run.created_at) + " UTC");
    if (const auto elapsed = run.elapsed(now)) add(localize("duration"), duration_text(*elapsed));
    if (run.error) add(localize("error"), error_text(*run.error));
    add(localize("portal"), run.studio_url);
    std::vector<std::string> lines;
    for (const auto& [name, text] : facts) lines.push_back(fmt::format("{:<14}{}", name, text));
    return lines;
}

std::vector<std::string> metric_lines(const std::vector<runs::MetricValue>& metrics) {
    std::size_t width = 0;
    for (const auto& metric : metrics) width = std::max(width, display_width(metric.name));
    std::vector<std::string> lines;
    for (const auto& metric : metrics) {
        const std::string gap(width - display_width(metric.name) + 2, ' ');
        lines.push_back(fmt::format("  {}{}{}", metric.name, gap, metric.value));
    }
    return lines;
}

nlohmann::json error_json(const Error& error) {
    nlohmann::json value{{"event", "error"}};
    value["kind"] = to_string(error.kind());
    value["message"] = error.message();
    const auto& details = error.details();
    if (details.http_status) value["httpStatus"] = *details.http_status;
    if (!details.azure_code.empty()) value["azureCode"] = details.azure_code;
    if (!details.request_id.empty()) value["requestId"] = details.request_id;
    return value;
}

std::string error_text(const azure::RunError& error) {
    if (error.code.empty()) return error.message;
    return error.message.empty() ? error.code : fmt::format("{}: {}", error.code, error.message);
}

}  // namespace aml::cli
