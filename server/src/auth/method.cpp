#include "auth/method.hpp"

namespace aml::auth {

std::string_view to_string(Method method) {
    switch (method) {
        case Method::Auto:
            return "auto";
        case Method::ServicePrincipal:
            return "servicePrincipal";
        case Method::Editor:
            return "editor";
        case Method::AzureCli:
            return "azureCli";
        case Method::ManagedIdentity:
            return "managedIdentity";
        case Method::DeviceCode:
            return "deviceCode";
    }
    return "auto";
}

std::optional<Method> parse_method(std::string_view text) {
    if (text == to_string(Method::Auto)) return Method::Auto;
    for (const auto method : all_methods) {
        if (to_string(method) == text) return method;
    }
    return std::nullopt;
}

std::string_view describe(Method method) {
    switch (method) {
        case Method::Auto:
            return "the first way that works";
        case Method::ServicePrincipal:
            return "the service principal from the environment";
        case Method::Editor:
            return "the editor's Microsoft session";
        case Method::AzureCli:
            return "the Azure CLI";
        case Method::ManagedIdentity:
            return "the managed identity of this machine";
        case Method::DeviceCode:
            return "a code entered in the browser";
    }
    return "";
}

bool is_application(Method method) {
    return method == Method::ServicePrincipal || method == Method::ManagedIdentity;
}

}  // namespace aml::auth
