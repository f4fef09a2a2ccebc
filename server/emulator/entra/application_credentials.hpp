#pragma once

#include "core/store.hpp"
#include "web/message.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace aml::emulator {

/// Another issuer whose tokens stand for the application.
struct FederatedCredential {
    std::string name;
    std::string issuer;
    std::string subject;
    std::string audience;
    /// The issuer's public key as PEM. Entra ID fetches it from the issuer; the emulator fetches
    /// nothing.
    std::string public_key;
};

/// What an assertion has to be about.
struct AssertionContext {
    std::string client_id;
    /// Any of these.
    std::vector<std::string> audiences;
    Time now;
};

/// The certificates and federated credentials of the application, and the checking of assertions.
/// Source: Microsoft identity platform certificate credentials, workload identity federation; RFC
/// 7523.
class ApplicationCredentials final {
public:
    explicit ApplicationCredentials(Store& store);

    /// Replaces all certificates, given as DER. False when one is no certificate.
    bool set_certificates(const std::vector<std::string>& certificates);
    void add(const FederatedCredential& credential);

    /// Throws: Refused as Entra ID does (AADSTS700021 to 700027, 700211 to 700213) when `assertion`
    /// does not prove what `expected` says.
    void check(const Request& request,
               std::string_view assertion,
               const AssertionContext& expected) const;

private:
    std::vector<FederatedCredential> federated() const;
    void check_certificate(const Request& request,
                           const struct Assertion& assertion,
                           const AssertionContext& expected) const;
    void check_federated(const Request& request, const struct Assertion& assertion) const;

    Store& store_;
};

}  // namespace aml::emulator
