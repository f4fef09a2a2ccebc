#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace aml::emulator {

/// Replaces `${{ inputs.x }}` and `${{ outputs.y }}` in a command. `lookup` gets the inside without
/// blanks. Throws: aml::Error (Rejected) for a name that `lookup` does not know, and for an
/// expression that is not closed.
std::string substitute(
    std::string_view command,
    const std::function<std::optional<std::string>(std::string_view name)>& lookup);

/// What a failed run says to its user: how the process ended and the end of what it printed, at
/// most 3 000 characters. `log_tail` is the end of the log, any bytes. Source: recorded errors of
/// failed command jobs.
std::string failure_message(std::string_view command,
                            int code,
                            bool signalled,
                            std::string_view log_tail);

/// Valid UTF-8 made of any bytes: what is not becomes U+FFFD.
std::string printable(std::string_view bytes);

}  // namespace aml::emulator
