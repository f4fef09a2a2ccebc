#include "data/mlflow.hpp"
#include "support/error.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <utility>

namespace aml::emulator {

namespace {

// A query as the object that a POST would carry; a repeated parameter becomes a list.
json parameters_of(const Request& request) {
    if (request.method != "GET" && request.method != "HEAD") return request.json_body();
    auto parameters = json::object();
    for (const auto& [name, value] : request.query.items()) {
        if (!parameters.contains(name)) {
            parameters[name] = value;
        } else if (parameters[name].is_array()) {
            parameters[name].push_back(value);
        } else {
            parameters[name] = json::array({parameters[name], value});
        }
    }
    return parameters;
}

}  // namespace

Refused mlflow_error(int status, std::string_view code, std::string_view message) {
    return Refused(Reply::of_json({{"error_code", code}, {"message", message}}, status));
}

std::optional<std::int64_t> mlflow_integer(const json& object, std::string_view name) {
    const auto found = object.find(name);
    if (found == object.end()) return std::nullopt;
    if (found->is_number_float()) {
        // Beyond 2^63 there is no integer to be had.
        const auto value = found->get<double>();
        if (!(std::abs(value) < 9.2e18)) return std::nullopt;
        return static_cast<std::int64_t>(value);
    }
    if (found->is_number()) return found->get<std::int64_t>();
    if (!found->is_string()) return std::nullopt;
    const auto& text = found->get_ref<const std::string&>();
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

MlflowRoutes::MlflowRoutes(Context& context, Router& router)
    : context_(context),
      versions_{DataRoutes(context, router, "mlflow/v1.0", "mlflow"),
                DataRoutes(context, router, "mlflow/v2.0", "mlflow"),
                DataRoutes(context, router, "mlflow/local", "mlflow")} {}

DataRoutes::Handler MlflowRoutes::with_parameters(Handler handler) const {
    return [handler = std::move(handler)](const Workspace& workspace, const Request& request) {
        try {
            return handler(workspace, request, parameters_of(request));
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::Rejected) throw;
            throw mlflow_error(400, "INVALID_PARAMETER_VALUE", error.message());
        }
    };
}

void MlflowRoutes::add(std::string method, std::string_view path, Handler handler) {
    const auto call = with_parameters(std::move(handler));
    for (auto& version : versions_)
        version.add(method, fmt::format("/api/2.0/mlflow/{}", path), call);
}

void MlflowRoutes::add_local(std::string method, std::string_view path, Handler handler) {
    auto call = with_parameters(std::move(handler));
    versions_.back().add(
        std::move(method), fmt::format("/api/2.0/mlflow/{}", path), std::move(call));
}

void MlflowRoutes::add_preview(std::string method, std::string_view path, Handler handler) {
    const auto call = with_parameters(std::move(handler));
    for (auto& version : versions_)
        version.add(method, fmt::format("/api/2.0/preview/mlflow/{}", path), call);
}

void MlflowRoutes::add_missing(std::string_view path) {
    const auto call = [](const Workspace&, const Request&) { return Reply::empty(404); };
    for (auto& version : versions_) {
        for (const char* method : {"GET", "POST", "PATCH", "DELETE"})
            version.add(method, fmt::format("/api/2.0/mlflow/{}", path), call);
    }
}

void MlflowRoutes::add_artifacts(std::string method,
                                 std::string_view path,
                                 DataRoutes::Handler handler) {
    for (auto& version : versions_)
        version.add(method, fmt::format("/api/2.0/mlflow-artifacts/{}", path), handler);
}

void MlflowRoutes::add_artifact_upload(std::string_view path, DataRoutes::Streaming handler) {
    for (auto& version : versions_) {
        version.add_streaming("PUT", fmt::format("/api/2.0/mlflow-artifacts/{}", path), handler);
    }
}

}  // namespace aml::emulator
