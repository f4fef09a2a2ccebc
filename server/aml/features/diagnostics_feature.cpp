#include "features/diagnostics_feature.hpp"

#include "features/azure_session.hpp"
#include "support/localize.hpp"
#include "workspace/diagnostics.hpp"

#include <fmt/format.h>

#include <utility>

namespace aml::features {
DiagnosticsFeature::DiagnosticsFeature(Services& services)
    : services_(services) {}

void DiagnosticsFeature::bind(CommandsFeature& commands) {
    commands.on_failure([this](const Error& error) { keep(error); });
    commands.add("azureml.copyDiagnostics",
                 [this](CommandCall call) { return copy_asked(std::move(call)); });
}

void DiagnosticsFeature::keep(const Error& error) {
    if (error.kind() != ErrorKind::Cancelled) latest_ = text_of(error);
}

asio::awaitable<protocol::Json> DiagnosticsFeature::copy_asked(CommandCall call) {
    const auto id = call.optional_text();
    const auto row =
        id ? services_.session_of(*id)->tree.find(*id) : std::optional<tree::TreeNode>();
    if (row) {
        const Error problem(ErrorKind::AzureFailed,
                            fmt::format("{} {}", row->label, row->description));
        co_await copy(text_of(problem));
    } else if (latest_.empty()) {
        services_.tell(protocol::MessageType::Info, localize("No command has failed."));
    } else {
        co_await copy(latest_);
    }
    co_return protocol::Json();
}

asio::awaitable<void> DiagnosticsFeature::copy(std::string text) {
    protocol::CopyParams params{.text = text};
    bool copied = true;
    try {
        co_await services_.client.request<protocol::UiCopy>(std::move(params),
                                                            services_.tasks.stop_token());
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::Cancelled) throw;
        copied = false;
    }
    services_.tell(protocol::MessageType::Info,
                   copied ? localize("The diagnostics are on the clipboard.") : std::move(text));
}

std::string DiagnosticsFeature::text_of(const Error& error) const {
    return workspace::diagnostics(
        error, services_.session()->failures, services_.clock.now(), services_.version);
}

}  // namespace aml::features
