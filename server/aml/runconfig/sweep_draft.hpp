#pragma once

#include "runconfig/document.hpp"
#include "runconfig/script_options.hpp"
#include "runconfig/sweep_wish.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aml::runconfig {

/// What of a command job a sweep can try: the inputs with a value of their own that its command
/// uses, with what `source`, its script, says of them; and the script's options that the command
/// does not fill from an input, the ones it leaves out included.
std::vector<ScriptOption> searchable_options(const Document& job, std::string_view source);

/// The run configuration of the sweep that is wished for of a job, in the layout of the
/// documentation. Throws: InvalidParams, as `make_sweep`.
std::string sweep_text(const SweepWish& wish, Document job);

/// What is wrong with a search space as it is typed, as one sentence; nothing when it can be used.
std::optional<std::string> space_problem(const std::string& name, const std::string& space);

/// How many combinations of the spaces there are; nothing where one is no choice, or cannot be
/// read.
std::optional<std::uint64_t> combinations_of(const std::vector<Setting>& search);

/// `train.job.json` -> `train.sweep.job.json` in the same folder, `train.sweep2.job.json` for the
/// second.
std::filesystem::path sweep_path(const std::filesystem::path& configuration, std::size_t number);

}  // namespace aml::runconfig
