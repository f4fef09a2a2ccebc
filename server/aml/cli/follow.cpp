#include "cli/follow.hpp"

#include "azure/artifacts.hpp"
#include "cli/run_report.hpp"
#include "runs/run_log.hpp"
#include "runs/run_reader.hpp"
#include "runs/run_watcher.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <exception>
#include <utility>
#include <vector>

namespace aml::cli {
namespace {

constexpr std::chrono::seconds live_interval{3};
/// Lines that the end of a run may take for its outputs; --json has all of them.
constexpr std::size_t most_outputs = 20;

/// Shows one run while it goes on.
class Follower final {
public:
    Follower(Invocation& invocation,
             azure::Client& client,
             runs::RunWatcher& watcher,
             azure::ResourceId job,
             FollowView view)
        : invocation_(invocation),
          terminal_(invocation.terminal),
          client_(client),
          watcher_(watcher),
          job_(std::move(job)),
          view_(view) {}

    /// Status by status, until the final one.
    asio::awaitable<void> follow_status(std::stop_token stop) {
        std::uint64_t seen = 0;
        for (bool ended = false; !ended;) {
            const auto run = co_await watcher_.wait_for_change(job_, seen, stop);
            seen = run.revision;
            show_status(run);
            ended = run.is_final();
        }
    }

    /// A log that nobody asked for by name and that cannot be read is no reason to stop following.
    asio::awaitable<void> follow_log(std::string path, std::stop_token stop) {
        const bool wanted = !path.empty();
        try {
            co_await show_whole_log(std::move(path), stop);
        } catch (const Error& error) {
            if (wanted || error.kind() == ErrorKind::Cancelled) throw;
            terminal_.remark(localize("The log cannot be read: {}", error.message()));
        }
    }

    /// Keeps the duration in the live line true.
    asio::awaitable<void> follow_time(std::stop_token stop) {
        while (terminal_.live_shows()) {
            co_await invocation_.clock.sleep_for(live_interval, stop);
            show_live();
        }
    }

    asio::awaitable<ExitCode> finish(std::stop_token stop) {
        const auto run = co_await watcher_.wait_for_end(job_, stop);
        const auto outputs = co_await read_outputs(stop);
        terminal_.live("");
        show_end(run, outputs);
        co_return exit_code_of(run.status);
    }

private:
    asio::awaitable<void> show_whole_log(std::string path, std::stop_token stop) {
        runs::LogFollower::Start start{.path = std::move(path)};
        runs::LogFollower log(
            invocation_.access, watcher_, invocation_.clock, job_, std::move(start));
        for (;;) {
            const auto chunk = co_await log.next(stop);
            if (!chunk) co_return;
            show_log(*chunk);
        }
    }

    asio::awaitable<std::vector<std::string>> read_outputs(std::stop_token stop) {
        std::vector<std::string> paths;
        try {
            auto plane = co_await client_.data_plane(job_.workspace(), stop);
            auto page = co_await azure::artifacts::list(
                client_, std::move(plane), job_.name(), std::string("outputs"), stop);
            const auto artifacts = co_await azure::collect(std::move(page), stop);
            for (const auto& artifact : artifacts) paths.push_back(artifact.path);
        } catch (const Error& error) {
            if (error.kind() == ErrorKind::Cancelled) throw;
            terminal_.remark(localize("The outputs cannot be listed: {}", error.message()));
        }
        co_return paths;
    }

    void say(std::string_view text) {
        if (view_ == FollowView::Everything) {
            terminal_.line(text);
        } else if (!terminal_.json()) {
            terminal_.remark(text);
        }
    }

    void show_status(const runs::RunSnapshot& run) {
        const auto now = invocation_.clock.now();
        show_problem(run);
        const bool news = run.status != status_ || run.queueing_message != waiting_for_;
        status_ = run.status;
        waiting_for_ = run.queueing_message;
        if (news) {
            auto value = run_json(run, now);
            value["event"] = "status";
            terminal_.value(value);
            // The end is told once the log has been shown.
            if (run.is_final()) return;
            const auto reason =
                waiting_for_.empty() ? std::string() : fmt::format("  {}", waiting_for_);
            say(terminal_.coloured(runs::status_name(run.status), colour_of(run.status)) +
                terminal_.coloured(reason, Colour::Grey));
        }
        show_live();
    }

    // Trying again helps with everything but a missing identity or permission.
    void show_problem(const runs::RunSnapshot& run) {
        if (run.watch_problem == problem_) return;
        problem_ = run.watch_problem;
        if (!problem_) return;
        if (problem_->kind == ErrorKind::NotSignedIn || problem_->kind == ErrorKind::Forbidden) {
            throw Error(problem_->kind, problem_->message);
        }
        terminal_.remark(localize("Still trying: {}", problem_->message));
    }

    void show_log(const runs::LogChunk& chunk) {
        if (chunk.path == log_path_ && chunk.restarted) {
            terminal_.remark(localize("The log starts again: the run was started anew."));
        }
        if (chunk.path != log_path_) {
            say(terminal_.coloured(fmt::format("── {} ──", chunk.path), Colour::Grey));
            log_path_ = chunk.path;
        }
        terminal_.value({{"event", "log"}, {"path", chunk.path}, {"text", chunk.text}});
        terminal_.text(chunk.text);
    }

    void show_live() {
        std::string text = runs::status_name(status_);
        if (const auto run = watcher_.find(job_)) {
            const auto elapsed = run->elapsed(invocation_.clock.now());
            if (elapsed) text += fmt::format("  {}", duration_text(*elapsed));
            for (const auto& metric : run->metrics)
                text += fmt::format("  {} {}", metric.name, metric.value);
        }
        terminal_.live(std::move(text));
    }

    void show_end(const runs::RunSnapshot& run, const std::vector<std::string>& outputs) {
        auto value = run_json(run, invocation_.clock.now());
        value["event"] = "finished";
        value["metrics"] = metrics_json(run.metrics);
        value["outputs"] = outputs;
        terminal_.value(value);
        const auto elapsed = run.elapsed(invocation_.clock.now());
        const auto status =
            terminal_.coloured(runs::status_name(run.status), colour_of(run.status));
        say(elapsed ? localize("{} after {}", status, duration_text(*elapsed)).shown() : status);
        if (run.error) say("  " + error_text(*run.error));
        if (!run.metrics.empty()) say(localize("metrics").shown());
        for (const auto& line : metric_lines(run.metrics)) say(line);
        if (!outputs.empty()) say(localize("outputs").shown());
        const auto shown = std::min(outputs.size(), most_outputs);
        for (std::size_t at = 0; at < shown; ++at) say("  " + outputs[at]);
        if (outputs.size() > shown) {
            say("  " + localize("and {} more; the portal shows all, and so does --json.",
                                outputs.size() - shown)
                           .shown());
        }
        if (!run.studio_url.empty()) say(localize("portal  {}", run.studio_url).shown());
    }

    Invocation& invocation_;
    Terminal& terminal_;
    azure::Client& client_;
    runs::RunWatcher& watcher_;
    azure::ResourceId job_;
    FollowView view_;
    std::string status_;
    std::string waiting_for_;
    std::optional<runs::WatchProblem> problem_;
    std::string log_path_;
};

// Runs the parts beside each other; returns when status and log have both ended.
asio::awaitable<void> follow_parts(Follower& follower,
                                   std::string log_path,
                                   asio::any_io_executor loop,
                                   std::stop_token stop) {
    std::exception_ptr failure;
    std::stop_source ended;
    std::stop_callback pass_on(stop, [&ended] { ended.request_stop(); });
    async::TaskGroup::OnError on_error = [&](std::exception_ptr error) {
        if (!failure) failure = std::move(error);
        ended.request_stop();
    };
    async::TaskGroup statuses(loop, on_error);
    async::TaskGroup display(loop, on_error);
    statuses.spawn(follower.follow_status(ended.get_token()));
    statuses.spawn(follower.follow_log(std::move(log_path), ended.get_token()));
    display.spawn(follower.follow_time(ended.get_token()));
    co_await statuses.join();
    ended.request_stop();
    co_await display.join();
    if (failure) std::rethrow_exception(failure);
    if (stop.stop_requested()) throw cancelled();
}

}  // namespace

asio::awaitable<ExitCode> follow_run(Invocation& invocation,
                                     azure::Client& client,
                                     runs::RunSnapshot run,
                                     std::string log_path,
                                     FollowView view,
                                     std::stop_token stop) {
    const auto loop = co_await asio::this_coro::executor;
    const auto job = run.job;
    const auto live_metrics = invocation.terminal.live_shows()
                                  ? runs::RunWatcher::LiveMetrics::Read
                                  : runs::RunWatcher::LiveMetrics::Skip;
    runs::RunWatcher watcher(loop,
                             invocation.access,
                             invocation.clock,
                             invocation.random,
                             invocation.state,
                             invocation.log,
                             live_metrics);
    watcher.watch(std::move(run));
    Follower follower(invocation, client, watcher, job, view);
    std::exception_ptr failure;
    auto code = ExitCode::Failed;
    try {
        co_await follow_parts(follower, std::move(log_path), loop, stop);
        code = co_await follower.finish(stop);
    } catch (...) {
        failure = std::current_exception();
    }
    invocation.terminal.live("");
    co_await watcher.shut_down();
    if (stop.stop_requested()) {
        invocation.terminal.remark(
            localize("Stopped following. The run goes on: 'aml logs {0} --follow' shows it "
                     "again, 'aml cancel {0}' ends it.",
                     job.name()));
    }
    if (failure) std::rethrow_exception(failure);
    co_return code;
}

asio::awaitable<runs::RunSnapshot> read_run(azure::Client& client,
                                            azure::ResourceId job,
                                            std::stop_token stop) {
    auto run = co_await runs::find_run(client, job, std::move(stop));
    if (!run) {
        throw Error(ErrorKind::NotFound,
                    localize("There is no run '{}' in workspace '{}'. 'aml jobs' lists the runs "
                             "there are.",
                             job.name(),
                             job.workspace().name()));
    }
    co_return std::move(*run);
}

}  // namespace aml::cli
