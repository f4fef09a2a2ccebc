#include "features/workspace_names.hpp"

#include "async/run_blocking.hpp"
#include "features/azure_session.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"
#include "workspace/workspace_binding.hpp"

#include <fmt/format.h>

#include <utility>

namespace aml::features {
namespace {

std::string describe(const azure::Compute& compute) {
    if (compute.vm_size.empty()) return compute.type;
    return fmt::format("{}, {}", compute.type, compute.vm_size);
}

/// Asks for one list, so that the catalogue knows it afterwards.
template <typename List>
asio::awaitable<void> ask(asio::awaitable<List> list) {
    try {
        co_await std::move(list);
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::Cancelled) throw;
    }
}

}  // namespace

asio::awaitable<std::optional<azure::ResourceId>> bound_workspace(Services& services,
                                                                  std::filesystem::path file) {
    auto look = [file = std::move(file)]() -> std::optional<azure::ResourceId> {
        try {
            const auto found = workspace::find_workspace_binding(file);
            if (found) return found->workspace;
        } catch (const Error&) {
            // Submitting says what is wrong with the file; here it only means that nothing is
            // known.
        }
        return std::nullopt;
    };
    co_return co_await async::run_blocking(services.pool, std::move(look));
}

runconfig::KnownNames known_names(const workspace::Catalog& catalog,
                                  const azure::ResourceId& workspace) {
    runconfig::KnownNames names;
    if (const auto computes = catalog.known_computes(workspace)) {
        names.computes.emplace();
        for (const auto& compute : *computes) {
            names.computes->push_back(
                {compute.name,
                 "azureml:" + compute.name,
                 describe(compute),
                 {},
                 same_name(compute.type, "AmlCompute") ? compute.max_nodes : std::nullopt});
        }
    }
    if (const auto environments = catalog.known_environments(workspace)) {
        names.environments.emplace();
        for (const auto& environment : *environments) {
            auto detail = environment.version.empty() ? localize("newest version")
                                                      : localize("version {}", environment.version);
            if (!environment.registry.empty()) detail = localize("{}, from Azure ML", detail);
            names.environments->push_back({environment.name,
                                           environment.reference(),
                                           std::move(detail),
                                           environment.description});
        }
    }
    if (const auto experiments = catalog.known_experiments(workspace)) {
        names.experiments.emplace();
        for (const auto& experiment : *experiments) {
            names.experiments->push_back(
                {experiment.name, experiment.name, {}, experiment.description});
        }
    }
    if (const auto data = catalog.known_data(workspace)) {
        names.data.emplace();
        for (const auto& asset : *data) {
            const auto version =
                asset.latest_version.empty() ? "@latest" : ":" + asset.latest_version;
            names.data->push_back({asset.name,
                                   fmt::format("azureml:{}{}", asset.name, version),
                                   asset.data_type,
                                   asset.description});
        }
    }
    return names;
}

asio::awaitable<runconfig::KnownNames> wanted_names(std::shared_ptr<AzureSession> session,
                                                    azure::ResourceId workspace,
                                                    runconfig::WantedNames wanted,
                                                    std::stop_token stop) {
    auto& catalog = session->catalog;
    if (is_signed_in(*session)) {
        switch (wanted) {
            case runconfig::WantedNames::Computes:
                co_await ask(catalog.computes(workspace, stop));
                break;
            case runconfig::WantedNames::Environments:
                co_await ask(catalog.environments(workspace, stop));
                break;
            case runconfig::WantedNames::Experiments:
                co_await ask(catalog.experiments(workspace, stop));
                break;
            case runconfig::WantedNames::Data:
                co_await ask(catalog.data(workspace, stop));
                break;
            case runconfig::WantedNames::None:
                break;
        }
    }
    co_return known_names(catalog, workspace);
}

bool is_signed_in(const AzureSession& session) {
    const auto* connection = session.access.connection();
    return connection != nullptr && connection->session.account().has_value();
}

}  // namespace aml::features
