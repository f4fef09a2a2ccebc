#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aml::runs {

/// A line of a traceback.
struct SourceLine {
    /// The file as Python names it.
    std::string path{};
    /// Counted from 1.
    std::uint32_t line = 0;
    /// Empty where a file cannot be read as Python, and for a line that is in no function.
    std::string function{};
    /// The line itself, trimmed; empty when Python does not show it.
    std::string code{};

    bool operator==(const SourceLine&) const = default;
};

/// An exception that Python has printed.
struct PythonException {
    /// As printed, e.g. "torch.cuda.OutOfMemoryError"; empty when the log ends before it.
    std::string type{};
    /// May have several lines, its notes among them.
    std::string message{};
    /// Where it was raised, the innermost last.
    std::vector<SourceLine> frames{};

    bool operator==(const PythonException&) const = default;
};

/// The exception that a Python script ended with.
struct Traceback {
    PythonException exception{};
    /// What it came from, if it was raised while another one was handled: the first of them.
    std::optional<PythonException> cause{};

    bool operator==(const Traceback&) const = default;
};

/// The exception that ended a Python script, from its log or the end of that: the last one in it.
/// One that another process, a worker or an exception group has printed within another's text is
/// taken before that one; of several ranks' the first that is no consequence of another's. Absent
/// when there is none. Takes time in proportion to the log.
/// Source: Python's `traceback` module; torch.utils.data, torch.multiprocessing, torchrun.
std::optional<Traceback> find_traceback(std::string_view log);

/// Whether an exception only tells that another process has failed.
bool is_consequence(const PythonException& exception);

}  // namespace aml::runs
