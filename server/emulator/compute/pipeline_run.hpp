#pragma once

#include "async/asio.hpp"
#include "blob/blob_service.hpp"
#include "core/context.hpp"
#include "core/scheduler.hpp"

#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <string_view>

namespace aml::emulator {

/// One pipeline from its start (or from where a kill of the emulator left it) to its final status:
/// its steps are runs below it, each started when those that it needs have ended well, side by side
/// where nothing stands between them. What has happened is read from them, so that no step is run
/// twice. Source: Azure ML's pipelines, as their runs show it.
class PipelineRun final {
public:
    /// Keeps references. `shutdown` ends the coroutine and leaves the pipeline as it is.
    PipelineRun(Context& context,
                BlobService& blobs,
                Scheduler& scheduler,
                std::string workspace_id,
                std::string run_id,
                std::stop_token shutdown);

    /// Returns when the pipeline is final, deleted, or left behind by a shutdown.
    asio::awaitable<void> run();

    /// Sets CancelRequested: the steps are cancelled, then the pipeline ends as Canceled.
    void cancel();
    /// The run is gone from the store.
    void forget();

private:
    using Steps = std::map<std::string, Run>;

    void begin();
    /// False when the pipeline is over.
    bool go_on();
    Steps read_steps(const Run& pipeline);
    /// Whether any was started.
    bool start_steps(const Run& pipeline, const Steps& steps);
    void start_step(const Run& pipeline, const std::string& name, const Steps& steps);
    void stop_steps(const Steps& steps);
    void finish_with(const Steps& steps);
    void fail(std::string_view message);
    void finish(std::string_view status, json error);
    void change(const std::function<void(Run&)>& edit);
    void tell(std::string_view line);

    Context& context_;
    BlobService& blobs_;
    Scheduler& scheduler_;
    std::string workspace_id_;
    std::string run_id_;
    std::stop_token shutdown_;
    bool cancelled_ = false;
    bool forgotten_ = false;
    /// Why no further step can be started; "" while nothing speaks against it.
    std::string problem_;
    /// The status of each step that its log tells of.
    std::map<std::string, std::string> told_;
};

}  // namespace aml::emulator
