#pragma once

#include "async/clock.hpp"
#include "support/secret.hpp"

#include <string>

namespace aml::auth {

/// What an assertion says.
struct AssertionClaims {
    /// The token endpoint.
    std::string audience{};
    /// Issuer and subject.
    std::string client_id{};
    async::Clock::TimePoint now{};
};

/// A JWT, valid for ten minutes, signed with the private key in a PEM or PKCS#12 file.
/// `file` names it in messages; `send_chain` puts the certificates into the header (x5c). Blocks
/// for milliseconds. Throws: NotSignedIn (no key, no certificate, wrong password, key that does not
/// belong to the certificate, certificate not valid now), with the remedy.
/// Source: Microsoft identity platform, certificate credentials: PS256, `x5t#S256`, and `x5t` for
/// older services.
Secret certificate_assertion(const Secret& bytes,
                             const std::string& file,
                             const Secret& password,
                             bool send_chain,
                             const AssertionClaims& claims);

}  // namespace aml::auth
