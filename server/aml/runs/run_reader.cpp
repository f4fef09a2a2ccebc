#include "runs/run_reader.hpp"

#include "async/all.hpp"
#include "async/event.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace aml::runs {
namespace {

/// Keeps what is known when Azure says nothing.
template <typename T>
void take(T& known, const T& news) {
    if (news != T()) known = news;
}

asio::awaitable<std::optional<azure::Run>> find_in_history(azure::Client& client,
                                                           azure::ResourceId workspace,
                                                           std::string run_id,
                                                           std::stop_token stop) {
    auto plane = co_await client.data_plane(std::move(workspace), stop);
    co_return co_await azure::run_history::find_run(
        client, std::move(plane), std::move(run_id), std::move(stop));
}

/// A listing of a workspace's runs under way: jobs come in page by page, run history follows.
struct Listing {
    azure::Client& client;
    azure::ResourceId workspace;
    std::size_t limit;
    async::Event grown;
    std::vector<RunSnapshot> runs{};
    /// Every page is here.
    bool listed = false;
};

asio::awaitable<void> read_jobs(Listing& listing, std::stop_token stop) {
    auto page = co_await azure::jobs::list(listing.client, listing.workspace, stop);
    for (;;) {
        for (const auto& job : page.items) {
            if (listing.runs.size() < listing.limit)
                listing.runs.push_back(run_of(listing.workspace, job));
        }
        listing.listed = !page.has_next() || listing.runs.size() == listing.limit;
        listing.grown.set();
        if (listing.listed) co_return;
        auto next = co_await page.next(stop);
        page = std::move(next);
    }
}

// What run history says of the runs from `start` to `end`.
asio::awaitable<void> add_history(Listing& listing,
                                  azure::DataPlane plane,
                                  std::size_t start,
                                  std::size_t end,
                                  std::stop_token stop) {
    std::vector<std::string> ids;
    std::map<std::string, std::size_t> places;
    for (auto place = start; place < end; ++place) {
        ids.push_back(listing.runs[place].job.name());
        places[ids.back()] = place;
    }
    azure::run_history::TakeRuns take_runs = [&](const auto&, const auto& found) {
        for (const auto& run : found) {
            const auto place = places.find(run.run_id);
            if (place == places.end()) continue;
            auto& known = listing.runs[place->second];
            known = merged(std::move(known), run);
        }
    };
    co_await azure::run_history::batch_run_data(
        listing.client, std::move(plane), std::move(ids), std::move(take_runs), std::move(stop));
}

// Follows the pages, in full batches.
asio::awaitable<void> read_history(Listing& listing, std::stop_token stop) {
    const auto plane = co_await listing.client.data_plane(listing.workspace, stop);
    std::size_t done = 0;
    while (!listing.listed || done < listing.runs.size()) {
        auto end = listing.runs.size();
        if (!listing.listed) end -= (end - done) % azure::run_history::batch_size;
        if (end == done) {
            listing.grown.reset();
            co_await listing.grown.wait(stop);
            continue;
        }
        co_await add_history(listing, plane, done, end, stop);
        done = end;
    }
}

}  // namespace

RunSnapshot merged(RunSnapshot known, const azure::Job& job) {
    take(known.display_name, job.display_name);
    take(known.experiment, job.experiment_name);
    take(known.status, job.status);
    known.nodes = std::max(known.nodes, job.nodes);
    known.processes = std::max(known.processes, job.processes);
    take(known.created_by, job.created_by);
    take(known.created_at, job.created_at);
    // A page that is known names the tenant as well.
    if (known.studio_url.empty()) known.studio_url = job.studio_url;
    known.watch_problem.reset();
    return known;
}

RunSnapshot merged(RunSnapshot known, const azure::Run& run) {
    take(known.display_name, run.display_name);
    take(known.status, run.status);
    take(known.target, run.target);
    known.nodes = std::max(known.nodes, run.nodes);
    take(known.created_by, run.created_by);
    take(known.owner, run.owner);
    take(known.parent, run.parent);
    known.has_children = known.has_children || run.has_children;
    take(known.sweep, run.sweep);
    take(known.parameters, run.parameters);
    take(known.created_at, run.created_at);
    take(known.started_at, run.started_at);
    take(known.ended_at, run.ended_at);
    const bool waiting = known.phase() == RunPhase::Waiting;
    known.queueing_message = waiting ? run.queueing_message : std::string();
    known.warnings = run.warnings;
    known.error = run.error;
    take(known.cancel_reason, run.cancel_reason);
    known.watch_problem.reset();
    return known;
}

RunSnapshot run_of(const azure::ResourceId& workspace, const azure::Job& job) {
    RunSnapshot run;
    run.job = workspace.child("jobs", job.name);
    return merged(std::move(run), job);
}

RunSnapshot run_of(const azure::ResourceId& workspace,
                   const azure::Run& run,
                   std::string experiment) {
    RunSnapshot snapshot;
    snapshot.job = workspace.child("jobs", run.run_id);
    snapshot.experiment = std::move(experiment);
    return merged(std::move(snapshot), run);
}

asio::awaitable<std::optional<RunSnapshot>> find_run(azure::Client& client,
                                                     azure::ResourceId job,
                                                     std::stop_token stop) {
    const auto workspace = job.workspace();
    auto in_arm = [&](std::stop_token token) {
        return azure::jobs::find(client, workspace, job.name(), std::move(token));
    };
    auto in_history = [&](std::stop_token token) {
        return find_in_history(client, workspace, job.name(), std::move(token));
    };
    const auto found = co_await async::all(std::move(stop), in_arm, in_history);
    const auto& [known_job, known_run] = found;
    if (!known_job && !known_run) co_return std::nullopt;
    RunSnapshot run;
    run.job = std::move(job);
    if (known_job) run = merged(std::move(run), *known_job);
    if (known_run) run = merged(std::move(run), *known_run);
    co_return run;
}

asio::awaitable<std::vector<RunSnapshot>> list_runs(azure::Client& client,
                                                    azure::ResourceId workspace,
                                                    std::size_t limit,
                                                    std::stop_token stop) {
    const auto loop = co_await asio::this_coro::executor;
    Listing listing{client, std::move(workspace), limit, async::Event(loop)};
    auto jobs = [&listing](std::stop_token token) { return read_jobs(listing, std::move(token)); };
    auto history = [&listing](std::stop_token token) {
        return read_history(listing, std::move(token));
    };
    co_await async::all(std::move(stop), jobs, history);
    co_return std::move(listing.runs);
}

namespace {

asio::awaitable<std::vector<RunSnapshot>> query_newest(azure::Client& client,
                                                       azure::ResourceId workspace,
                                                       std::string experiment,
                                                       std::string filter,
                                                       std::size_t limit,
                                                       std::stop_token stop) {
    constexpr std::size_t largest_page = 500;
    auto plane = co_await client.data_plane(workspace, stop);
    azure::RunQuery query;
    query.filter = std::move(filter);
    query.top = static_cast<int>(std::min(limit, largest_page));
    auto page = co_await azure::run_history::query_runs(
        client, std::move(plane), experiment, std::move(query), stop);
    auto found = co_await azure::collect(std::move(page), stop, limit);
    if (found.size() > limit) found.resize(limit);
    std::vector<RunSnapshot> runs;
    for (const auto& run : found) runs.push_back(run_of(workspace, run, experiment));
    co_return runs;
}

}  // namespace

asio::awaitable<std::vector<RunSnapshot>> list_runs_of(azure::Client& client,
                                                       azure::ResourceId workspace,
                                                       std::string experiment,
                                                       std::size_t limit,
                                                       std::stop_token stop) {
    auto runs = co_await query_newest(
        client, std::move(workspace), std::move(experiment), std::string(), limit, std::move(stop));
    co_return runs;
}

asio::awaitable<std::vector<RunSnapshot>> list_parts_of(azure::Client& client,
                                                        RunSnapshot whole,
                                                        std::size_t limit,
                                                        std::stop_token stop) {
    auto filter = fmt::format("(ParentRunId eq {})", whole.job.name());
    const auto workspace = whole.job.workspace();
    auto parts = co_await query_newest(
        client, workspace, whole.experiment, std::move(filter), limit, std::move(stop));
    co_return parts;
}

}  // namespace aml::runs
