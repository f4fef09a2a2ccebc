#pragma once

#include "support/error.hpp"

#include <boost/asio/ssl/context.hpp>

#include <atomic>
#include <memory>
#include <mutex>
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

/// The last problem of one server's connections.
class LastCertificateProblem final {
public:
    LastCertificateProblem() = default;
    LastCertificateProblem(const LastCertificateProblem&) = delete;
    LastCertificateProblem& operator=(const LastCertificateProblem&) = delete;
    ~LastCertificateProblem();

    /// Null when there was none. From any thread.
    void store(std::unique_ptr<const CertificateProblem> problem);

    /// On the loop.
    std::optional<CertificateProblem> load();

private:
    std::atomic<const CertificateProblem*> problem_ = nullptr;
};

/// Whose certificates are believed: the roots of this computer (`SSL_CERT_FILE` and `SSL_CERT_DIR`,
/// else OpenSSL's own places and `platform::trusted_roots`) and those of a file. They are read when
/// the first connection needs them.
class TrustedRoots final {
public:
    /// `ca_file` is PEM, empty for none. Throws: Rejected when it is missing, unreadable or holds
    /// no certificate.
    explicit TrustedRoots(std::string ca_file);

    /// From any thread. Blocks the first time.
    void give_to(boost::asio::ssl::context& context);

private:
    std::string ca_file_;
    std::once_flag read_;
    std::shared_ptr<X509_STORE> store_;
};

/// Makes `context` verify that it talks to `host`: TLS 1.2 at least, and what `roots` trust. What
/// fails is told to `problem`, which must live as long as the context. From any thread.
void require_trust(boost::asio::ssl::context& context,
                   const std::string& host,
                   TrustedRoots& roots,
                   LastCertificateProblem& problem);

/// The error of kind Rejected for a certificate that was not accepted, with the remedy. `origin` is
/// "https://host", `host` its host.
Error refused_certificate(const CertificateProblem& problem,
                          const std::string& origin,
                          const std::string& host);

}  // namespace aml::http
