#pragma once

#include "runs/traceback.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace aml::runs {

/// A line of a log as a terminal would leave it: without escape sequences and control characters,
/// and of what a carriage return overwrites only the last.
std::string shown_line(std::string_view line);

/// Takes the name of a process from the start of a line: torch's `[rank0]: `, torchrun's
/// `[default0]:`, Open MPI's `[1,0]<stderr>:`, Ray's `(train pid=7) `. Empty when there is none.
std::string_view take_process(std::string_view& line);

/// Reads `File "…", line N, in f`, or the same without a function.
std::optional<SourceLine> parse_frame(std::string_view line);

/// Reads `Type: message` or `Type`.
std::optional<PythonException> parse_exception(std::string_view line);

/// Whether a line only marks places in the one above it: `    ~~^^~~`.
bool is_marks(std::string_view line);

/// Whether a line after an exception belongs to no message: what libraries and launchers print when
/// a script ends, progress bars, and lines with a time.
bool is_other_output(std::string_view line);

}  // namespace aml::runs
