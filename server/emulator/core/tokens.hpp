#pragma once

#include "core/json.hpp"
#include "core/store.hpp"
#include "core/time.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aml::emulator {

/// Does `resource` name this emulator? A loopback address does on any port: the port may change
/// between two starts while a client still holds its token.
bool is_own_address(std::string_view resource);

/// Who called, taken from a verified token.
struct Caller {
    std::string tenant;
    std::string object_id;
    /// Display name: `Demo User`, or the application's name.
    std::string name;
    /// `User` or `Application`, as `systemData.createdByType` spells it.
    std::string type = "User";
};

/// Issues and reads the emulator's access tokens: JWTs signed with RS256 by a key made with the
/// state.
class TokenService final {
public:
    /// The audience of run tokens; only the data plane takes them.
    static constexpr std::string_view run_audience = "https://ml.azure.com/run";
    static constexpr std::chrono::hours run_token_lifetime{21 * 24};

    /// Makes the key if the state has none yet. Throws: Unavailable when it is damaged.
    explicit TokenService(Store& store);
    ~TokenService();
    TokenService(const TokenService&) = delete;
    TokenService& operator=(const TokenService&) = delete;

    /// Signs `claims` (adds nothing).
    std::string sign(const json& claims) const;

    /// An access token for `caller`: aud, iss, iat, nbf, exp, tid, oid, sub, name, appid, idtyp,
    /// uti, ver.
    std::string issue(const Caller& caller,
                      std::string_view audience,
                      std::string_view application_id,
                      Time now,
                      std::chrono::seconds lifetime) const;

    /// A run token for a job's `AZUREML_RUN_TOKEN` and `MLFLOW_TRACKING_TOKEN`: accepted by the
    /// data plane, for `run_token_lifetime`.
    std::string issue_run_token(const Caller& caller, std::string_view run_id, Time now) const;

    /// The claims of a token with a good signature, whatever its audience and expiry; absent
    /// otherwise.
    std::optional<json> read(std::string_view token) const;

    /// The public key as a JSON Web Key Set (RFC 7517).
    json key_set() const;

private:
    struct Key;
    std::unique_ptr<Key> key_;
};

/// Remembers a token or secret that is given out, if the seed asked for it (`"listIssued": 1`),
/// so that a test can look for it where it must not be.
void note_issued(Store& store, std::string_view secret);

/// Everything noted so far, oldest first.
std::vector<std::string> issued(Store& store);

/// Whether the seed asked for it; and asks for it.
bool lists_issued(Store& store);
void list_issued(Store& store);

}  // namespace aml::emulator
