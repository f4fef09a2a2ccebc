#include "features/model_feature.hpp"

#include "features/asset_news.hpp"
#include "features/azure_session.hpp"
#include "features/owned_files.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"
#include "tree/tree_node.hpp"

#include <fmt/format.h>

#include <utility>
#include <variant>

namespace aml::features {

ModelFeature::ModelFeature(Services& services, UiFeature& ui)
    : services_(services),
      ui_(ui) {}

void ModelFeature::bind(CommandsFeature& commands) {
    commands.add("azureml.model.register",
                 [this](CommandCall call) { return register_model(std::move(call)); });
}

asio::awaitable<protocol::Json> ModelFeature::register_model(CommandCall call) {
    auto files = owned_files(call);
    // The folder is what such a file describes.
    constexpr std::string_view description = "/MLmodel";
    if (files.path.ends_with(description))
        files.path.resize(files.path.size() - description.size());
    if (!files.is_of_run() || files.path.empty())
        throw Error(ErrorKind::InvalidParams, "/params/arguments: expected a file of a run");
    ui::InputQuestion question{.title = localize("Register a model")};
    question.prompt = localize("Name of the model; a name that exists gets another version");
    question.value = runs::proposed_model_name(files.path);
    question.validate = [](const std::string& name) {
        return runs::model_name_problem(trimmed_view(name));
    };
    const auto answer = co_await ui_.input(std::move(question), call.stop());
    const auto* entered = std::get_if<ui::Entered>(&answer);
    if (entered == nullptr) co_return protocol::Json();
    const auto session = services_.session_of(files.owner);
    auto* connection = co_await session->access.connect(call.stop());
    auto name = trimmed(entered->value);
    const auto model = co_await runs::register_model(
        connection->client, files.owner, files.path, std::move(name), call.stop());
    services_.tasks.spawn(announce(files.owner.workspace(), model));
    co_return protocol::Json(fmt::format("{}:{}", model.name, model.version));
}

asio::awaitable<void> ModelFeature::announce(azure::ResourceId workspace,
                                             runs::RegisteredModel model) {
    AssetNews news{.workspace = std::move(workspace), .folder = tree::row_kind::models};
    news.collection = "models";
    news.text = model.type == "mlflow_model"
                    ? localize("Registered the MLflow model {}:{}.", model.name, model.version)
                    : localize("Registered the model {}:{}.", model.name, model.version);
    news.show_button = localize("Show model");
    news.name = std::move(model.name);
    news.version = std::move(model.version);
    co_await announce_asset(services_, ui_, std::move(news));
}

}  // namespace aml::features
