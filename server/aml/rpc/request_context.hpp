#pragma once

#include "protocol/codec.hpp"
#include "rpc/message.hpp"

#include <functional>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

namespace aml::rpc {

/// What a request handler may know about its request. Lives until the handler has returned.
class RequestContext final {
public:
    RequestContext(Id id,
                   std::stop_token stop,
                   std::optional<protocol::ProgressToken> progress_token)
        : id_(std::move(id)),
          stop_(std::move(stop)),
          progress_token_(std::move(progress_token)) {}

    const Id& id() const { return id_; }

    /// Fires when the client cancels the request, at shutdown, and when the client is gone. Pass it
    /// on to every wait.
    std::stop_token stop() const { return stop_; }

    /// The request's `workDoneToken`; see `features::ProgressFeature`.
    const std::optional<protocol::ProgressToken>& progress_token() const { return progress_token_; }

    /// `action` is called on the loop when the handler has returned and its result is on its way,
    /// never when it has thrown. To know that it has left, the action awaits `Connection::flush`.
    void after_reply(std::function<void()> action) { after_reply_.push_back(std::move(action)); }

    std::vector<std::function<void()>> take_after_reply() { return std::move(after_reply_); }

private:
    Id id_;
    std::stop_token stop_;
    std::optional<protocol::ProgressToken> progress_token_;
    std::vector<std::function<void()>> after_reply_;
};

}  // namespace aml::rpc
