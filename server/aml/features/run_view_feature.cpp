#include "features/run_view_feature.hpp"

#include "async/run_blocking.hpp"
#include "features/azure_session.hpp"
#include "features/convert_run_view.hpp"
#include "features/run_id.hpp"
#include "features/uri.hpp"
#include "runs/run_files.hpp"
#include "runs/source_files.hpp"
#include "series/window.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "views/preview.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

namespace aml::features {
namespace {

constexpr std::size_t most_lines = 100;
constexpr std::size_t most_columns = 10'000;
constexpr std::size_t most_rows = 1'000;

void check(bool is_right, const char* objection) {
    if (!is_right) throw Error(ErrorKind::InvalidParams, objection);
}

/// The local file of each line of a traceback. Blocking.
std::vector<std::optional<std::filesystem::path>> local_sources(
    const std::vector<runs::SourceLine>& frames, const runs::SourcePlaces& places) {
    std::vector<std::optional<std::filesystem::path>> files;
    for (const auto& frame : frames) files.push_back(runs::local_source(frame.path, places));
    return files;
}

}  // namespace

RunViewFeature::RunViewFeature(Services& services)
    : services_(services) {
    services_.on_session([this](AzureSession&) { open_.clear(); });
}

void RunViewFeature::bind(rpc::Router& router) {
    router.request<protocol::RunsView>(this, &RunViewFeature::view);
    router.request<protocol::RunsSeries>(this, &RunViewFeature::series);
    router.request<protocol::RunsTable>(this, &RunViewFeature::table);
    router.request<protocol::RunsFile>(this, &RunViewFeature::file);
}

asio::awaitable<std::shared_ptr<views::RunViewer>> RunViewFeature::open(std::string id,
                                                                        std::stop_token stop) {
    const auto job = job_of(id);
    const auto session = services_.session_of(job);
    co_await session->follow(job, std::move(stop));
    const auto is_meant = [&](const std::shared_ptr<views::RunViewer>& known) {
        return known->owner() == session && known->job() == job;
    };
    co_return open_.use(is_meant, [&] {
        return std::make_shared<views::RunViewer>(session,
                                                  session->access,
                                                  session->watcher,
                                                  services_.clock,
                                                  services_.tasks,
                                                  services_.pool,
                                                  job);
    });
}

asio::awaitable<protocol::RunView> RunViewFeature::view(protocol::RunsViewParams params,
                                                        rpc::RequestContext& context) {
    const auto run = co_await open(params.id, context.stop());
    auto shown = co_await run->next(params.revision, context.stop());
    const auto frames = shown.failure ? shown.failure->frames : std::vector<runs::SourceLine>{};
    const runs::SourcePlaces places{.script = shown.run.script, .folders = services_.folders};
    auto wire = to_wire(std::move(shown));
    if (frames.empty()) co_return wire;
    auto find = [frames, places] { return local_sources(frames, places); };
    const auto files = co_await async::run_blocking(services_.pool, std::move(find));
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (files[i]) wire.failure->frames[i].uri = uri_of_path(*files[i]);
    }
    co_return wire;
}

asio::awaitable<protocol::RunsSeriesResult> RunViewFeature::series(
    protocol::RunsSeriesParams params, rpc::RequestContext& context) {
    check(params.metrics.size() <= most_lines, "/params/metrics: expected at most 100");
    check(params.width >= 1 && params.width <= most_columns,
          "/params/width: expected a number from 1 to 10000");
    const auto smoothing = params.smoothing.value_or(0);
    check(smoothing >= 0 && smoothing < 1,
          "/params/smoothing: expected a number from 0 to below 1");
    const auto run = co_await open(params.id, context.stop());
    protocol::RunsSeriesResult result;
    for (const auto& wanted : params.metrics) {
        const auto* rows = co_await run->history(wanted.metric, context.stop());
        const auto* numbers = rows->numbers(wanted.column.value_or(std::string()));
        if (numbers == nullptr) {
            throw Error(ErrorKind::NotFound,
                        localize("The metric {} has no such column.", wanted.metric));
        }
        auto request = window_request(params, wanted);
        result.series.push_back(
            to_wire(wanted, *numbers, series::window(*numbers, request), request.axis));
    }
    co_return result;
}

asio::awaitable<protocol::RunsTableResult> RunViewFeature::table(protocol::RunsTableParams params,
                                                                 rpc::RequestContext& context) {
    check(params.count <= most_rows, "/params/count: expected at most 1000");
    check(params.metric.has_value() != params.path.has_value(),
          "/params/metric: expected this or path, not both");
    const auto run = co_await open(params.id, context.stop());
    if (params.path) {
        const auto file = co_await run->table(*params.path, context.stop());
        co_return to_wire(file->rows(params.offset, params.count));
    }
    const auto* rows = co_await run->history(*params.metric, context.stop());
    co_return to_wire(rows->rows(params.offset, params.count));
}

asio::awaitable<protocol::RunsFileResult> RunViewFeature::file(protocol::RunsFileParams params,
                                                               rpc::RequestContext& context) {
    const auto job = job_of(params.id);
    const auto session = services_.session_of(job);
    auto* connection = co_await session->access.connect(context.stop());
    const auto limit = views::preview_limit(params.path);
    const auto start =
        co_await runs::read_start(connection->client, job, params.path, limit, context.stop());
    co_return to_wire(views::preview_of(params.path, start.bytes, start.total));
}

}  // namespace aml::features
