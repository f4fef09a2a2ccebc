#pragma once

#include "async/asio.hpp"
#include "cli/invocation.hpp"

#include <stop_token>
#include <string>

namespace aml::cli {

inline constexpr OptionSpec yes_option{
    "--yes", "", Localizable("Go ahead without asking, as programs must.")};

/// Asks `question`, which says what goes; `go_ahead` is the answer that agrees. True at once with
/// --yes. Throws: InvalidParams when nobody can be asked.
asio::awaitable<bool> confirm(Invocation& invocation,
                              std::string question,
                              std::string go_ahead,
                              std::stop_token stop);

}  // namespace aml::cli
