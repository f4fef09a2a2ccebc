#include "entra/machine_identity.hpp"

#include "core/digest.hpp"
#include "core/text.hpp"
#include "core/time.hpp"
#include "core/tokens.hpp"
#include "entra/scopes.hpp"

#include <fmt/format.h>

namespace aml::emulator {
namespace {

Refused refused(int status, std::string_view error, std::string_view description) {
    return Refused(Reply::of_json({{"error", error}, {"error_description", description}}, status));
}

std::string kept(Store& store, const char* name, std::string fresh) {
    if (auto known = store.fact(name)) return *known;
    store.set_fact(name, fresh);
    return fresh;
}

}  // namespace

MachineIdentity::MachineIdentity(Context& context, Router& router)
    : context_(context),
      router_(router),
      object_id_(kept(context.store, "machine_object_id", context.random.uuid())),
      secret_(kept(context.store, "machine_secret", base64url_encode(random_bytes(24)))) {
    note_issued(context.store, secret_);
}

void MachineIdentity::add_routes() {
    const auto add = [this](const char* pattern,
                            Reply (MachineIdentity::*handler)(const Request&)) {
        Route route;
        route.method = "GET";
        route.pattern = pattern;
        route.surface = Surface::Entra;
        route.auth = Auth::None;
        route.handler = [this, handler](const Request& request) {
            return (this->*handler)(request);
        };
        router_.add(std::move(route));
    };
    add("/metadata/identity/oauth2/token", &MachineIdentity::metadata_service);
    add("/msi/token", &MachineIdentity::local_service);
}

// A request that a browser or a proxy could have been made to send has no such header.
Reply MachineIdentity::metadata_service(const Request& request) {
    if (!same_text(request.headers.get("Metadata"), "true") ||
        request.headers.has("X-Forwarded-For")) {
        throw refused(400, "invalid_request", "Required metadata header not specified");
    }
    if (request.query.get("api-version").empty())
        throw refused(400, "invalid_request", "The api-version is missing");
    return token(request);
}

Reply MachineIdentity::local_service(const Request& request) {
    const auto& version = request.query.get("api-version");
    const bool is_old = version == "2017-09-01";
    if (!is_old && version != "2019-08-01")
        throw refused(400, "UnsupportedApiVersion", "The api-version is not supported.");
    const auto& proof = request.headers.get(is_old ? "secret" : "X-IDENTITY-HEADER");
    if (proof != secret_)
        throw refused(401, "Unauthorized", "The identity header is missing or wrong.");
    return token(request);
}

Reply MachineIdentity::token(const Request& request) {
    const auto& identity = context_.identity;
    const auto& resource = request.query.get("resource");
    if (!is_known_resource(resource)) {
        throw refused(400,
                      "invalid_resource",
                      fmt::format("AADSTS500011: The resource principal named {} was not found in "
                                  "the tenant named Demo.",
                                  resource));
    }
    for (const auto* name : {"client_id", "clientid", "object_id", "msi_res_id"}) {
        if (!request.query.get(name).empty())
            throw refused(400, "invalid_request", "Identity not found");
    }
    const auto now = context_.clock.now();
    const auto lifetime = context_.settings.token_lifetime;
    const Caller caller{identity.tenant_id, object_id_, "aml-demo-machine", "Application"};
    return Reply::of_json(
        {{"access_token", context_.tokens.issue(caller, resource, object_id_, now, lifetime)},
         {"client_id", object_id_},
         {"expires_in", std::to_string(lifetime.count())},
         {"expires_on", std::to_string(to_millis(now) / 1000 + lifetime.count())},
         {"ext_expires_in", std::to_string(lifetime.count())},
         {"not_before", std::to_string(to_millis(now) / 1000)},
         {"resource", resource},
         {"token_type", "Bearer"}});
}

}  // namespace aml::emulator
