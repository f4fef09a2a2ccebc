#pragma once

#include "web/message.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace aml::emulator {

/// Base64 of HMAC-SHA256 of `text` under an account key given in Base64.
std::string sign_text(std::string_view account_key, std::string_view text);

/// What a shared access signature lets its holder touch.
enum class SharedAccessScope { Account, Container, Blob };

/// A grant on an account, one container or one blob.
struct SharedAccess {
    SharedAccessScope scope = SharedAccessScope::Blob;
    /// Letters as in `sp`: r(ead) a(dd) c(reate) w(rite) d(elete) l(ist).
    std::string permissions;
    std::string container;
    /// Without a leading slash; used by blob scope only.
    std::string blob;
    Time starts;
    Time expires;
};

/// The query string (no leading "?") that grants `access` on `account`.
/// Source: "Create a service SAS", "Create an account SAS", version 2020-12-06 and later.
std::string sign_shared_access(const SharedAccess& access,
                               std::string_view account,
                               std::string_view account_key);

/// What one request wants to do, as far as a signature is concerned.
struct SharedAccessUse {
    std::string_view account;
    std::string_view account_key;
    std::string_view container;
    /// "" for operations on the container itself.
    std::string_view blob;
    /// The letters of which one must have been granted, e.g. "cw" for Put Blob.
    std::string_view any_permission;
    Time now;
};

/// Why a signature does not allow a request.
enum class SharedAccessRefusal { BadSignature, NotYetValid, Expired, MissingPermission };

/// Checks the signature in `query`; nothing when the use is allowed.
std::optional<SharedAccessRefusal> check_shared_access(const Query& query,
                                                       const SharedAccessUse& use);

/// The text that an `Authorization: SharedKey account:signature` header signs.
/// Source: "Authorize with Shared Key", version 2015-02-21 and later.
std::string shared_key_text(const Request& request, std::string_view account);

}  // namespace aml::emulator
