#include "features/failure_feature.hpp"

#include "async/run_blocking.hpp"
#include "features/convert_runconfig.hpp"
#include "features/uri.hpp"
#include "runconfig/script_packages.hpp"
#include "runconfig/text.hpp"
#include "runs/source_files.hpp"
#include "support/localize.hpp"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <ranges>
#include <utility>

namespace aml::features {
namespace {

/// Where an exception was raised in the user's own code.
struct RaisedAt {
    std::filesystem::path file{};
    runconfig::Range range{};
};

/// The code of a line of the file, without what indents it.
runconfig::Range range_of(const std::filesystem::path& file, const runs::SourceLine& frame) {
    const runconfig::TextIndex index(runconfig::read_script(file));
    const auto line = std::max(runs::line_of(index.text(), frame), 1U) - 1;
    const auto end = index.offset({line, std::numeric_limits<std::uint32_t>::max()});
    auto begin = index.offset({line, 0});
    const auto code = index.text().find_first_not_of(" \t", begin);
    if (code < end) begin = code;
    return index.range({begin, end});
}

/// The innermost line of the user's own code. Blocking.
std::optional<RaisedAt> raised_at(const std::vector<runs::SourceLine>& frames,
                                  const runs::SourcePlaces& places) {
    for (const auto& frame : std::views::reverse(frames)) {
        if (auto file = runs::local_source(frame.path, places)) {
            const auto range = range_of(*file, frame);
            return RaisedAt{.file = std::move(*file), .range = range};
        }
    }
    return std::nullopt;
}

}  // namespace

void FailureFeature::begin(const runs::RunSnapshot& run) {
    auto& latest = latest_[run.script];
    latest.job = run.job.key();
    const auto shown = std::exchange(latest.uri, {});
    latest.problem.reset();
    if (!shown.empty()) publish(shown);
}

asio::awaitable<void> FailureFeature::mark(runs::RunSnapshot run, runs::Failure failure) {
    const runs::SourcePlaces places{.script = run.script, .folders = services_.folders};
    auto look = [frames = failure.frames, places] { return raised_at(frames, places); };
    const auto place = co_await async::run_blocking(services_.pool, std::move(look));
    auto& latest = latest_[run.script];
    if (!place || latest.job != run.job.key()) co_return;
    latest.uri = uri_of_path(place->file);
    latest.problem =
        protocol::Diagnostic{.range = to_wire(place->range),
                             .severity = protocol::DiagnosticSeverity::Error,
                             .source = "Azure ML",
                             .message = localize("{} (run {})", failure.title, run.title())};
    publish(latest.uri);
}

void FailureFeature::publish(const std::string& uri) {
    protocol::PublishDiagnosticsParams params{.uri = uri};
    for (const auto& [script, latest] : latest_) {
        if (latest.uri == uri && latest.problem) params.diagnostics.push_back(*latest.problem);
    }
    services_.client.notify<protocol::TextDocumentPublishDiagnostics>(std::move(params));
}

}  // namespace aml::features
