#pragma once

#include "azure/resource_id.hpp"
#include "features/commands_feature.hpp"
#include "features/services.hpp"
#include "features/ui_feature.hpp"
#include "runs/model_registration.hpp"

#include <stop_token>
#include <string>

namespace aml::features {

/// `azureml.model.register`: a version of a model, made of a file or folder that a run left.
class ModelFeature final {
public:
    ModelFeature(Services& services, UiFeature& ui);

    void bind(CommandsFeature& commands);

private:
    asio::awaitable<protocol::Json> register_model(CommandCall call);
    /// Has the tree list the models again, and says so with a button that leads there.
    asio::awaitable<void> announce(azure::ResourceId workspace, runs::RegisteredModel model);

    Services& services_;
    UiFeature& ui_;
};

}  // namespace aml::features
