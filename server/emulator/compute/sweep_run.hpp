#pragma once

#include "async/asio.hpp"
#include "compute/early_termination.hpp"
#include "compute/sampler.hpp"
#include "core/context.hpp"
#include "core/metric_store.hpp"
#include "core/scheduler.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace aml::emulator {

/// One sweep from its start (or from where a kill of the emulator left it) to its final status: its
/// trials are runs below it, started a few at a time. What has happened is read from them, so that
/// no trial is made twice. Source: Azure ML's HyperDrive, as its runs and their properties show it.
class SweepRun final {
public:
    /// Keeps references. `shutdown` ends the coroutine and leaves the sweep as it is.
    SweepRun(Context& context,
             MetricStore& metrics,
             Scheduler& scheduler,
             std::string workspace_id,
             std::string run_id,
             std::stop_token shutdown);

    /// Returns when the sweep is final, deleted, or left behind by a shutdown.
    asio::awaitable<void> run();

    /// Sets CancelRequested: the trials are cancelled, then the sweep ends as Canceled.
    void cancel();
    /// The run is gone from the store.
    void forget();

private:
    struct Trial {
        Run run;
        /// Of the primary metric, the larger the better.
        std::vector<double> values;

        bool is_active() const { return !is_final(run.status); }
    };

    void begin();
    /// False when the sweep is over.
    bool go_on();
    std::vector<Trial> read_trials(const Run& sweep);
    void end_early(const Run& sweep, const std::vector<Trial>& trials);
    /// Whether any was started.
    bool start_trials(const Run& sweep, const std::vector<Trial>& trials);
    void start_trial(const Run& sweep, std::uint64_t index, const json& values);
    void note_best(const Run& sweep, const std::vector<Trial>& trials);
    void stop_trials(const std::vector<Trial>& trials);
    void finish(std::string_view status, json error);
    void change(const std::function<void(Run&)>& edit);

    Context& context_;
    MetricStore& metrics_;
    Scheduler& scheduler_;
    std::string workspace_id_;
    std::string run_id_;
    std::stop_token shutdown_;
    bool cancelled_ = false;
    bool timed_out_ = false;
    bool forgotten_ = false;
    /// How many values of each trial early termination has looked at.
    std::map<std::string, std::size_t> judged_;
};

}  // namespace aml::emulator
