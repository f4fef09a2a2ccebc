#include "data/data_routes.hpp"

#include "core/digest.hpp"
#include "core/text.hpp"

#include <fmt/format.h>

#include <utility>

namespace aml::emulator {

DataRoutes::DataRoutes(Context& context, Router& router, std::string service, std::string component)
    : context_(context),
      router_(router),
      service_(std::move(service)),
      component_(std::move(component)) {}

void DataRoutes::add(std::string method, std::string_view path, Handler handler) {
    const auto call = [this, handler = std::move(handler)](const Request& request) {
        return handler(workspace(request), request);
    };
    Route route{std::move(method), pattern(path), Surface::DataPlane, Auth::Bearer, nullptr, {}};
    route.handler = SyncHandler(call);
    router_.add(std::move(route));
}

void DataRoutes::add_streaming(std::string method, std::string_view path, Streaming handler) {
    const auto call = [this, handler = std::move(handler)](const Request& request,
                                                           BodyReader& body) {
        return handler(workspace(request), request, body);
    };
    Route route{std::move(method), pattern(path), Surface::DataPlane, Auth::Bearer, nullptr, {}};
    route.handler = StreamHandler(call);
    router_.add(std::move(route));
}

Refused DataRoutes::error(const Request& request,
                          int status,
                          std::string_view message,
                          std::string_view code) const {
    return data_error(request, status, "UserError", message, {std::string(code)}, component_);
}

Refused DataRoutes::not_found(const Request& request, std::string_view message) const {
    return error(request, 404, message, "NotFoundError");
}

Refused DataRoutes::bad_request(const Request& request, std::string_view message) const {
    return error(request, 400, message, "BadArgument");
}

void DataRoutes::require_tenant(const Request& request) const {
    const auto tenant = context_.tenants.of_subscription(request.param("subscription"),
                                                         context_.identity.tenant_id);
    if (same_text(request.caller.tenant, tenant)) return;
    throw error(request,
                401,
                fmt::format("The token is from the tenant '{}', the workspace belongs to another.",
                            request.caller.tenant),
                "Unauthorized");
}

Workspace DataRoutes::workspace(const Request& request) const {
    require_tenant(request);
    const auto& name = request.param("workspace");
    auto found = context_.resources.find_workspace(
        request.param("subscription"), request.param("group"), name);
    if (!found) throw not_found(request, fmt::format("The workspace '{}' was not found.", name));
    return std::move(*found);
}

Experiment DataRoutes::experiment(const Workspace& workspace, const Request& request) const {
    const auto& name = request.param("experiment");
    const auto& id = request.param("experimentId");
    auto found = name.empty() ? context_.runs.find_experiment_by_id(workspace.id, id)
                              : context_.runs.find_experiment(workspace.id, name);
    if (!found) {
        throw not_found(request,
                        fmt::format("Experiment {} was not found.", name.empty() ? id : name));
    }
    return std::move(*found);
}

std::string DataRoutes::pattern(std::string_view path) const {
    return fmt::format(
        "/{}/subscriptions/{{subscription}}/resourceGroups/{{group}}/providers/"
        "Microsoft.MachineLearningServices/workspaces/{{workspace}}{}",
        service_,
        path);
}

std::string PageToken::encode() const {
    return base64url_encode(fmt::format("{}.{}.{}.{}", offset, newest, last, last_value));
}

PageToken PageToken::decode(std::string_view text) {
    PageToken token;
    const auto plain = base64url_decode(text).value_or("");
    unsigned long long offset = 0;
    long long newest = 0;
    long long last = 0;
    long long value = 0;
    if (std::sscanf(plain.c_str(), "%llu.%lld.%lld.%lld", &offset, &newest, &last, &value) == 4)
        token = {offset, newest, last, value};
    return token;
}

}  // namespace aml::emulator
