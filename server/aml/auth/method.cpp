#include "auth/method.hpp"

#include "support/localize.hpp"

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

std::string describe(Method method) {
    switch (method) {
        case Method::Auto:
            return localize("the first way that works");
        case Method::ServicePrincipal:
            return localize("the service principal from the environment");
        case Method::Editor:
            return localize("the editor's Microsoft session");
        case Method::AzureCli:
            return localize("the Azure CLI");
        case Method::ManagedIdentity:
            return localize("the managed identity of this machine");
        case Method::DeviceCode:
            return localize("a code entered in the browser");
    }
    return {};
}

bool is_application(Method method) {
    return method == Method::ServicePrincipal || method == Method::ManagedIdentity;
}

}  // namespace aml::auth
