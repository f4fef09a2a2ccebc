#pragma once

#include "execution/process_exit.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace aml::execution {

/// What stands for an input or an output in a command.
struct Replacement {
    std::string text;
    /// A path of this machine: a shell shall read it as one word, whatever characters it has.
    bool is_path = false;
};

/// Replaces `${{ inputs.x }}` and `${{ outputs.y }}` in a command. `lookup` gets the inside without
/// blanks. Throws: aml::Error (Rejected) for a name that `lookup` does not know, and for an
/// expression that is not closed.
std::string substitute(
    std::string_view command,
    const std::function<std::optional<Replacement>(std::string_view name)>& lookup);

/// Which process of a job has failed.
struct FailedProcess {
    ProcessExit exit{};
    /// Its file in `user_logs`.
    std::string log = "std_log.txt";
    /// "rank 1", of a job of several processes.
    std::string name{};
};

/// What a failed run says to its user: how the process ended and the end of what it printed, at
/// most 3 000 characters. `log_tail` is the end of the log, any bytes. Source: recorded errors of
/// failed command jobs.
std::string failure_message(std::string_view command,
                            const FailedProcess& process,
                            std::string_view log_tail);

/// Valid UTF-8 made of any bytes: what is not becomes U+FFFD.
std::string printable(std::string_view bytes);

}  // namespace aml::execution
