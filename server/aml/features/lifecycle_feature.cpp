#include "features/lifecycle_feature.hpp"

#include "features/uri.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <string_view>
#include <utility>

namespace aml::features {
namespace {

std::string_view major(std::string_view version) {
    return version.substr(0, version.find('.'));
}

void check_version(const protocol::InitializationOptions& options) {
    if (!options.protocolVersion || major(*options.protocolVersion) == major(protocol::version))
        return;
    throw Error(
        ErrorKind::InvalidParams,
        localize(
            "This client speaks version {} of the protocol and the server version {}: install the "
            "extension and the server of the same release.",
            *options.protocolVersion,
            protocol::version));
}

// The folders on this machine; an editor may also show some that are elsewhere.
std::vector<std::filesystem::path> folders_of(const protocol::InitializeParams& params) {
    std::vector<std::filesystem::path> folders;
    const auto add = [&](const std::string& uri) {
        if (uri.starts_with("file:")) folders.push_back(path_of_uri(uri));
    };
    if (params.workspaceFolders) {
        for (const auto& folder : *params.workspaceFolders) add(folder.uri);
    } else if (params.rootUri) {
        add(*params.rootUri);
    }
    return folders;
}

protocol::ServerCapabilities capabilities(std::vector<std::string> commands) {
    protocol::TextDocumentSyncOptions sync{.openClose = true,
                                           .change = protocol::TextDocumentSyncKind::Incremental,
                                           .save = protocol::SaveOptions{.includeText = false}};
    protocol::WorkspaceServerCapabilities folders{
        .workspaceFolders = protocol::WorkspaceFoldersServerCapabilities{
            .supported = true, .changeNotifications = true}};
    protocol::ServerCapabilities offered{
        .positionEncoding = protocol::PositionEncodingKind::Utf16,
        .textDocumentSync = std::move(sync),
        .codeLensProvider = protocol::CodeLensOptions{.resolveProvider = false},
        .completionProvider =
            protocol::CompletionOptions{.triggerCharacters = std::vector<std::string>{"\"", ":"}},
        .hoverProvider = true,
        .executeCommandProvider = protocol::ExecuteCommandOptions{.commands = std::move(commands)},
        .workspace = std::move(folders),
        .experimental =
            protocol::ServerExperimental{.protocolVersion = std::string(protocol::version)}};
    return offered;
}

}  // namespace

void LifecycleFeature::bind(rpc::Router& router) {
    router.request<protocol::Initialize>(this, &LifecycleFeature::initialize);
    router.request<protocol::Shutdown>(this, &LifecycleFeature::shutdown);
    router.notification<protocol::WorkspaceDidChangeConfiguration>(
        this, &LifecycleFeature::did_change_configuration);
}

asio::awaitable<protocol::InitializeResult> LifecycleFeature::initialize(
    protocol::InitializeParams params, rpc::RequestContext&) {
    use_language(language_named(params.locale.value_or("")));
    const auto options = params.initializationOptions.value_or(protocol::InitializationOptions{});
    check_version(options);
    if (params.clientInfo) {
        services_.log.info(
            "client {} {}", params.clientInfo->name, params.clientInfo->version.value_or(""));
    }
    services_.folders = folders_of(params);
    services_.capabilities = std::move(params.capabilities);
    services_.start(options);
    protocol::InitializeResult result{
        .capabilities = capabilities(commands_),
        .serverInfo = protocol::ServerInfo{.name = "aml", .version = services_.version}};
    co_return result;
}

asio::awaitable<void> LifecycleFeature::shutdown(protocol::NoParams, rpc::RequestContext&) {
    // The connection has ended every other request by now; background work goes on until `exit`.
    co_return;
}

void LifecycleFeature::did_change_configuration(protocol::DidChangeConfigurationParams params) {
    const auto& settings = params.settings;
    // Editors send either the section or an object that holds it; some send null to say "ask me".
    if (!settings.is_object()) return;
    const auto section = settings.find("azureml");
    services_.configure(
        section == settings.end()
            ? protocol::decode<protocol::Settings>(settings, "/params/settings")
            : protocol::decode<protocol::Settings>(*section, "/params/settings/azureml"));
}

}  // namespace aml::features
