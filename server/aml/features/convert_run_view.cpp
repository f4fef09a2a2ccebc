#include "features/convert_run_view.hpp"

#include "azure/json_fields.hpp"
#include "features/convert.hpp"
#include "features/uri.hpp"
#include "http/base64.hpp"
#include "runs/run_metrics.hpp"
#include "runs/run_news.hpp"
#include "runs/run_status.hpp"
#include "series/packed_line.hpp"
#include "support/localize.hpp"
#include "tree/tree_node.hpp"

#include <bit>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace aml::features {
namespace {

std::string numbers_text(const std::vector<double>& numbers) {
    std::string bytes;
    bytes.reserve(numbers.size() * sizeof(double));
    for (const double number : numbers) {
        auto rest = std::bit_cast<std::uint64_t>(number);
        for (std::size_t i = 0; i < sizeof(double); ++i, rest >>= 8U)
            bytes += static_cast<char>(rest & 0xFFU);
    }
    return http::base64_encode(bytes);
}

/// Points that are sent as they are: of more a plot shows no digit that the shorter form loses.
constexpr std::size_t most_exact_points = 900;

/// Writes a line in one of its two forms.
std::optional<protocol::PackedLine> write_line(const series::Line& line,
                                               double pixel,
                                               std::string& x,
                                               std::string& y) {
    if (line.x.size() <= most_exact_points) {
        x = numbers_text(line.x);
        y = numbers_text(line.y);
        return std::nullopt;
    }
    const auto packed = series::pack(line, pixel);
    x = http::base64_encode(packed.x);
    y = http::base64_encode(packed.y);
    return protocol::PackedLine{.xBase = packed.x_base,
                                .xUnit = packed.x_unit,
                                .yBase = packed.y_base,
                                .yUnit = packed.y_unit};
}

std::vector<protocol::NamedText> wire_texts(std::vector<views::NamedText> texts) {
    std::vector<protocol::NamedText> wire;
    for (auto& [name, text] : texts) wire.push_back({std::move(name), std::move(text)});
    return wire;
}

protocol::RunStageState wire_state(views::StageState state) {
    switch (state) {
        case views::StageState::Ahead:
            return protocol::RunStageState::Ahead;
        case views::StageState::Active:
            return protocol::RunStageState::Active;
        case views::StageState::Done:
            return protocol::RunStageState::Done;
        case views::StageState::Failed:
            break;
    }
    return protocol::RunStageState::Failed;
}

protocol::RunStage wire_stage(const views::Stage& stage) {
    protocol::RunStage wire{.name = stage.name, .state = wire_state(stage.state)};
    wire.startedAt = written(stage.started_at);
    wire.endedAt = written(stage.ended_at);
    if (stage.started_at && stage.ended_at) {
        wire.duration = runs::duration_text(std::chrono::duration_cast<std::chrono::milliseconds>(
            *stage.ended_at - *stage.started_at));
    }
    if (stage.usual) {
        wire.usual = runs::duration_text(*stage.usual);
        wire.usualMs = static_cast<std::uint64_t>(stage.usual->count());
    }
    wire.text = unless_empty(stage.text);
    return wire;
}

std::string kind_word(views::MetricKind kind) {
    switch (kind) {
        case views::MetricKind::Scalar:
            return "scalar";
        case views::MetricKind::Text:
            return "text";
        case views::MetricKind::Table:
            return "table";
        case views::MetricKind::Picture:
            return "picture";
        case views::MetricKind::Chart:
            return "chart";
        case views::MetricKind::File:
            return "file";
    }
    return {};
}

protocol::RunFailure wire_failure(runs::Failure failure) {
    protocol::RunFailure wire{.title = std::move(failure.title), .text = std::move(failure.text)};
    wire.advice = unless_empty(failure.advice);
    for (auto& frame : failure.frames) {
        protocol::SourceFrame line{.path = std::move(frame.path), .line = frame.line};
        line.function = std::move(frame.function);
        line.code = std::move(frame.code);
        wire.frames.push_back(std::move(line));
    }
    wire.log = unless_empty(failure.log);
    return wire;
}

protocol::Chart wire_chart(views::Chart chart) {
    protocol::Chart wire{.title = std::move(chart.title)};
    switch (chart.kind) {
        case views::ChartKind::Matrix:
            wire.kind = protocol::ChartKind::Matrix;
            break;
        case views::ChartKind::Bars:
            wire.kind = protocol::ChartKind::Bars;
            break;
        case views::ChartKind::Lines:
            wire.kind = protocol::ChartKind::Lines;
            break;
    }
    wire.xTitle = std::move(chart.x_title);
    wire.yTitle = std::move(chart.y_title);
    for (auto& line : chart.lines) {
        protocol::ChartLine shown{.name = std::move(line.name)};
        shown.x = numbers_text(line.x);
        shown.y = numbers_text(line.y);
        if (!line.spread.empty()) shown.spread = numbers_text(line.spread);
        wire.lines.push_back(std::move(shown));
    }
    return wire;
}

/// What a line cannot show.
std::optional<std::string> note_of(const std::optional<series::Gap>& gap, series::Axis axis) {
    if (!gap) return std::nullopt;
    const auto value = runs::number_text(gap->value);
    const auto place = runs::number_text(gap->x);
    if (axis != series::Axis::Step)
        return localize("{} values are no numbers, the first {}", gap->count, value);
    if (gap->to_the_end && gap->count > 1) return localize("{} from step {} on", value, place);
    if (gap->count == 1) return localize("{} at step {}", value, place);
    return localize("{} values are no numbers, the first at step {}", gap->count, place);
}

}  // namespace

protocol::RunView to_wire(views::RunView view) {
    const auto& run = view.run;
    protocol::RunView wire{.id = run.job.to_string(), .revision = view.revision};
    wire.nodeId = tree::run_row(run.job);
    wire.name = run.job.name();
    wire.title = run.title();
    wire.experiment = run.experiment;
    wire.workspace = run.job.workspace().name();
    wire.status = run.status.empty() ? "Unknown" : run.status;
    wire.statusText = runs::status_text(run.status);
    if (run.silent_for) wire.statusText += " · " + runs::silence_text(run);
    const auto look = runs::look_of(run.status);
    wire.statusIcon = look.icon;
    wire.statusColor = unless_empty(std::string(look.color));
    wire.isFinal = run.is_final();
    wire.problem = unless_empty(view.problem);
    if (!wire.problem && run.watch_problem) wire.problem = run.watch_problem->message;
    wire.facts = wire_texts(views::facts_of(run));
    for (const auto& stage : view.stages) wire.stages.push_back(wire_stage(stage));
    if (view.failure) wire.failure = wire_failure(std::move(*view.failure));
    wire.warnings = run.warnings;
    wire.parameters = wire_texts(std::move(view.parameters));
    wire.tags = wire_texts(std::move(view.tags));
    for (auto& metric : view.metrics) {
        protocol::RunMetric shown{.name = std::move(metric.name), .kind = kind_word(metric.kind)};
        shown.value = std::move(metric.value);
        shown.columns = std::move(metric.columns);
        shown.revision = metric.revision;
        wire.metrics.push_back(std::move(shown));
    }
    for (auto& image : view.images) {
        protocol::RunImage shown{.name = std::move(image.name)};
        for (auto& [step, path] : image.steps) shown.steps.push_back({step, std::move(path)});
        wire.images.push_back(std::move(shown));
    }
    for (auto& file : view.logged) {
        const bool is_table = file.kind == views::LoggedKind::Table;
        protocol::LoggedFile shown{.name = std::move(file.name)};
        shown.kind = is_table ? protocol::LoggedFileKind::Table : protocol::LoggedFileKind::Chart;
        shown.path = std::move(file.path);
        shown.revision = file.revision;
        wire.logged.push_back(std::move(shown));
    }
    for (auto& path : view.files) wire.files.push_back({std::move(path)});
    wire.moreFiles = view.more_files;
    wire.logs = std::move(view.logs);
    wire.configuration = std::move(view.configuration);
    wire.portalUrl = unless_empty(run.studio_url);
    if (!run.script.empty()) wire.script = uri_of_path(run.script);
    return wire;
}

series::WindowRequest window_request(const protocol::RunsSeriesParams& params,
                                     const protocol::SeriesRequest& wanted) {
    series::WindowRequest request{.from = params.from, .to = params.to};
    switch (params.axis) {
        case protocol::SeriesAxis::Step:
            request.axis = series::Axis::Step;
            break;
        case protocol::SeriesAxis::Time:
            request.axis = series::Axis::Time;
            break;
        case protocol::SeriesAxis::Elapsed:
            request.axis = series::Axis::Elapsed;
            break;
    }
    request.width = params.width;
    request.smoothing = params.smoothing.value_or(0);
    request.known = wanted.after.value_or(0);
    return request;
}

protocol::SeriesWindow to_wire(const protocol::SeriesRequest& wanted,
                               const series::Series& series,
                               const series::Window& window,
                               const series::WindowRequest& request) {
    protocol::SeriesWindow wire{.metric = wanted.metric, .column = wanted.column};
    wire.points = series.size();
    wire.inRange = window.in_range;
    wire.drawn = window.drawn;
    wire.first = window.first;
    const auto& drawn = window.line.x;
    const double length = drawn.empty() ? 0 : drawn.back() - drawn.front();
    const double pixel = length / static_cast<double>(request.width);
    wire.packed = write_line(window.line, pixel, wire.x, wire.y);
    if (window.smooth) {
        wire.smoothPacked =
            write_line(*window.smooth, pixel, wire.smoothX.emplace(), wire.smoothY.emplace());
    }
    wire.note = note_of(window.gap, request.axis);
    return wire;
}

protocol::RunsTableResult to_wire(views::Table table) {
    protocol::RunsTableResult wire{.columns = std::move(table.columns)};
    for (auto& row : table.rows) wire.rows.push_back({std::move(row)});
    wire.total = table.total;
    return wire;
}

protocol::RunsFileResult to_wire(views::Preview preview) {
    protocol::RunsFileResult wire{.size = preview.size, .complete = preview.complete};
    switch (preview.kind) {
        case views::PreviewKind::Text:
            wire.kind = protocol::RunFileKind::Text;
            wire.text = std::move(preview.bytes);
            break;
        case views::PreviewKind::Image:
            wire.kind = protocol::RunFileKind::Image;
            wire.mediaType = std::move(preview.media_type);
            wire.data = http::base64_encode(preview.bytes);
            break;
        case views::PreviewKind::Chart:
            wire.kind = protocol::RunFileKind::Chart;
            wire.charts.emplace();
            for (auto& chart : preview.charts) wire.charts->push_back(wire_chart(std::move(chart)));
            break;
        case views::PreviewKind::Binary:
            wire.kind = protocol::RunFileKind::Binary;
            break;
    }
    return wire;
}

}  // namespace aml::features
