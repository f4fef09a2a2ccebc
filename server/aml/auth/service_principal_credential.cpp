#include "auth/service_principal_credential.hpp"

#include "async/run_blocking.hpp"
#include "auth/client_assertion.hpp"
#include "support/localize.hpp"
#include "support/system_text.hpp"
#include "support/text.hpp"

#include <cctype>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace aml::auth {
namespace {

// A certificate with its chain, or a token; anything larger is another file.
constexpr std::size_t most_bytes = 1024 * 1024;

std::string read_file(const std::string& file, const char* variable) {
    std::ifstream input(file, std::ios::binary);
    std::string text;
    if (input) {
        text.assign(std::istreambuf_iterator<char>(input), std::istreambuf_iterator<char>());
    }
    if (!input || text.size() > most_bytes) {
        throw Error(ErrorKind::NotSignedIn,
                    localize("The file {} cannot be read ({}); check {}.",
                             file,
                             errno != 0 ? system_text(errno) : localize("it is not such a file"),
                             variable));
    }
    return text;
}

Form assertion_form(Secret assertion) {
    Form form;
    form.emplace_back("client_assertion_type",
                      Secret("urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
    form.emplace_back("client_assertion", std::move(assertion));
    return form;
}

asio::awaitable<Form> give_secret(Secret secret) {
    Form form;
    form.emplace_back("client_secret", std::move(secret));
    co_return form;
}

struct CertificateFile {
    std::string path;
    Secret password;
    bool send_chain;
};

asio::awaitable<Form> sign_assertion(asio::thread_pool& pool,
                                     CertificateFile certificate,
                                     AssertionClaims claims) {
    auto work = [certificate = std::move(certificate), claims = std::move(claims)] {
        const auto bytes = read_file(certificate.path, "AZURE_CLIENT_CERTIFICATE_PATH");
        return certificate_assertion(
            Secret(bytes), certificate.path, certificate.password, certificate.send_chain, claims);
    };
    auto assertion = co_await async::run_blocking(pool, std::move(work));
    co_return assertion_form(std::move(assertion));
}

asio::awaitable<Form> read_token(asio::thread_pool& pool, std::string file) {
    auto work = [file = std::move(file)] {
        auto text = trimmed(read_file(file, "AZURE_FEDERATED_TOKEN_FILE"));
        if (text.empty()) {
            throw Error(ErrorKind::NotSignedIn,
                        localize("The file {} is empty; whatever writes it "
                                 "(AZURE_FEDERATED_TOKEN_FILE) has not run yet.",
                                 file));
        }
        return Secret(std::move(text));
    };
    auto assertion = co_await async::run_blocking(pool, std::move(work));
    co_return assertion_form(std::move(assertion));
}

}  // namespace

MakeProof secret_proof(Secret secret) {
    return [secret = std::move(secret)](const std::string&,
                                        const std::string&,
                                        const std::stop_token&) { return give_secret(secret); };
}

MakeProof certificate_proof(asio::thread_pool& pool,
                            async::Clock& clock,
                            std::string file,
                            Secret password,
                            bool send_chain) {
    CertificateFile certificate{std::move(file), std::move(password), send_chain};
    return [&pool, &clock, certificate = std::move(certificate)](
               std::string client_id, std::string audience, const std::stop_token&) {
        AssertionClaims claims{
            .audience = std::move(audience), .client_id = std::move(client_id), .now = clock.now()};
        return sign_assertion(pool, certificate, std::move(claims));
    };
}

MakeProof federated_proof(asio::thread_pool& pool, std::string file) {
    return [&pool, file = std::move(file)](
               const std::string&, const std::string&, const std::stop_token&) {
        return read_token(pool, file);
    };
}

ServicePrincipalCredential::ServicePrincipalCredential(TokenEndpoint endpoint,
                                                       std::string tenant,
                                                       std::string client_id,
                                                       MakeProof proof)
    : endpoint_(std::move(endpoint)),
      tenant_(std::move(tenant)),
      client_id_(std::move(client_id)),
      proof_(std::move(proof)) {}

asio::awaitable<http::AccessToken> ServicePrincipalCredential::token(http::TokenRequest request,
                                                                     std::stop_token stop) {
    const auto tenant = request.tenant.empty() ? tenant_ : request.tenant;
    auto proving = proof_(client_id_, endpoint_.token_url(tenant), stop);
    auto proof = co_await std::move(proving);
    Form form;
    form.emplace_back("grant_type", Secret("client_credentials"));
    form.emplace_back("client_id", Secret(client_id_));
    for (auto& field : proof) form.push_back(std::move(field));
    form.emplace_back("scope", Secret(request.scope));
    add_claims(form, request);
    const auto answer = co_await endpoint_.request_token(tenant, std::move(form), std::move(stop));
    if (const auto* refusal = std::get_if<OauthError>(&answer)) throw error_of(*refusal);
    co_return std::get<Grant>(answer).token;
}

}  // namespace aml::auth
