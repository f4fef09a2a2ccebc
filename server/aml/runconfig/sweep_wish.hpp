#pragma once

#include "runconfig/document.hpp"
#include "runconfig/script_options.hpp"
#include "runconfig/setting.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aml::runconfig {

/// A sweep as it is asked for beside a file, in the words of the command line.
struct SweepWish {
    /// Options that the script has and a command job does not give it yet: they become inputs of
    /// their names first.
    std::vector<ScriptOption> options{};
    /// Hyperparameters and their spaces, such as `lr` and `uniform(0.01,0.1)`.
    std::vector<Setting> search{};
    std::optional<std::string> metric{};
    /// "maximize" unless the file says it.
    std::optional<std::string> goal{};
    std::optional<std::uint64_t> most_trials{};
    std::optional<std::uint64_t> most_at_once{};
};

/// Makes the sweep of a document: of a command job its inputs that are searched become its search
/// space, and what it runs its trial; a sweep gets what is asked for. Spaces of choices alone are
/// tried in every combination if there may be as many trials, others at random. Throws:
/// InvalidParams for a space that cannot be read, an input that there is none of, or no metric.
void make_sweep(const SweepWish& wish, Document& document);

/// `choice(a,b)`, `uniform(0,1)` and the like as the schema has them. Throws: InvalidParams.
Node read_space(const Setting& search);

/// How many combinations there are of spaces that are choices alone; nothing where one is not.
std::optional<std::uint64_t> combinations_of(const Node& search_space);

}  // namespace aml::runconfig
