#pragma once

#include "http/transport.hpp"
#include "workspace/saved_state.hpp"

#include <filesystem>
#include <functional>
#include <stop_token>
#include <vector>

namespace aml::local {

/// Answers requests about the runs of this computer as Azure answers those about its own, from what
/// is on the disk: nothing goes over a network. What cannot be done with such a run is answered
/// with 404 or 405 and the reason. All file work is done on the pool of `state`.
class Transport final : public http::Transport {
public:
    /// Folders whose `.azureml/runs`, or that of a folder above, is looked into, beside those that
    /// `state` knows runs of.
    using Nearby = std::function<std::vector<std::filesystem::path>()>;

    /// Keeps `state` by reference.
    Transport(workspace::SavedState& state, Nearby nearby);

    asio::awaitable<http::Response> send(http::Request request, std::stop_token stop) override;

    /// Every `.azureml/runs` that is known.
    asio::awaitable<std::vector<std::filesystem::path>> places();

private:
    workspace::SavedState& state_;
    Nearby nearby_;
};

}  // namespace aml::local
