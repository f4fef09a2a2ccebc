#pragma once

#include "features/services.hpp"
#include "rpc/router.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace aml::features {

struct ProgressState;

/// A progress shown by the client, from `ProgressFeature::begin` until it is destroyed.
class Progress final {
public:
    explicit Progress(std::shared_ptr<ProgressState> state);
    Progress(Progress&&) noexcept = default;
    Progress& operator=(Progress&&) = delete;
    ~Progress();

    /// Shows a new text and, if known, a percentage (0 to 100). Sent at most four times a second;
    /// the newest wins.
    void report(std::string message, std::optional<int> percentage = std::nullopt);

    /// Fires when the user presses Cancel.
    std::stop_token stop_token() const;

private:
    // Shared with the feature's registry and with reports on their way; null after a move.
    std::shared_ptr<ProgressState> state_;
};

/// Work done progress in both directions of start: for a request that brought a token, and for work
/// that the server starts by itself. A client without progress sees nothing. Source: LSP 3.17 "Work
/// Done Progress".
class ProgressFeature final {
public:
    /// Whether the user gets a Cancel button.
    enum class Cancel { Offered, NotOffered };

    explicit ProgressFeature(Services& services);
    ProgressFeature(const ProgressFeature&) = delete;
    ProgressFeature& operator=(const ProgressFeature&) = delete;
    ~ProgressFeature();

    void bind(rpc::Router& router);

    /// Begins a progress. With a request's token it is used at once; else the client is asked for
    /// one, and what is reported until it has agreed is kept. Never waits.
    Progress begin(std::string title,
                   Cancel cancel,
                   std::optional<protocol::ProgressToken> request_token = std::nullopt);

private:
    void did_cancel(protocol::WorkDoneProgressCancelParams params);

    Services& services_;
    std::uint64_t next_token_ = 1;
    std::map<protocol::ProgressToken, std::weak_ptr<ProgressState>> shown_;
};

}  // namespace aml::features
