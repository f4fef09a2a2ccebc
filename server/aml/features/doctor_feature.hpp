#pragma once

#include "features/auth_feature.hpp"
#include "features/commands_feature.hpp"
#include "features/progress_feature.hpp"
#include "features/services.hpp"
#include "features/ui_feature.hpp"
#include "features/workspace_feature.hpp"

#include <optional>
#include <stop_token>

namespace aml::features {

/// The command `azureml.doctor`: tries every step from the address of Azure to an upload, and opens
/// what it found as a document (`sign-in-doctor.md` in the state directory). The command's result
/// is the list of steps.
class DoctorFeature final {
public:
    DoctorFeature(Services& services,
                  ProgressFeature& progress,
                  AuthFeature& auth,
                  UiFeature& ui,
                  WorkspaceFeature& workspaces)
        : services_(services),
          progress_(progress),
          auth_(auth),
          ui_(ui),
          workspaces_(workspaces) {}

    void bind(CommandsFeature& commands);

private:
    asio::awaitable<protocol::Json> examine(CommandCall call);

    Services& services_;
    ProgressFeature& progress_;
    AuthFeature& auth_;
    UiFeature& ui_;
    WorkspaceFeature& workspaces_;
};

}  // namespace aml::features
