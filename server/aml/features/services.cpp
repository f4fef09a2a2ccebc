#include "features/services.hpp"

#include "features/azure_session.hpp"
#include "local/this_computer.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>

#include <utility>

namespace aml::features {
namespace {

// Operations under way keep a session that was replaced; it ends with the last of them.
asio::awaitable<void> retire(std::shared_ptr<AzureSession> session) {
    co_await session->shut_down();
}

http::NetworkSettings network_settings(const protocol::Settings& settings) {
    http::NetworkSettings network;
    if (settings.proxy) network.proxy.address = *settings.proxy;
    network.proxy.excluded = settings.noProxy.value_or(std::vector<std::string>());
    network.ca_file = settings.caFile.value_or("");
    return network;
}

/// What decides which Azure is used, as whom, and how it is reached.
protocol::Settings access_part(protocol::Settings settings) {
    settings.runEndNotification.reset();
    return settings;
}

}  // namespace

Services::Services(const Seams& seams,
                   asio::any_io_executor executor,
                   rpc::Connection& connection,
                   async::TaskGroup& background)
    : loop(std::move(executor)),
      client(connection),
      clock(seams.clock),
      http(seams.http),
      random(seams.random),
      log(seams.log),
      version(seams.version),
      pool(seams.blocking_pool),
      tasks(background),
      configure_network_(seams.configure_network) {}

void Services::start(const protocol::InitializationOptions& options) {
    auto directory = options.stateDirectory ? std::filesystem::path(*options.stateDirectory)
                                            : workspace::SavedState::default_directory();
    auto notify = [this](std::string sentence) {
        tell(protocol::MessageType::Warning, std::move(sentence));
    };
    state_.emplace(std::move(directory), pool, log.component("state"), std::move(notify));
    configure(protocol::Settings{.armEndpoint = options.armEndpoint,
                                 .auth = options.auth,
                                 .proxy = options.proxy,
                                 .noProxy = options.noProxy,
                                 .caFile = options.caFile,
                                 .runEndNotification = options.runEndNotification});
    local_transport_.emplace(*state_, [this] { return folders; });
    here_ = std::make_shared<AzureSession>(
        *this,
        *local_transport_,
        local::access_settings(fmt::format("azureml-experiments/{}", version)),
        auth::SignInTools());
    for (const auto& handler : here_handlers_) handler(*here_);
}

void Services::configure(const protocol::Settings& settings) {
    const bool same_access = access_part(settings) == access_part(settings_);
    settings_ = settings;
    if (session_ && same_access) return;
    if (configure_network_) configure_network_(network_settings(settings));
    if (session_) tasks.spawn(retire(session_));
    session_ = make_session(access_settings(settings));
    for (const auto& handler : session_handlers_) handler(*session_);
}

workspace::AccessSettings Services::access_settings(const protocol::Settings& settings) {
    auto access =
        workspace::AccessSettings::from_environment(fmt::format("azureml-experiments/{}", version));
    access.proxy = network_settings(settings).proxy;
    if (settings.armEndpoint && !settings.armEndpoint->empty()) {
        access.arm_endpoint = *settings.armEndpoint;
        while (access.arm_endpoint.ends_with('/')) access.arm_endpoint.pop_back();
    }
    if (settings.auth) {
        const auto method = auth::parse_method(settings.auth->text());
        if (!method) {
            tell(protocol::MessageType::Warning,
                 localize(
                     "The setting azureml.auth has the unknown value \"{}\"; auto is used instead.",
                     settings.auth->text()));
        }
        access.sign_in.method = method.value_or(auth::Method::Auto);
    }
    return access;
}

void Services::on_session(std::function<void(AzureSession&)> handler) {
    session_handlers_.push_back(std::move(handler));
}

void Services::on_here(std::function<void(AzureSession&)> handler) {
    here_handlers_.push_back(std::move(handler));
}

std::shared_ptr<AzureSession> Services::session_of(std::string_view id) const {
    return local::is_here(id) ? here_ : session_;
}

std::shared_ptr<AzureSession> Services::session_of(const azure::ResourceId& job) const {
    return session_of(job.key());
}

asio::awaitable<std::vector<std::filesystem::path>> Services::places_here() {
    return local_transport_->places();
}

void Services::tell(protocol::MessageType type, std::string message) {
    protocol::ShowMessageParams params{.type = type, .message = std::move(message)};
    client.notify<protocol::WindowShowMessage>(std::move(params));
}

void Services::refresh_lenses() {
    const auto& workspace = capabilities.workspace;
    const bool can =
        workspace && workspace->codeLens && workspace->codeLens->refreshSupport.value_or(false);
    if (can) tasks.spawn(ask_to_refresh_lenses());
}

asio::awaitable<void> Services::ask_to_refresh_lenses() {
    try {
        co_await client.request<protocol::WorkspaceCodeLensRefresh>({}, tasks.stop_token());
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::Cancelled) throw;
        log.info("the lenses were not asked for again: {}", error.message());
    }
}

}  // namespace aml::features
