#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace aml::auth {

/// How to sign in. `Auto` takes the first of the others that works, in the order of `all_methods`.
enum class Method { Auto, ServicePrincipal, Editor, AzureCli, ManagedIdentity, DeviceCode };

/// The order of `Auto`: what somebody configured, then the person's own sign-ins that are there
/// already, then the machine's identity, and only then a question.
inline constexpr std::array all_methods{Method::ServicePrincipal,
                                        Method::Editor,
                                        Method::AzureCli,
                                        Method::ManagedIdentity,
                                        Method::DeviceCode};

/// The setting's spelling: auto, servicePrincipal, editor, azureCli, managedIdentity, deviceCode.
std::string_view to_string(Method method);
std::optional<Method> parse_method(std::string_view text);

/// Words for a user, e.g. "the service principal from the environment".
std::string describe(Method method);

/// Whether it signs in an application, which belongs to one tenant, rather than a person.
bool is_application(Method method);

}  // namespace aml::auth
