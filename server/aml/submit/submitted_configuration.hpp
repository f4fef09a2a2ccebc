#pragma once

#include "azure/client.hpp"
#include "azure/resource_id.hpp"

#include <stop_token>
#include <string>

namespace aml::submit {

/// The run configuration that a job was submitted with, as far as Azure keeps it; assets of the
/// job's workspace are called by name. `code` is what it says of the folder, if the job has code.
/// Throws: NotFound; as `runconfig::to_text`; Forbidden, Unavailable, …  Source: Jobs - Get.
asio::awaitable<std::string> submitted_configuration(azure::Client& client,
                                                     azure::ResourceId job,
                                                     std::string code,
                                                     std::stop_token stop);

}  // namespace aml::submit
