#pragma once

#include "async/asio.hpp"
#include "submit/submit_context.hpp"

#include <filesystem>
#include <stop_token>
#include <string>

namespace aml::submit {

/// A code version the workspace has.
struct RegisteredCode {
    /// ARM id.
    std::string id;
    /// Content hash v202208.
    std::string hash;
    /// Nothing was uploaded.
    bool reused = false;
};

/// Makes sure that the workspace has the code folder's content as a code version. A remembered id
/// costs no call; otherwise the content is looked up by hash while an upload is prepared, and
/// uploaded if the look-up finds nothing. `script` may be empty. Throws: as `take_snapshot` and
/// `upload_snapshot`; Forbidden, NotFound (workspace), Throttled, Unavailable, Cancelled.
asio::awaitable<RegisteredCode> register_code(SubmitContext& context,
                                              std::filesystem::path folder,
                                              std::filesystem::path script,
                                              std::stop_token stop);

}  // namespace aml::submit
