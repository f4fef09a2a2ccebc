#pragma once

#include "async/asio.hpp"
#include "workspace/saved_state.hpp"

#include <set>
#include <string>

namespace aml::tree {

/// The subscriptions, as ids in lower case, that the user does not want to see in the tree of one
/// Azure (its ARM endpoint). What is not among them is shown, so that a new one appears by itself.
asio::awaitable<std::set<std::string>> hidden_subscriptions(workspace::SavedState& state,
                                                            std::string arm_endpoint);

/// Replaces them. A failure to write is told by `state`.
asio::awaitable<void> hide_subscriptions(workspace::SavedState& state,
                                         std::string arm_endpoint,
                                         std::set<std::string> hidden);

}  // namespace aml::tree
