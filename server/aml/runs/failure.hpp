#pragma once

#include "runs/run_snapshot.hpp"
#include "runs/traceback.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aml::runs {

/// Why a run ended without being completed, in the user's language.
struct Failure {
    /// One line: the exception, or what Azure says.
    std::string title{};
    /// More lines; may be empty.
    std::string text{};
    /// What to do about it; empty when nothing is known.
    std::string advice{};
    /// Where the exception was raised, the innermost last; at most 50.
    std::vector<SourceLine> frames{};
    /// The log file that shows it; empty when none does.
    std::string log{};

    bool operator==(const Failure&) const = default;
};

/// Why `run` failed or was cancelled, from what Azure says of it and from the end of its main log,
/// which is the file `path`; both are empty when the run has none. Absent for a run that is going
/// on or completed, and for one that Azure has no more.
std::optional<Failure> failure_of(const RunSnapshot& run,
                                  std::string_view path,
                                  std::string_view log);

/// An exception in one line: its type and the first line of its message.
std::string title_of(const PythonException& exception);

}  // namespace aml::runs
