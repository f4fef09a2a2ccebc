#pragma once

#include "async/asio.hpp"
#include "workspace/saved_state.hpp"

#include <filesystem>
#include <vector>

namespace aml::local {

/// The folders with runs on this computer, `.azureml/runs` of one project each, that programs with
/// this state have made runs in. What cannot be read is not known.
asio::awaitable<std::vector<std::filesystem::path>> known_places(workspace::SavedState& state);

/// From now on `runs` is known. What cannot be written is not remembered.
asio::awaitable<void> remember_place(workspace::SavedState& state, std::filesystem::path runs);

}  // namespace aml::local
