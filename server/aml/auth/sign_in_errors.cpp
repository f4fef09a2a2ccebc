#include "auth/token_endpoint.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>

#include <array>

namespace aml::auth {
namespace {

struct Known {
    int aadsts;
    Localizable sentence;
};

constexpr auto ask_administrator =
    Localizable("Your organisation has to allow this; ask your administrator.");

// Source: Microsoft Entra authentication and authorization error codes.
constexpr std::array known = {
    Known{7000222,
          Localizable(
              "The client secret has expired; create a new one and set AZURE_CLIENT_SECRET.")},
    Known{7000215,
          Localizable("The client secret is wrong; set AZURE_CLIENT_SECRET to the secret's value, "
                      "not its id.")},
    Known{700016,
          Localizable("The tenant knows no application with this id; check AZURE_CLIENT_ID and "
                      "AZURE_TENANT_ID.")},
    Known{700027,
          Localizable(
              "The certificate is not registered with the application; upload it there, or check "
              "AZURE_CLIENT_CERTIFICATE_PATH.")},
    Known{700024,
          Localizable("The sign-in was signed for another time; check this machine's clock, and "
                      "that the token "
                      "in AZURE_FEDERATED_TOKEN_FILE is fresh.")},
    Known{700211,
          Localizable("The application has no federated credential for this token's issuer; add "
                      "one, or check "
                      "AZURE_FEDERATED_TOKEN_FILE.")},
    Known{700212,
          Localizable(
              "The application has no federated credential for this token's audience; add one, or "
              "check AZURE_FEDERATED_TOKEN_FILE.")},
    Known{700213,
          Localizable("The application has no federated credential for this token's subject; add "
                      "one, or check "
                      "AZURE_FEDERATED_TOKEN_FILE.")},
    Known{
        50013,
        Localizable(
            "The token's signature is not that of its issuer; check AZURE_FEDERATED_TOKEN_FILE.")},
    Known{90002, Localizable("There is no such tenant; check AZURE_TENANT_ID.")},
    Known{900023, Localizable("The tenant's name is not valid; check AZURE_TENANT_ID.")},
    Known{90013, Localizable("The tenant's name is not valid; check AZURE_TENANT_ID.")},
    Known{900021, Localizable("The tenant's name is not valid; check AZURE_TENANT_ID.")},
    Known{50020,
          Localizable("The account does not belong to this tenant; sign in with another account or "
                      "choose its "
                      "own tenant.")},
    Known{50034,
          Localizable("The account does not exist in this tenant; check the account or choose its "
                      "own tenant.")},
    Known{50053, Localizable("The account is locked; wait or ask your administrator.")},
    Known{50057, Localizable("The account is disabled; ask your administrator.")},
    Known{50055,
          Localizable("The password has expired; change it in the browser and sign in again.")},
    Known{50076, Localizable("Your organisation asks for a second factor; sign in again.")},
    Known{50079, Localizable("Your organisation asks for a second factor; sign in again.")},
    Known{50158, Localizable("Your organisation asks for one more check; sign in again.")},
    Known{53003,
          Localizable(
              "A conditional access policy of your organisation forbids this sign-in; ask your "
              "administrator.")},
    Known{
        53000,
        Localizable(
            "Your organisation allows sign-in from managed devices only; ask your administrator.")},
    Known{
        530003,
        Localizable(
            "Your organisation allows sign-in from managed devices only; ask your administrator.")},
    Known{65001, ask_administrator},
    Known{65002,
          Localizable("Microsoft does not let this editor's own sign-in ask for this service; run "
                      "\"az login\" in a terminal, and the Azure CLI is asked instead.")},
    Known{90094, ask_administrator},
    Known{500113,
          Localizable(
              "The application is not set up for this kind of sign-in; check AZURE_CLIENT_ID.")},
    Known{
        7000218,
        Localizable(
            "The application is not set up for sign-in without a secret; check AZURE_CLIENT_ID.")},
    Known{700021,
          Localizable("The certificate was used for another application; check AZURE_CLIENT_ID.")},
    Known{500011,
          Localizable("The tenant does not know Azure Resource Manager; check the setting "
                      "azureml.armEndpoint or AZUREML_ARM_ENDPOINT.")},
    Known{70008, Localizable("The sign-in has expired; sign in again.")},
    Known{700082, Localizable("The sign-in has expired; sign in again.")},
    Known{700084, Localizable("The sign-in has expired; sign in again.")},
    Known{50173,
          Localizable("The sign-in was revoked, for example by a new password; sign in again.")},
    Known{50078, Localizable("The sign-in has expired; sign in again.")},
    Known{70043, Localizable("The sign-in has expired; sign in again.")},
    Known{70019, Localizable("The code has expired; start the sign-in again.")},
    Known{70020, Localizable("The code has expired; start the sign-in again.")},
    Known{70018, Localizable("The code is not valid any more; start the sign-in again.")},
};

struct KnownError {
    std::string_view error;
    Localizable sentence;
};

constexpr std::array by_error = {
    KnownError{"authorization_declined", Localizable("The sign-in was declined in the browser.")},
    KnownError{"access_denied", Localizable("The sign-in was declined in the browser.")},
    KnownError{"expired_token", Localizable("The code has expired; start the sign-in again.")},
    KnownError{"bad_verification_code",
               Localizable("The code is not valid any more; start the sign-in again.")},
    KnownError{"invalid_grant", Localizable("The sign-in is not valid any more; sign in again.")},
    KnownError{"interaction_required", Localizable("The sign-in needs you; sign in again.")},
    KnownError{"invalid_client",
               Localizable("The application id or its secret is wrong; check AZURE_CLIENT_ID and "
                           "AZURE_CLIENT_SECRET.")},
    KnownError{"unauthorized_client",
               Localizable("The application may not sign in this way; check AZURE_CLIENT_ID.")},
};

/// Entra's description without the trace ids behind it.
std::string brief(const std::string& description) {
    auto line = description.substr(0, description.find_first_of("\r\n"));
    line = line.substr(0, line.find(" Trace ID:"));
    const auto colon = line.find(": ");
    if (line.starts_with("AADSTS") && colon != std::string::npos) line = line.substr(colon + 2);
    return line;
}

}  // namespace

Error error_of(const OauthError& error) {
    ErrorDetails details;
    details.azure_code = error.aadsts != 0 ? fmt::format("AADSTS{}", error.aadsts) : error.error;
    for (const auto& entry : known) {
        if (entry.aadsts == error.aadsts)
            return {ErrorKind::NotSignedIn, localize(entry.sentence), details};
    }
    for (const auto& entry : by_error) {
        if (entry.error == error.error)
            return {ErrorKind::NotSignedIn, localize(entry.sentence), details};
    }
    auto reason = brief(error.description);
    if (reason.empty()) reason = error.error;
    while (reason.ends_with('.')) reason.pop_back();
    return {ErrorKind::NotSignedIn,
            localize("The sign-in was refused: {} ({}).", reason, details.azure_code),
            details};
}

}  // namespace aml::auth
