#pragma once

#include "core/time.hpp"

#include <boost/asio/ssl/context.hpp>

#include <filesystem>
#include <memory>

namespace aml::emulator {

/// What `--tls` serves HTTPS with.
struct Certificate {
    std::shared_ptr<boost::asio::ssl::context> context;
    /// The authority that signed the certificate, as PEM: what a client has to trust.
    std::filesystem::path ca_file;
    /// That authority and those this machine trusts, for programs that read one file only.
    std::filesystem::path trusted_file;
};

/// The certificate of the state in `folder`, for 127.0.0.1, localhost, *.blob.core.localhost and
/// azure.test. It is made on the first call and kept in `folder`/tls, so that whoever
/// trusts `ca_file` still does after a restart; an authority that ends within 30 days of `now` is
/// replaced. The authority's key is never written. Throws: Unavailable when the folder cannot be
/// written.
Certificate load_certificate(const std::filesystem::path& folder, Time now);

}  // namespace aml::emulator
