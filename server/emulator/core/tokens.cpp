#include "core/tokens.hpp"

#include "core/digest.hpp"
#include "core/openssl.hpp"
#include "support/error.hpp"

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>

namespace aml::emulator {

bool is_own_address(std::string_view resource) {
    constexpr std::array<std::string_view, 5> own{"http://127.0.0.1:",
                                                  "http://localhost:",
                                                  "https://127.0.0.1:",
                                                  "https://localhost:",
                                                  "https://azure.test:"};
    const auto begins = [resource](std::string_view start) { return resource.starts_with(start); };
    return std::any_of(own.begin(), own.end(), begins);
}

namespace {

constexpr std::string_view key_id = "aml-emulator-1";

std::string to_pem(EVP_PKEY* key) {
    const openssl::Bio bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

openssl::Key from_pem(const std::string& pem) {
    const openssl::Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    return openssl::Key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
}

std::string number_of(EVP_PKEY* key, const char* name) {
    BIGNUM* number = nullptr;
    EVP_PKEY_get_bn_param(key, name, &number);
    std::string bytes(static_cast<std::size_t>(BN_num_bytes(number)), '\0');
    BN_bn2bin(number, reinterpret_cast<unsigned char*>(bytes.data()));
    BN_free(number);
    return bytes;
}

/// The fact that is there once a seed has asked for the list.
constexpr const char* asked_for = "list_issued";

constexpr const char* issued_table = R"(
CREATE TABLE issued(id INTEGER PRIMARY KEY, secret TEXT NOT NULL UNIQUE);
)";

}  // namespace

struct TokenService::Key {
    Store& store;
    openssl::Key pair;
};

TokenService::TokenService(Store& store)
    : key_(std::make_unique<Key>(Key{store, nullptr})) {
    if (const auto pem = store.fact("token_key")) {
        key_->pair = from_pem(*pem);
    } else {
        key_->pair.reset(EVP_RSA_gen(2048));
        if (key_->pair) store.set_fact("token_key", to_pem(key_->pair.get()));
    }
    if (!key_->pair)
        throw Error(ErrorKind::Unavailable,
                    "The token signing key of the state is damaged. Choose another --state.");
}

TokenService::~TokenService() = default;

std::string TokenService::sign(const json& claims) const {
    const json header{{"typ", "JWT"}, {"alg", "RS256"}, {"kid", key_id}};
    auto token =
        fmt::format("{}.{}", base64url_encode(header.dump()), base64url_encode(claims.dump()));
    const openssl::Digest context(EVP_MD_CTX_new());
    std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(key_->pair.get())), '\0');
    std::size_t size = signature.size();
    if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_->pair.get()) != 1 ||
        EVP_DigestSign(context.get(),
                       reinterpret_cast<unsigned char*>(signature.data()),
                       &size,
                       openssl::bytes_of(token),
                       token.size()) != 1) {
        throw Error(ErrorKind::InternalError, "Cannot sign a token.");
    }
    signature.resize(size);
    token += "." + base64url_encode(signature);
    note_issued(key_->store, token);
    return token;
}

std::string TokenService::issue(const Caller& caller,
                                std::string_view audience,
                                std::string_view application_id,
                                Time now,
                                std::chrono::seconds lifetime) const {
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
    const bool is_user = caller.type == "User";
    json claims{{"aud", audience},
                {"iss", fmt::format("https://sts.windows.net/{}/", caller.tenant)},
                {"iat", seconds},
                {"nbf", seconds},
                {"exp", seconds + lifetime.count()},
                {"tid", caller.tenant},
                {"oid", caller.object_id},
                {"sub", caller.object_id},
                {"appid", application_id},
                {"idtyp", is_user ? "user" : "app"},
                // Distinguishes tokens issued within one second.
                {"uti", base64url_encode(random_bytes(16))},
                {"ver", "1.0"}};
    claims[is_user ? "name" : "app_displayname"] = caller.name;
    return sign(claims);
}

std::string TokenService::issue_run_token(const Caller& caller,
                                          std::string_view run_id,
                                          Time now) const {
    return issue(caller, run_audience, run_id, now, run_token_lifetime);
}

std::optional<json> TokenService::read(std::string_view token) const {
    const auto first = token.find('.');
    const auto last = token.rfind('.');
    if (first == std::string_view::npos || first == last) return std::nullopt;
    const auto signature = base64url_decode(token.substr(last + 1));
    const auto payload = base64url_decode(token.substr(first + 1, last - first - 1));
    if (!signature || !payload) return std::nullopt;
    const auto text = token.substr(0, last);
    const openssl::Digest context(EVP_MD_CTX_new());
    if (EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key_->pair.get()) !=
            1 ||
        EVP_DigestVerify(context.get(),
                         openssl::bytes_of(*signature),
                         signature->size(),
                         openssl::bytes_of(text),
                         text.size()) != 1) {
        return std::nullopt;
    }
    auto claims = json::parse(*payload, nullptr, false);
    if (!claims.is_object()) return std::nullopt;
    return claims;
}

json TokenService::key_set() const {
    return {{"keys",
             json::array(
                 {{{"kty", "RSA"},
                   {"use", "sig"},
                   {"alg", "RS256"},
                   {"kid", key_id},
                   {"n", base64url_encode(number_of(key_->pair.get(), OSSL_PKEY_PARAM_RSA_N))},
                   {"e", base64url_encode(number_of(key_->pair.get(), OSSL_PKEY_PARAM_RSA_E))}}})}};
}

void note_issued(Store& store, std::string_view secret) {
    if (secret.empty() || !lists_issued(store)) return;
    store.execute("INSERT OR IGNORE INTO issued(secret) VALUES(?)", {std::string(secret)});
}

std::vector<std::string> issued(Store& store) {
    std::vector<std::string> all;
    store.query("SELECT secret FROM issued ORDER BY id", {}, [&](const Row& row) {
        all.push_back(row.text(0));
    });
    return all;
}

bool lists_issued(Store& store) {
    return store.fact(asked_for).has_value();
}

void list_issued(Store& store) {
    store.migrate("issued", {issued_table});
    store.set_fact(asked_for, "yes");
}

}  // namespace aml::emulator
