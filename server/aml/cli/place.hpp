#pragma once

#include "async/asio.hpp"
#include "azure/resource_id.hpp"
#include "cli/invocation.hpp"

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>

namespace aml::cli {

/// The workspace that `text` names: an ARM id, SUBSCRIPTION/GROUP/NAME, GROUP/NAME or NAME. The
/// last two are looked up among the workspaces the user can see. Throws: NotFound (with those there
/// are), Rejected (several are meant, or the text cannot name one), and what listing throws.
asio::awaitable<azure::ResourceId> find_workspace(Invocation& invocation,
                                                  std::string text,
                                                  std::stop_token stop);

/// The workspace of `--workspace`, else the one that `.azureml/config.json` in `near` or above
/// binds; absent when neither says one. Throws: as `find_workspace`; Rejected when that file is
/// damaged.
asio::awaitable<std::optional<azure::ResourceId>> known_workspace(Invocation& invocation,
                                                                  std::filesystem::path folder,
                                                                  std::stop_token stop);

/// The workspace for commands about runs: the known one, else the only one the user can see.
/// Throws: Rejected when there are several or none.
asio::awaitable<azure::ResourceId> any_workspace(Invocation& invocation, std::stop_token stop);

/// The job that `text` means: an ARM id, or a name in the known workspace, or the name of a
/// run that was started on this machine, or in the only workspace. Throws: as `any_workspace`.
asio::awaitable<azure::ResourceId> find_job(Invocation& invocation,
                                            std::string text,
                                            std::stop_token stop);
/// The job that the operand means.
asio::awaitable<azure::ResourceId> find_job(Invocation& invocation, std::stop_token stop);

}  // namespace aml::cli
