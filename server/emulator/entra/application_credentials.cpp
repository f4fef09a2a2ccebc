#include "entra/application_credentials.hpp"

#include "core/digest.hpp"
#include "core/text.hpp"
#include "core/time.hpp"
#include "entra/assertion.hpp"
#include "entra/entra_error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace aml::emulator {
namespace {

constexpr const char* schema = R"(
CREATE TABLE application_certificates(sha1 TEXT NOT NULL, sha256 TEXT PRIMARY KEY, der TEXT NOT NULL);
CREATE TABLE application_federations(
    issuer TEXT NOT NULL, subject TEXT NOT NULL, audience TEXT NOT NULL, name TEXT NOT NULL,
    public_key TEXT NOT NULL, PRIMARY KEY(issuer, subject, audience));
)";

// Clocks differ.
constexpr std::int64_t tolerance_seconds = 300;

Refused invalid(const Request& request, int code, std::string_view message) {
    return entra_error(request, 401, "invalid_client", code, message);
}

void check_times(const Request& request, const json& claims, Time now) {
    const auto seconds = to_millis(now) / 1000;
    const auto expires = claims.value("exp", std::int64_t{0});
    const auto starts = claims.value("nbf", std::int64_t{0});
    if (expires + tolerance_seconds < seconds || starts - tolerance_seconds > seconds) {
        throw invalid(request,
                      700024,
                      fmt::format("Client assertion is not within its valid time range. Current "
                                  "time: {}, expiry time of assertion {}.",
                                  iso_seconds(now),
                                  iso_seconds(from_millis(expires * 1000))));
    }
}

}  // namespace

ApplicationCredentials::ApplicationCredentials(Store& store)
    : store_(store) {
    store_.migrate("application", {schema});
}

bool ApplicationCredentials::set_certificates(const std::vector<std::string>& certificates) {
    Transaction transaction(store_);
    store_.execute("DELETE FROM application_certificates");
    for (const auto& der : certificates) {
        const auto prints = thumbprints_of(der);
        if (prints.sha256.empty()) return false;
        store_.execute("INSERT INTO application_certificates(sha1, sha256, der) VALUES(?, ?, ?)",
                       {prints.sha1, prints.sha256, base64_encode(der)});
    }
    transaction.commit();
    return true;
}

void ApplicationCredentials::add(const FederatedCredential& credential) {
    store_.execute(
        "INSERT OR REPLACE INTO application_federations(issuer, subject, audience, name, "
        "public_key) "
        "VALUES(?, ?, ?, ?, ?)",
        {credential.issuer,
         credential.subject,
         credential.audience,
         credential.name,
         credential.public_key});
}

std::vector<FederatedCredential> ApplicationCredentials::federated() const {
    std::vector<FederatedCredential> all;
    store_.query(
        "SELECT name, issuer, subject, audience, public_key FROM application_federations",
        {},
        [&](const Row& row) {
            all.push_back({row.text(0), row.text(1), row.text(2), row.text(3), row.text(4)});
        });
    return all;
}

void ApplicationCredentials::check(const Request& request,
                                   std::string_view assertion,
                                   const AssertionContext& expected) const {
    const auto parsed = parse_assertion(assertion);
    if (!parsed) throw invalid(request, 50027, "JWT token is invalid or malformed.");
    check_times(request, parsed->claims, expected.now);
    if (same_text(text_at(parsed->claims, "iss"), expected.client_id)) {
        check_certificate(request, *parsed, expected);
    } else {
        check_federated(request, *parsed);
    }
}

void ApplicationCredentials::check_certificate(const Request& request,
                                               const Assertion& assertion,
                                               const AssertionContext& expected) const {
    if (!same_text(text_at(assertion.claims, "sub"), expected.client_id))
        throw invalid(
            request,
            700021,
            "Client assertion application identifier doesn't match 'client_id' parameter.");
    const auto audience = text_at(assertion.claims, "aud");
    if (std::find(expected.audiences.begin(), expected.audiences.end(), audience) ==
        expected.audiences.end()) {
        throw invalid(
            request,
            700023,
            fmt::format("Client assertion audience claim '{}' does not match realm issuer.",
                        audience));
    }
    const auto sha1 = text_at(assertion.header, "x5t");
    const auto sha256 = text_at(assertion.header, "x5t#S256");
    std::string der;
    store_.query("SELECT der FROM application_certificates WHERE sha1 = ? OR sha256 = ?",
                 {sha1, sha256},
                 [&](const Row& row) { der = base64_decode(row.text(0)).value_or(""); });
    if (der.empty() || !signed_by_certificate(assertion, der)) {
        throw invalid(
            request,
            700027,
            fmt::format(
                "The certificate with identifier used to sign the client assertion is not "
                "registered on application. [Reason - {}, Thumbprint of key used by client: "
                "'{}']",
                der.empty() ? "The key was not found" : "The signature does not match",
                sha256.empty() ? sha1 : sha256));
    }
}

void ApplicationCredentials::check_federated(const Request& request,
                                             const Assertion& assertion) const {
    const auto issuer = text_at(assertion.claims, "iss");
    const auto subject = text_at(assertion.claims, "sub");
    const auto audience = text_at(assertion.claims, "aud");
    auto known = federated();
    const auto keep = [&](auto matches) {
        std::erase_if(known, [&](const FederatedCredential& one) { return !matches(one); });
        return !known.empty();
    };
    if (!keep([&](const auto& one) { return one.issuer == issuer; })) {
        throw invalid(request,
                      700211,
                      fmt::format("No matching federated identity record found for presented "
                                  "assertion issuer '{}'.",
                                  issuer));
    }
    if (!keep([&](const auto& one) { return one.subject == subject; })) {
        throw invalid(request,
                      700213,
                      fmt::format("No matching federated identity record found for presented "
                                  "assertion subject '{}'.",
                                  subject));
    }
    if (!keep([&](const auto& one) { return one.audience == audience; })) {
        throw invalid(request,
                      700212,
                      fmt::format("No matching federated identity record found for presented "
                                  "assertion audience '{}'.",
                                  audience));
    }
    if (!keep([&](const auto& one) { return signed_by_public_key(assertion, one.public_key); }))
        throw invalid(request, 50013, "Assertion failed signature validation.");
}

}  // namespace aml::emulator
