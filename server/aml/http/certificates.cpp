#include "http/certificates.hpp"

#include "http/transport_failure.hpp"
#include "platform/environment.hpp"
#include "platform/trusted_roots.hpp"
#include "support/localize.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>
#include <filesystem>
#include <system_error>
#include <utility>

namespace aml::http {
namespace {

struct FreeNames {
    void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};

std::string asn1_text(const ASN1_STRING* string) {
    const auto* bytes = reinterpret_cast<const char*>(ASN1_STRING_get0_data(string));
    return {bytes, static_cast<std::size_t>(ASN1_STRING_length(string))};
}

/// The most telling part of a name: its common name, else its organisation.
std::string short_name(const X509_NAME* name) {
    for (const int part : {NID_commonName, NID_organizationName}) {
        const int at = X509_NAME_get_index_by_NID(name, part, -1);
        if (at >= 0) return asn1_text(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
    }
    return localize("somebody without a name");
}

std::string names_of(X509* certificate) {
    const std::unique_ptr<GENERAL_NAMES, FreeNames> names(static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    std::string result;
    const int count = names ? sk_GENERAL_NAME_num(names.get()) : 0;
    for (int i = 0; i < count && result.size() < 100; ++i) {
        const auto* name = sk_GENERAL_NAME_value(names.get(), i);
        if (name->type != GEN_DNS) continue;
        if (!result.empty()) result += ", ";
        result += asn1_text(name->d.dNSName);
    }
    return result.empty() ? short_name(X509_get_subject_name(certificate)) : result;
}

std::string day_of(const ASN1_TIME* time) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return localize("an unreadable date");
    std::array<char, 32> text{};
    const auto length = std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M UTC", &parts);
    return {text.data(), length};
}

std::unique_ptr<const CertificateProblem> describe(X509_STORE_CTX* store) {
    auto problem = std::make_unique<CertificateProblem>();
    problem->code = X509_STORE_CTX_get_error(store);
    auto* certificate = X509_STORE_CTX_get_current_cert(store);
    if (certificate == nullptr) certificate = X509_STORE_CTX_get0_cert(store);
    if (certificate == nullptr) return problem;
    problem->issuer = short_name(X509_get_issuer_name(certificate));
    problem->names = names_of(certificate);
    problem->valid_from = day_of(X509_get0_notBefore(certificate));
    problem->valid_until = day_of(X509_get0_notAfter(certificate));
    return problem;
}

/// OpenSSL's own verification; what it finds is noted before cpprestsdk makes one text of it all.
int verify(X509_STORE_CTX* store, void* argument) {
    const int result = X509_verify_cert(store);
    static_cast<LastCertificateProblem*>(argument)->store(result == 1 ? nullptr : describe(store));
    return result;
}

void expect_host(SSL_CTX* context, std::string host) {
    if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
    auto* parameters = SSL_CTX_get0_param(context);
    X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    // An address is no name: one or the other succeeds.
    if (X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str()) != 1)
        X509_VERIFY_PARAM_set1_host(parameters, host.c_str(), host.size());
    ERR_clear_error();
}

struct FreeInfo {
    void operator()(STACK_OF(X509_INFO) * info) const {
        sk_X509_INFO_pop_free(info, X509_INFO_free);
    }
};

void add_certificates(X509_STORE* store, const std::string& pem) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> text(
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
    const std::unique_ptr<STACK_OF(X509_INFO), FreeInfo> found(
        PEM_X509_INFO_read_bio(text.get(), nullptr, nullptr, nullptr));
    const int count = found ? sk_X509_INFO_num(found.get()) : 0;
    for (int i = 0; i < count; ++i) {
        auto* certificate = sk_X509_INFO_value(found.get(), i)->x509;
        if (certificate != nullptr) X509_STORE_add_cert(store, certificate);
    }
}

/// What OpenSSL was built to look for, which is nothing that this computer need have, and what this
/// computer has.
std::shared_ptr<X509_STORE> read_roots(const std::string& ca_file) {
    std::shared_ptr<X509_STORE> store(X509_STORE_new(), &X509_STORE_free);
    X509_STORE_set_default_paths(store.get());
    std::error_code ignored;
    if (!std::filesystem::exists(X509_get_default_cert_file(), ignored))
        add_certificates(store.get(), platform::trusted_roots());
    if (!ca_file.empty()) X509_STORE_load_file(store.get(), ca_file.c_str());
    ERR_clear_error();
    return store;
}

constexpr auto untrusted_remedy = Localizable(
    "if your organisation inspects connections, name the file with its root certificate (PEM) in "
    "the setting azureml.caFile or in SSL_CERT_FILE");

}  // namespace

LastCertificateProblem::~LastCertificateProblem() {
    store(nullptr);
}

void LastCertificateProblem::store(std::unique_ptr<const CertificateProblem> problem) {
    const std::unique_ptr<const CertificateProblem> before(problem_.exchange(problem.release()));
}

std::optional<CertificateProblem> LastCertificateProblem::load() {
    std::unique_ptr<const CertificateProblem> known(problem_.exchange(nullptr));
    if (!known) return std::nullopt;
    auto copy = *known;
    // Back again, unless there is a newer one.
    const CertificateProblem* none = nullptr;
    if (problem_.compare_exchange_strong(none, known.get())) static_cast<void>(known.release());
    return copy;
}

TrustedRoots::TrustedRoots(std::string ca_file)
    : ca_file_(std::move(ca_file)) {
    if (ca_file_.empty()) return;
    const std::unique_ptr<X509_STORE, decltype(&X509_STORE_free)> store(X509_STORE_new(),
                                                                        &X509_STORE_free);
    const bool usable = X509_STORE_load_file(store.get(), ca_file_.c_str()) == 1;
    ERR_clear_error();
    if (usable) return;
    std::error_code ignored;
    throw Error(ErrorKind::Rejected,
                localize("The file {} named in azureml.caFile {}; correct or clear the setting.",
                         ca_file_,
                         std::filesystem::exists(ca_file_, ignored)
                             ? localize("holds no certificate in PEM form")
                             : localize("does not exist")));
}

void TrustedRoots::give_to(boost::asio::ssl::context& context) {
    auto* native = context.native_handle();
    const bool chosen =
        !platform::variable("SSL_CERT_FILE").empty() || !platform::variable("SSL_CERT_DIR").empty();
    if (chosen) {
        SSL_CTX_set_default_verify_paths(native);
        if (!ca_file_.empty()) SSL_CTX_load_verify_file(native, ca_file_.c_str());
        return;
    }
    std::call_once(read_, [this] { store_ = read_roots(ca_file_); });
    SSL_CTX_set1_cert_store(native, store_.get());
}

void require_trust(boost::asio::ssl::context& context,
                   const std::string& host,
                   TrustedRoots& roots,
                   LastCertificateProblem& problem) {
    auto* native = context.native_handle();
    SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
    roots.give_to(context);
    expect_host(native, host);
    SSL_CTX_set_cert_verify_callback(native, verify, &problem);
}

Error refused_certificate(const CertificateProblem& problem,
                          const std::string& origin,
                          const std::string& host) {
    const auto error = [&origin](const std::string& reason) {
        ErrorDetails details;
        details.azure_code = transport_failure::tls;
        return Error(ErrorKind::Rejected,
                     localize("No secure connection to {}: {}.", origin, reason),
                     details);
    };
    switch (problem.code) {
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
        case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
            return error(
                localize("its certificate was issued by {}, which this computer does not trust; {}",
                         problem.issuer,
                         localize(untrusted_remedy)));
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return error(localize(
                "its certificate expired on {}; check the clock of this computer, else tell who "
                "runs {} or the proxy in between",
                problem.valid_until,
                host));
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return error(
                localize("its certificate is valid from {} on; check the clock of this computer",
                         problem.valid_from));
        case X509_V_ERR_HOSTNAME_MISMATCH:
        case X509_V_ERR_IP_ADDRESS_MISMATCH:
            return error(
                localize("its certificate is for {} and not for {}, so something else answers "
                         "in its place; check the proxy and the setting azureml.armEndpoint or "
                         "AZUREML_ARM_ENDPOINT",
                         problem.names,
                         host));
        default:
            return error(
                localize("its certificate is not accepted ({}); tell who runs {} or "
                         "the proxy in between",
                         X509_verify_cert_error_string(problem.code),
                         host));
    }
}

}  // namespace aml::http
