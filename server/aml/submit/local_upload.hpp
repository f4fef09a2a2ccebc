#pragma once

#include "async/asio.hpp"
#include "submit/submit_context.hpp"

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>

namespace aml::submit {

/// Uploads a local file or folder of data to a datastore (by its name or reference; absent: the
/// workspace's default one) and returns its address, `azureml://datastores/{name}/paths/{path}`,
/// without a slash at the end. The path is made of the content's hash, as the official client does
/// it: what is there already is not sent again. Ignore files count as for code. Throws: as
/// `take_data_snapshot`, `azure::datastores` and `upload_snapshot`.
asio::awaitable<std::string> upload_local(SubmitContext& context,
                                          std::filesystem::path path,
                                          std::optional<std::string> datastore,
                                          std::stop_token stop);

}  // namespace aml::submit
