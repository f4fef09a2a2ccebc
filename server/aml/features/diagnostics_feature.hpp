#pragma once

#include "features/commands_feature.hpp"
#include "features/services.hpp"
#include "support/error.hpp"

#include <string>

namespace aml::features {

/// The command `azureml.copyDiagnostics`: for a row of the tree that is a problem, or else for the
/// latest command that failed.
class DiagnosticsFeature final {
public:
    explicit DiagnosticsFeature(Services& services);

    void bind(CommandsFeature& commands);

private:
    void keep(const Error& error);
    asio::awaitable<protocol::Json> copy_asked(CommandCall call);
    asio::awaitable<void> copy(std::string text);
    /// As of now: later requests may fail too.
    std::string text_of(const Error& error) const;

    Services& services_;
    /// Of the latest failure of a command; empty before the first one.
    std::string latest_;
};

}  // namespace aml::features
