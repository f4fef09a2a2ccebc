#pragma once

#include "async/asio.hpp"
#include "cli/invocation.hpp"
#include "ui/prompter.hpp"

#include <stop_token>

namespace aml::cli {

/// `aml run`. Throws: as `prepare_run` and `RunSubmitter::submit`; with --follow as `follow_run`.
asio::awaitable<ExitCode> run(Invocation& invocation, ui::Prompter& prompter, std::stop_token stop);

/// `aml repeat`. Throws: as `prepare_repeat` and `RunSubmitter::submit`; with --follow as
/// `follow_run`.
asio::awaitable<ExitCode> repeat(Invocation& invocation, std::stop_token stop);

}  // namespace aml::cli
