#include "cli/commands.hpp"
#include "cli/invocation.hpp"
#include "support/localize.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace aml::cli {
namespace {

asio::awaitable<ExitCode> log_in(Invocation& invocation, std::stop_token stop) {
    auto* connection = co_await invocation.access.connect(stop);
    auto& session = connection->session;
    const auto account = co_await session.sign_in(std::move(stop));
    const auto method = session.method() ? auth::describe(*session.method()) : std::string();
    for (const auto& credential : session.skipped())
        invocation.terminal.remark(localize("Passed over {}.", credential));
    invocation.terminal.line(localize("Signed in as {} ({}).", account.name, method));
    invocation.terminal.value({{"account", account.name},
                               {"tenant", account.tenant},
                               {"application", account.application},
                               {"method", method},
                               {"passedOver", session.skipped()}});
    co_return ExitCode::Completed;
}

}  // namespace

const Command login_command{
    .name = "login",
    .summary = Localizable("Sign in and say as whom"),
    .description = Localizable(
        "AZUREML_AUTH says how: auto (the first way that works), servicePrincipal, azureCli,\n"
        "managedIdentity or deviceCode. A service principal is taken from AZURE_TENANT_ID,\n"
        "AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH or\n"
        "AZURE_FEDERATED_TOKEN_FILE. No token is kept on disk."),
    .handler = log_in};

}  // namespace aml::cli
