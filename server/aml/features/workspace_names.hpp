#pragma once

#include "azure/resource_id.hpp"
#include "features/services.hpp"
#include "runconfig/assist.hpp"
#include "workspace/catalog.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>

namespace aml::features {

/// The workspace whose `.azureml/config.json` holds for `file`; nothing when there is none or it is
/// damaged.
asio::awaitable<std::optional<azure::ResourceId>> bound_workspace(Services& services,
                                                                  std::filesystem::path file);

/// What is known of a workspace without asking.
runconfig::KnownNames known_names(const workspace::Catalog& catalog,
                                  const azure::ResourceId& workspace);

/// The same after asking for the list that is wanted, when somebody is signed in. A failure to list
/// is no failure: the list is then not known. Throws: Cancelled.
asio::awaitable<runconfig::KnownNames> wanted_names(std::shared_ptr<AzureSession> session,
                                                    azure::ResourceId workspace,
                                                    runconfig::WantedNames wanted,
                                                    std::stop_token stop);

/// Whether asking Azure would ask nobody to sign in.
bool is_signed_in(const AzureSession& session);

}  // namespace aml::features
