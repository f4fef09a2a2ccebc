#include "compute/sweep_run.hpp"

#include "core/error_response.hpp"
#include "core/text.hpp"
#include "core/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace aml::emulator {

namespace {

constexpr std::chrono::milliseconds look_interval{200};
constexpr std::size_t most_trials = 1000;
constexpr std::size_t most_values = 100'000;

json member(const json& object, std::string_view key) {
    const auto found = object.is_object() ? object.find(key) : object.end();
    return object.is_object() && found != object.end() ? *found : json();
}

bool is_minimized(const Run& sweep) {
    return same_text(text_at(member(sweep.job, "objective"), "goal"), "Minimize");
}

std::size_t limit_of(const Run& sweep, std::string_view key, std::size_t otherwise) {
    const auto value = member(member(sweep.job, "limits"), key);
    return value.is_number_integer() && value > 0 ? value.get<std::size_t>() : otherwise;
}

/// As it stands in a command.
std::string word_of(const json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_boolean()) return value == true ? "True" : "False";
    return value.dump();
}

/// `text` with the values in the place of `${{search_space.NAME}}`.
std::string with_values(std::string text, const json& values) {
    for (auto start = text.find("${{"); start != std::string::npos;
         start = text.find("${{", start + 1)) {
        const auto end = text.find("}}", start);
        if (end == std::string::npos) break;
        auto name = text.substr(start + 3, end - start - 3);
        std::erase(name, ' ');
        constexpr std::string_view group = "search_space.";
        if (!name.starts_with(group)) continue;
        const auto value = values.find(name.substr(group.size()));
        if (value == values.end()) continue;
        text.replace(start, end + 2 - start, word_of(*value));
    }
    return text;
}

/// The command job of a trial.
json trial_job(const Run& sweep, const std::string& trial_id, const json& values) {
    auto job = member(sweep.job, "trial");
    job["jobType"] = "Command";
    job["command"] = with_values(text_at(job, "command"), values);
    auto& variables = job["environmentVariables"];
    for (auto& [name, value] : variables.items()) {
        if (value.is_string()) value = with_values(value.get<std::string>(), values);
    }
    for (const auto* key :
         {"inputs", "outputs", "identity", "queueSettings", "computeId", "resources"})
        job[key] = member(sweep.job, key);
    job["outputs"]["default"]["uri"] =
        fmt::format("azureml://datastores/workspaceartifactstore/ExperimentRun/dcid.{}", trial_id);
    job["limits"] = {{"jobLimitsType", "Command"},
                     {"timeout", member(member(sweep.job, "limits"), "trialTimeout")}};
    job["services"] = nullptr;
    job["notificationSetting"] = nullptr;
    job["parameters"] = values;
    return job;
}

json values_of(const Run& trial) {
    return member(trial.job, "parameters");
}

}  // namespace

SweepRun::SweepRun(Context& context,
                   MetricStore& metrics,
                   Scheduler& scheduler,
                   std::string workspace_id,
                   std::string run_id,
                   std::stop_token shutdown)
    : context_(context),
      metrics_(metrics),
      scheduler_(scheduler),
      workspace_id_(std::move(workspace_id)),
      run_id_(std::move(run_id)),
      shutdown_(std::move(shutdown)) {}

asio::awaitable<void> SweepRun::run() {
    begin();
    while (!forgotten_ && go_on()) co_await context_.clock.sleep_for(look_interval, shutdown_);
}

void SweepRun::cancel() {
    if (cancelled_) return;
    cancelled_ = true;
    change([](Run& run) {
        if (!is_final(run.status)) run.status = run_status::cancel_requested;
    });
}

void SweepRun::forget() {
    forgotten_ = true;
}

void SweepRun::begin() {
    change([&](Run& run) {
        cancelled_ = run.status == run_status::cancel_requested;
        if (run.started) return;
        run.started = context_.clock.now();
        if (!cancelled_) run.status = run_status::running;
        const auto seed = member(member(run.job, "samplingAlgorithm"), "seed");
        run.runner["seed"] =
            seed.is_number_integer() ? seed.get<std::uint64_t>() : context_.random.next() >> 12U;
    });
}

bool SweepRun::go_on() {
    const auto sweep = context_.runs.find(workspace_id_, run_id_);
    if (!sweep) return false;
    const auto trials = read_trials(*sweep);
    note_best(*sweep, trials);
    const auto timeout = parse_iso_duration(text_at(member(sweep->job, "limits"), "timeout"));
    const auto started = sweep->started.value_or(sweep->created);
    timed_out_ = timed_out_ || (timeout && context_.clock.now() >= started + *timeout);
    const bool is_active = std::any_of(
        trials.begin(), trials.end(), [](const Trial& trial) { return trial.is_active(); });
    if (cancelled_ || timed_out_) {
        stop_trials(trials);
        if (is_active) return true;
        const auto message = fmt::format(
            "The sweep was canceled because it ran longer than its limit of {} seconds.",
            timeout ? timeout->count() : 0);
        finish(run_status::canceled,
               cancelled_
                   ? json()
                   : error_response(
                         "UserError", message, {"JobTimedOut"}, "execution", context_.clock.now()));
        return false;
    }
    end_early(*sweep, trials);
    if (start_trials(*sweep, trials) || is_active) return true;
    const bool has_result = std::any_of(trials.begin(), trials.end(), [](const Trial& trial) {
        return trial.run.status != run_status::failed;
    });
    const auto message = fmt::format(
        "All {} trials of the sweep failed. See the log of one of them.", trials.size());
    finish(has_result ? run_status::completed : run_status::failed,
           has_result
               ? json()
               : error_response(
                     "UserError", message, {"AllTrialsFailed"}, "execution", context_.clock.now()));
    return false;
}

std::vector<SweepRun::Trial> SweepRun::read_trials(const Run& sweep) {
    const auto metric = text_at(member(sweep.job, "objective"), "primaryMetric");
    const double sign = is_minimized(sweep) ? -1 : 1;
    std::vector<Trial> trials;
    const auto runs = context_.runs.select("workspace_id = ? AND parent_id = ? AND kind = 'job'",
                                           {sweep.workspace_id, sweep.id},
                                           "sequence",
                                           most_trials);
    for (const auto& run : runs) {
        Trial trial{run, {}};
        for (const auto& point : metrics_.points(run.sequence, metric, 0, most_values))
            trial.values.push_back(sign * point.value);
        trials.push_back(std::move(trial));
    }
    return trials;
}

void SweepRun::end_early(const Run& sweep, const std::vector<Trial>& trials) {
    std::vector<TrialProgress> progress;
    for (const auto& trial : trials) {
        progress.push_back({trial.run.id,
                            trial.values,
                            trial.run.status == run_status::running,
                            judged_[trial.run.id]});
    }
    for (const auto& id : ended_early(member(sweep.job, "earlyTermination"), progress))
        scheduler_.cancel_requested(workspace_id_, id);
    for (const auto& one : progress) judged_[one.id] = one.judged;
}

bool SweepRun::start_trials(const Run& sweep, const std::vector<Trial>& trials) {
    std::vector<SampledTrial> known;
    for (const auto& trial : trials) {
        if (trial.values.empty()) continue;
        known.push_back(
            {values_of(trial.run), *std::max_element(trial.values.begin(), trial.values.end())});
    }
    const Sampler sampler(member(sweep.job, "samplingAlgorithm"),
                          member(sweep.job, "searchSpace"),
                          sweep.runner.value("seed", std::uint64_t{0}));
    const auto active = static_cast<std::size_t>(std::count_if(
        trials.begin(), trials.end(), [](const Trial& trial) { return trial.is_active(); }));
    const auto total = limit_of(sweep, "maxTotalTrials", most_trials);
    const auto at_once = limit_of(sweep, "maxConcurrentTrials", total);
    auto next = trials.size();
    for (auto free = at_once - std::min(active, at_once); free > 0 && next < total; --free) {
        const auto values = sampler.sample(next, known);
        if (!values) break;
        start_trial(sweep, next++, *values);
    }
    return next > trials.size();
}

void SweepRun::start_trial(const Run& sweep, std::uint64_t index, const json& values) {
    Run trial;
    trial.workspace_id = sweep.workspace_id;
    trial.id = fmt::format("{}_{}", sweep.id, index);
    trial.uuid = context_.random.uuid();
    trial.experiment_id = sweep.experiment_id;
    trial.display_name = trial.id;
    trial.target = sweep.target;
    trial.parent_id = sweep.id;
    trial.root_id = sweep.root_id.empty() ? sweep.id : sweep.root_id;
    trial.tags = {{"hyperparameters", values.dump()}};
    trial.properties = {
        {"_azureml.ComputeTargetType", sweep.target.empty() ? "serverless" : "amlctrain"},
        {"azureml.runsource", "hyperdrive"}};
    const auto snapshot = member(sweep.properties, "ContentSnapshotId");
    if (!snapshot.is_null()) trial.properties["ContentSnapshotId"] = snapshot;
    trial.job = trial_job(sweep, trial.id, values);
    trial.created_by = sweep.created_by;
    trial.created = context_.clock.now();
    context_.runs.insert(trial);
    scheduler_.run_created(workspace_id_, trial.id);
}

void SweepRun::note_best(const Run& sweep, const std::vector<Trial>& trials) {
    const Trial* best = nullptr;
    double score = 0;
    for (const auto& trial : trials) {
        if (trial.values.empty()) continue;
        const auto own = *std::max_element(trial.values.begin(), trial.values.end());
        if (best != nullptr && !(own > score)) continue;
        best = &trial;
        score = own;
    }
    if (best == nullptr) return;
    const auto shown = json(is_minimized(sweep) ? -score : score).dump();
    const bool is_known = member(sweep.properties, "best_child_run_id") == best->run.id &&
                          member(sweep.properties, "score") == shown;
    if (is_known) return;
    change([&](Run& run) {
        run.properties["best_child_run_id"] = best->run.id;
        run.properties["best_data_container_id"] = "dcid." + best->run.id;
        run.properties["best_metric_status"] = "Succeeded";
        run.properties["score"] = shown;
    });
}

void SweepRun::stop_trials(const std::vector<Trial>& trials) {
    for (const auto& trial : trials) {
        if (trial.is_active()) scheduler_.cancel_requested(workspace_id_, trial.run.id);
    }
}

void SweepRun::finish(std::string_view status, json error) {
    change([&](Run& run) {
        if (is_final(run.status)) return;
        run.status = status;
        run.error = std::move(error);
        run.ended = context_.clock.now();
    });
}

void SweepRun::change(const std::function<void(Run&)>& edit) {
    if (forgotten_) return;
    auto run = context_.runs.find(workspace_id_, run_id_);
    if (!run) return;
    edit(*run);
    context_.runs.update(*run, context_.clock.now());
}

}  // namespace aml::emulator
