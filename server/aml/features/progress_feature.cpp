#include "features/progress_feature.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace aml::features {
namespace {

constexpr std::chrono::milliseconds report_interval{250};

}  // namespace

struct ProgressState {
    /// Asked: the client has not agreed yet. Silent: it cannot show progress, or did not agree.
    enum class Phase { Asked, Shown, Silent, Ended };

    ProgressState(Services& shared,
                  protocol::ProgressToken name,
                  protocol::WorkDoneProgressBegin first)
        : services(&shared),
          token(std::move(name)),
          begin(std::move(first)) {}

    void send(protocol::WorkDoneProgress value) {
        protocol::ProgressParams params{.token = token, .value = std::move(value)};
        services->client.notify<protocol::Progress>(std::move(params));
        sent_at = services->clock.now();
    }

    void show() {
        if (latest) {
            begin.message = latest->message;
            begin.percentage = latest->percentage;
            latest.reset();
        }
        phase = Phase::Shown;
        send(begin);
    }

    void send_latest() {
        if (phase != Phase::Shown || !latest) return;
        auto report = *std::exchange(latest, std::nullopt);
        send(std::move(report));
    }

    /// Null once the feature is gone.
    Services* services;
    protocol::ProgressToken token;
    protocol::WorkDoneProgressBegin begin;
    Phase phase = Phase::Asked;
    /// Not sent yet.
    std::optional<protocol::WorkDoneProgressReport> latest;
    async::Clock::TimePoint sent_at;
    bool report_scheduled = false;
    std::stop_source cancelled_by_user;
    std::stop_source ended;
};

namespace {

using Phase = ProgressState::Phase;

asio::awaitable<void> ask_client(std::shared_ptr<ProgressState> state, std::stop_token stop) {
    protocol::WorkDoneProgressCreateParams params{.token = state->token};
    try {
        co_await state->services->client.request<protocol::WindowWorkDoneProgressCreate>(
            params, std::move(stop));
    } catch (const Error& error) {
        if (state->phase == Phase::Asked) state->phase = Phase::Silent;
        if (state->services != nullptr)
            state->services->log.info("no progress is shown: {}", error.message());
        co_return;
    }
    if (state->phase == Phase::Asked && state->services != nullptr) state->show();
}

asio::awaitable<void> report_later(std::shared_ptr<ProgressState> state) {
    co_await state->services->clock.sleep_until(state->sent_at + report_interval,
                                                state->ended.get_token());
    state->report_scheduled = false;
    if (state->services != nullptr) state->send_latest();
}

}  // namespace

Progress::Progress(std::shared_ptr<ProgressState> state)
    : state_(std::move(state)) {}

Progress::~Progress() {
    if (!state_ || state_->services == nullptr) return;
    if (state_->phase == Phase::Shown) state_->send(protocol::WorkDoneProgressEnd{});
    state_->phase = Phase::Ended;
    state_->ended.request_stop();
}

void Progress::report(std::string message, std::optional<int> percentage) {
    if (state_->services == nullptr || state_->phase == Phase::Silent) return;
    protocol::WorkDoneProgressReport report{.message = std::move(message)};
    if (percentage) report.percentage = static_cast<std::uint64_t>(std::clamp(*percentage, 0, 100));
    if (state_->begin.cancellable) report.cancellable = true;
    state_->latest = std::move(report);
    if (state_->phase != Phase::Shown || state_->report_scheduled) return;
    if (state_->services->clock.now() - state_->sent_at >= report_interval) {
        state_->send_latest();
        return;
    }
    state_->report_scheduled = true;
    state_->services->tasks.spawn(report_later(state_));
}

std::stop_token Progress::stop_token() const {
    return state_->cancelled_by_user.get_token();
}

ProgressFeature::ProgressFeature(Services& services)
    : services_(services) {}

ProgressFeature::~ProgressFeature() {
    for (const auto& [token, shown] : shown_) {
        if (const auto state = shown.lock()) state->services = nullptr;
    }
}

void ProgressFeature::bind(rpc::Router& router) {
    router.notification<protocol::WindowWorkDoneProgressCancel>(this, &ProgressFeature::did_cancel);
}

Progress ProgressFeature::begin(std::string title,
                                Cancel cancel,
                                std::optional<protocol::ProgressToken> request_token) {
    protocol::WorkDoneProgressBegin begin{.title = std::move(title)};
    if (cancel == Cancel::Offered) begin.cancellable = true;
    const bool given = request_token.has_value();
    auto token = given ? std::move(*request_token)
                       : protocol::ProgressToken(fmt::format("aml-{}", next_token_++));
    auto state = std::make_shared<ProgressState>(services_, token, std::move(begin));
    std::erase_if(shown_, [](const auto& entry) { return entry.second.expired(); });
    shown_[token] = state;
    const auto& window = services_.capabilities.window;
    if (given) {
        state->show();
    } else if (window && window->workDoneProgress.value_or(false)) {
        services_.tasks.spawn(ask_client(state, services_.tasks.stop_token()));
    } else {
        state->phase = Phase::Silent;
    }
    return Progress(std::move(state));
}

void ProgressFeature::did_cancel(protocol::WorkDoneProgressCancelParams params) {
    const auto found = shown_.find(params.token);
    const auto state = found == shown_.end() ? nullptr : found->second.lock();
    if (state) state->cancelled_by_user.request_stop();
}

}  // namespace aml::features
