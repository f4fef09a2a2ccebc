#include "blob/blob_routes.hpp"
#include "blob/signing.hpp"
#include "core/text.hpp"
#include "core/time.hpp"
#include "web/errors.hpp"

#include <fmt/format.h>

namespace aml::emulator {

namespace {

Refused not_authenticated(const Request& request, std::string_view detail) {
    return blob_error(
        request,
        403,
        "AuthenticationFailed",
        fmt::format(
            "Server failed to authenticate the request. Make sure the value of Authorization "
            "header is formed correctly including the signature. {}",
            detail));
}

Refused refused(const Request& request, SharedAccessRefusal refusal) {
    switch (refusal) {
        case SharedAccessRefusal::Expired:
            return not_authenticated(
                request,
                fmt::format("Signature not valid in the specified time frame: Expiry [{}] - "
                            "Current [{}]",
                            request.query.get("se"),
                            iso_seconds(request.received)));
        case SharedAccessRefusal::NotYetValid:
            return not_authenticated(
                request,
                fmt::format("Signature not valid in the specified time frame: Start [{}] - "
                            "Current [{}]",
                            request.query.get("st"),
                            iso_seconds(request.received)));
        case SharedAccessRefusal::MissingPermission:
            return blob_error(
                request,
                403,
                "AuthorizationPermissionMismatch",
                "This request is not authorized to perform this operation using this permission.");
        case SharedAccessRefusal::BadSignature:
            break;
    }
    return not_authenticated(request, "Signature did not match.");
}

}  // namespace

void BlobAccess::require(const Request& request, std::string_view permissions) const {
    const auto& account = request.param("account");
    const auto& key = service_.key_of(account);
    if (key.empty()) {
        throw blob_error(request,
                         404,
                         "ResourceNotFound",
                         fmt::format("There is no account '{}' here.", account));
    }
    const bool by_key = request.query.get("sr") == "c" ||
                        request.headers.get("Authorization").starts_with("SharedKey ");
    // Single blobs are signed by a delegate of an identity, as Azure ML does it for logs.
    if (by_key && !service_.takes_keys(account)) {
        throw blob_error(request,
                         403,
                         "KeyBasedAuthenticationNotPermitted",
                         "Key based authentication is not permitted on this storage account.");
    }
    if (request.query.has("sig")) {
        const SharedAccessUse use{account,
                                  key,
                                  request.param("container"),
                                  request.param("blob"),
                                  permissions,
                                  request.received};
        if (const auto refusal = check_shared_access(request.query, use))
            throw refused(request, *refusal);
        return;
    }
    const auto& authorization = request.headers.get("Authorization");
    if (authorization.starts_with("SharedKey ")) {
        const auto expected = fmt::format(
            "SharedKey {}:{}", account, sign_text(key, shared_key_text(request, account)));
        if (authorization != expected) throw refused(request, SharedAccessRefusal::BadSignature);
        return;
    }
    if (starts_with_text(authorization, "Bearer ")) {
        authentication_.authenticate(request, Surface::Blob, request.received);
        return;
    }
    throw blob_error(request,
                     401,
                     "NoAuthenticationInformation",
                     "The request carries no signature, key or token.");
}

void BlobAccess::require_container(const Request& request, std::string_view permissions) const {
    require(request, permissions);
    if (!service_.store().find_container(request.param("account"), request.param("container"))) {
        throw blob_error(
            request, 404, "ContainerNotFound", "The specified container does not exist.");
    }
}

Blob BlobAccess::require_blob(const Request& request, std::string_view permissions) const {
    require_container(request, permissions);
    auto blob = service_.store().find(key(request));
    if (!blob) throw blob_error(request, 404, "BlobNotFound", "The specified blob does not exist.");
    return std::move(*blob);
}

BlobKey BlobAccess::key(const Request& request) {
    return {request.param("account"), request.param("container"), request.param("blob")};
}

}  // namespace aml::emulator
