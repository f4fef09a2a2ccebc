#pragma once

#include "support/error.hpp"

#include <boost/asio/ssl/context.hpp>

#include <atomic>
#include <memory>
#include <optional>
#include <string>

namespace aml::http {

/// Why a server's certificate was not accepted.
struct CertificateProblem {
    /// X509_V_ERR_…
    int code = 0;
    std::string issuer{};
    /// The names it is for, e.g. "*.example.com, example.com".
    std::string names{};
    /// "2026-01-31 12:00 UTC".
    std::string valid_from{};
    std::string valid_until{};
};

/// The last problem of one server's connections. Written by whichever thread shakes hands.
using LastCertificateProblem = std::atomic<std::shared_ptr<const CertificateProblem>>;

/// Makes `context` verify that it talks to `host`: TLS 1.2 at least; trusted are the roots of this
/// computer (OpenSSL's own places, `SSL_CERT_FILE` and `SSL_CERT_DIR`, else where the Linux
/// distributions keep them) and those of `ca_file` (PEM; empty for none). What fails is told to
/// `problem`, which must live as long as the context. A `ca_file` that cannot be used adds nothing:
/// see `check_ca_file`.
void require_trust(boost::asio::ssl::context& context,
                   const std::string& host,
                   const std::string& ca_file,
                   LastCertificateProblem& problem);

/// Throws: Rejected when `ca_file` is missing, unreadable or holds no certificate.
void check_ca_file(const std::string& ca_file);

/// The error of kind Rejected for a certificate that was not accepted, with the remedy. `origin` is
/// "https://host", `host` its host.
Error refused_certificate(const CertificateProblem& problem,
                          const std::string& origin,
                          const std::string& host);

}  // namespace aml::http
