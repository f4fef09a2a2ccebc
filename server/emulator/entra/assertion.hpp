#pragma once

#include "web/message.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace aml::emulator {

/// A JSON Web Token taken apart.
struct Assertion {
    json header;
    json claims;
    /// "header.claims", which the signature is about.
    std::string signed_text;
    std::string signature;
};

/// Nothing when it is not one.
std::optional<Assertion> parse_assertion(std::string_view text);

/// Whether the key belonging to a PEM public key, or to a certificate in DER, has signed it with
/// RS256 or PS256.
bool signed_by_public_key(const Assertion& assertion, const std::string& pem);
bool signed_by_certificate(const Assertion& assertion, const std::string& der);

/// Base64url of the SHA-1 and SHA-256 of a certificate in DER; empty for anything else.
struct Thumbprints {
    std::string sha1;
    std::string sha256;
};

Thumbprints thumbprints_of(const std::string& der);

}  // namespace aml::emulator
