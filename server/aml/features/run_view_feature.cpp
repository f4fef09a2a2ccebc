#include "features/run_view_feature.hpp"

#include "async/run_blocking.hpp"
#include "features/azure_session.hpp"
#include "features/convert_run_view.hpp"
#include "features/run_id.hpp"
#include "features/uri.hpp"
#include "features/view_changes.hpp"
#include "runs/run_files.hpp"
#include "runs/source_files.hpp"
#include "series/window.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "views/preview.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

namespace aml::features {
namespace {

constexpr std::size_t most_lines = 100;
constexpr std::size_t most_columns = 10'000;
constexpr std::size_t most_rows = 1'000;

/// Processes of a run, and services, may log for a while after its end.
constexpr std::chrono::minutes settling_time{10};

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
    services_.on_session([this](AzureSession& session) {
        open_.clear();
        shown_.clear();
        kept_.clear();
        auto source = fmt::format("{}\n{}\n{}",
                                  session.access.settings().arm_endpoint,
                                  language_tag(),
                                  services_.version);
        cache_ = std::make_shared<const views::RunCache>(services_.state().directory(),
                                                         std::move(source),
                                                         services_.pool,
                                                         services_.log.component("cache"));
    });
}

void RunViewFeature::bind(rpc::Router& router) {
    router.request<protocol::RunsView>(this, &RunViewFeature::view);
    router.request<protocol::RunsViewChanges>(this, &RunViewFeature::view_changes);
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
    if (!params.revision) {
        auto kept = co_await kept_page(job_of(params.id));
        if (kept) co_return std::move(*kept);
    }
    const auto run = co_await open(params.id, context.stop());
    auto shown = co_await look(run, params.revision, context.stop());
    co_return shown;
}

asio::awaitable<std::optional<protocol::RunView>> RunViewFeature::kept_page(azure::ResourceId job) {
    const auto is_open = [&job](const std::shared_ptr<views::RunViewer>& known) {
        return known->job() == job;
    };
    if (open_.has(is_open)) co_return std::nullopt;
    const auto cache = cache_;
    const auto text = co_await cache->page(std::move(job));
    if (!text) co_return std::nullopt;
    try {
        co_return protocol::decode<protocol::RunView>(protocol::Json::parse(*text), "/page");
    } catch (const std::exception& error) {
        services_.log.info("a page that was kept cannot be read: {}", error.what());
    }
    co_return std::nullopt;
}

asio::awaitable<void> RunViewFeature::keep_page(std::shared_ptr<const views::RunCache> cache,
                                                azure::ResourceId job,
                                                std::string page) {
    co_await cache->keep_page(std::move(job), std::move(page));
}

asio::awaitable<std::shared_ptr<RunViewFeature::KeptPoints>> RunViewFeature::kept_points(
    azure::ResourceId job, std::string metric) {
    const auto is_meant = [&](const std::shared_ptr<KeptPoints>& known) {
        return known->job == job && known->metric == metric;
    };
    auto kept = kept_.use(is_meant, [&] {
        return std::make_shared<KeptPoints>(KeptPoints{.job = job, .metric = metric});
    });
    if (kept->is_looked_for) co_return kept;
    const auto cache = cache_;
    auto rows = co_await cache->points(std::move(job), std::move(metric));
    kept->is_looked_for = true;
    kept->is_kept = rows != nullptr;
    kept->rows = std::move(rows);
    co_return kept;
}

asio::awaitable<void> RunViewFeature::keep_points(
    std::shared_ptr<const views::RunCache> cache,
    azure::ResourceId job,
    std::string metric,
    std::shared_ptr<const views::MetricHistory> rows) {
    co_await cache->keep_points(std::move(job), std::move(metric), std::move(rows));
}

bool RunViewFeature::is_settled(const azure::ResourceId& job) const {
    const auto run = services_.session()->watcher.find(job);
    return run && run->is_final() && run->ended_at &&
           services_.clock.now() - *run->ended_at > settling_time;
}

asio::awaitable<protocol::RunsViewChangesResult> RunViewFeature::view_changes(
    protocol::RunsViewChangesParams params, rpc::RequestContext& context) {
    const auto run = co_await open(params.id, context.stop());
    const auto known = shown_of(run);
    const auto before = known->revision == params.revision ? known->view : protocol::Json();
    auto view = co_await look(run, params.revision, context.stop());
    protocol::RunsViewChangesResult result{.revision = view.revision};
    if (before.is_null()) {
        result.view = std::move(view);
        co_return result;
    }
    auto changes = changes_between(before, protocol::encode(view));
    result.changes = std::move(changes.fields);
    if (!changes.items.empty()) result.items = std::move(changes.items);
    co_return result;
}

std::shared_ptr<RunViewFeature::Shown> RunViewFeature::shown_of(
    const std::shared_ptr<views::RunViewer>& run) {
    const auto is_meant = [&run](const std::shared_ptr<Shown>& known) { return known->run == run; };
    return shown_.use(is_meant, [&run] { return std::make_shared<Shown>(Shown{.run = run}); });
}

asio::awaitable<protocol::RunView> RunViewFeature::look(std::shared_ptr<views::RunViewer> run,
                                                        std::optional<std::uint64_t> seen,
                                                        std::stop_token stop) {
    auto wire = co_await read_view(run, seen, std::move(stop));
    const auto shown = shown_of(run);
    shown->revision = wire.revision;
    shown->view = protocol::encode(wire);
    if (wire.isFinal && !wire.problem)
        services_.tasks.spawn(keep_page(cache_, run->job(), shown->view.dump()));
    co_return wire;
}

asio::awaitable<protocol::RunView> RunViewFeature::read_view(std::shared_ptr<views::RunViewer> run,
                                                             std::optional<std::uint64_t> seen,
                                                             std::stop_token stop) {
    auto shown = co_await run->next(seen, std::move(stop));
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
    const auto job = job_of(params.id);
    protocol::RunsSeriesResult result;
    for (const auto& wanted : params.metrics) {
        const auto kept = co_await kept_points(job, wanted.metric);
        const auto* rows = kept->rows.get();
        if (rows == nullptr) {
            const auto run = co_await open(params.id, context.stop());
            rows = co_await run->history(wanted.metric, context.stop());
            if (!kept->is_kept && is_settled(job)) {
                kept->is_kept = true;
                auto copy = std::make_shared<const views::MetricHistory>(*rows);
                services_.tasks.spawn(keep_points(cache_, job, wanted.metric, std::move(copy)));
            }
        }
        const auto* numbers = rows->numbers(wanted.column.value_or(std::string()));
        if (numbers == nullptr) {
            throw Error(ErrorKind::NotFound,
                        localize("The metric {} has no such column.", wanted.metric));
        }
        const auto request = window_request(params, wanted);
        const auto shown = series::window(*numbers, request);
        result.series.push_back(to_wire(wanted, *numbers, shown, request));
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
