#include "features/documents_feature.hpp"

#include "async/run_blocking.hpp"
#include "features/azure_session.hpp"
#include "features/convert_runconfig.hpp"
#include "features/uri.hpp"
#include "features/workspace_names.hpp"
#include "platform/path.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <algorithm>
#include <utility>

namespace aml::features {
namespace {

/// Pauses in typing that are long enough for problems to be told.
constexpr std::chrono::milliseconds typing_pause{250};
/// No run configuration is larger; a larger document is not looked at.
constexpr std::size_t largest_document = 4U << 20U;

/// What a document is written in; nothing where no run configuration is.
std::optional<runconfig::Syntax> syntax_of(const protocol::TextDocumentItem& document) {
    const auto& uri = document.uri;
    const auto& name = document.languageId;
    if (name == "yaml" || uri.ends_with(".yml") || uri.ends_with(".yaml"))
        return runconfig::Syntax::Yaml;
    if (name == "json" || name == "jsonc" || uri.ends_with(".job.json"))
        return runconfig::Syntax::Json;
    return std::nullopt;
}

/// The path of a document on this machine; nothing for one that was never saved.
std::optional<std::filesystem::path> path_of(const std::string& uri) {
    try {
        return path_of_uri(uri);
    } catch (const Error&) {
        return std::nullopt;
    }
}

protocol::CodeLens lens(std::string title, std::string command, const std::string& subject) {
    protocol::Command action{.title = std::move(title), .command = std::move(command)};
    action.arguments.emplace().emplace_back(subject);
    protocol::CodeLens result;
    result.command = std::move(action);
    return result;
}

bool understands_snippets(const protocol::ClientCapabilities& capabilities) {
    const auto& document = capabilities.textDocument;
    if (!document || !document->completion || !document->completion->completionItem) return false;
    const auto& item = *document->completion->completionItem;
    return item.is_object() && item.value("snippetSupport", false);
}

}  // namespace

DocumentsFeature::DocumentsFeature(Services& services)
    : services_(services) {}

void DocumentsFeature::bind(rpc::Router& router) {
    router.notification<protocol::TextDocumentDidOpen>(this, &DocumentsFeature::did_open);
    router.notification<protocol::TextDocumentDidChange>(this, &DocumentsFeature::did_change);
    router.notification<protocol::TextDocumentDidSave>(this, &DocumentsFeature::did_save);
    router.notification<protocol::TextDocumentDidClose>(this, &DocumentsFeature::did_close);
    router.request<protocol::TextDocumentCodeLens>(this, &DocumentsFeature::code_lens);
    router.request<protocol::TextDocumentCompletion>(this, &DocumentsFeature::completion);
    router.request<protocol::TextDocumentHover>(this, &DocumentsFeature::hover);
}

std::optional<std::string> DocumentsFeature::text_of(const std::filesystem::path& file) const {
    // Editors encode URIs differently, and users write paths so; the file they mean is the same.
    const auto key = platform::path_key(file);
    for (const auto& [uri, document] : documents_) {
        if (document.path && platform::path_key(*document.path) == key) return text_of(document);
    }
    return std::nullopt;
}

asio::awaitable<runconfig::RunConfiguration> DocumentsFeature::checked(
    std::filesystem::path file) const {
    auto text = text_of(file);
    auto look = [text = std::move(text), file = std::move(file)]() mutable {
        if (text) return runconfig::check(std::move(*text), std::move(file));
        return runconfig::load(std::move(file));
    };
    co_return co_await async::run_blocking(services_.pool, std::move(look));
}

void DocumentsFeature::did_open(protocol::DidOpenTextDocumentParams params) {
    auto& opened = params.textDocument;
    const auto syntax = syntax_of(opened);
    if (!syntax || opened.text.size() > largest_document) return;
    auto& document = documents_[opened.uri];
    document.syntax = *syntax;
    document.version = opened.version;
    document.path = path_of(opened.uri);
    document.text = std::move(opened.text);
    document.read.reset();
    document.analysis.reset();
    check_soon(opened.uri, {});
}

void DocumentsFeature::did_change(protocol::DidChangeTextDocumentParams params) {
    const auto& uri = params.textDocument.uri;
    const auto found = documents_.find(uri);
    if (found == documents_.end()) return;
    auto& document = found->second;
    auto text = text_of(document);
    for (auto& change : params.contentChanges) {
        if (change.range) {
            const std::vector<runconfig::TextEdit> edits{
                {from_wire(*change.range), std::move(change.text)}};
            text = runconfig::apply_in_turn(std::move(text), edits);
        } else {
            text = std::move(change.text);
        }
    }
    if (text.size() > largest_document) {
        publish(uri, {});
        documents_.erase(found);
        return;
    }
    document.version = params.textDocument.version;
    document.text = std::move(text);
    document.read.reset();
    document.analysis.reset();
    check_soon(uri, typing_pause);
}

void DocumentsFeature::did_save(protocol::DidSaveTextDocumentParams params) {
    if (documents_.contains(params.textDocument.uri)) check_soon(params.textDocument.uri, {});
}

void DocumentsFeature::did_close(protocol::DidCloseTextDocumentParams params) {
    const auto found = documents_.find(params.textDocument.uri);
    if (found == documents_.end()) return;
    publish(params.textDocument.uri, {});
    documents_.erase(found);
}

asio::awaitable<std::vector<protocol::CodeLens>> DocumentsFeature::code_lens(
    protocol::CodeLensParams params, rpc::RequestContext&) {
    const auto uri = std::move(params.textDocument.uri);
    std::vector<protocol::CodeLens> lenses;
    const auto* document = find(uri);
    // What was never saved has no folder to upload.
    if (document == nullptr || !document->path) co_return lenses;
    const auto path = document->path;
    const auto& text = text_of(*document);
    const bool has_second_line = text.find('\n') != std::string::npos;
    const auto plan = plan_ ? plan_(*path, text) : std::nullopt;
    lenses.push_back(lens(localize("Submit Experiment"), "azureml.submit", uri));
    lenses.push_back(lens(localize("Run on this computer"), "azureml.runLocally", uri));
    const auto workspace = co_await bound_workspace(services_, *path);
    auto title =
        workspace ? localize("Workspace: {}", workspace->name()) : localize("Select a workspace");
    lenses.push_back(lens(std::move(title), "azureml.selectWorkspace", uri));
    if (const auto origin = co_await services_.state().origin_of(*path)) {
        const auto run = azure::ResourceId::parse(*origin).value_or(azure::ResourceId());
        auto changes =
            lens(localize("Changes to {}", run.name()), "azureml.run.repeatWithChanges", *origin);
        changes.command->arguments->emplace_back(uri);
        lenses.push_back(std::move(changes));
    }
    if (plan) {
        // What submitting would take; a click shows what is sent. It is as long as a line, so it
        // has a row of its own where there is one.
        auto row = lens(*plan, "azureml.showSent", uri);
        if (has_second_line) row.range.start.line = row.range.end.line = 1;
        lenses.push_back(std::move(row));
    }
    co_return lenses;
}

asio::awaitable<protocol::CompletionList> DocumentsFeature::completion(
    protocol::CompletionParams params, rpc::RequestContext& context) {
    protocol::CompletionList list;
    auto* document = find(params.textDocument.uri);
    if (document == nullptr) co_return list;
    const auto kept = read(*document);
    const auto& text = *kept;
    const auto offset = text.index().offset(from_wire(params.position));
    const auto wanted = runconfig::wanted_names(text, offset);
    runconfig::KnownNames names;
    const auto path = document->path;
    if (wanted != runconfig::WantedNames::None && path) {
        const auto workspace = co_await bound_workspace(services_, *path);
        if (workspace) {
            names = co_await wanted_names(services_.session(), *workspace, wanted, context.stop());
        }
    }
    const auto snippets =
        understands_snippets(services_.capabilities) ? Snippets::Understood : Snippets::Plain;
    for (const auto& proposal : runconfig::propose(text, offset, names)) {
        list.items.push_back(to_wire(proposal, list.items.size(), snippets));
    }
    co_return list;
}

asio::awaitable<std::optional<protocol::Hover>> DocumentsFeature::hover(
    protocol::HoverParams params, rpc::RequestContext&) {
    auto* document = find(params.textDocument.uri);
    if (document == nullptr) co_return std::nullopt;
    const auto kept = read(*document);
    const auto& text = *kept;
    const auto found = runconfig::explain(text, text.index().offset(from_wire(params.position)));
    if (!found) co_return std::nullopt;
    protocol::Hover hover;
    hover.contents = {.kind = protocol::MarkupKind::Markdown, .value = found->markdown};
    hover.range = to_wire(found->range);
    co_return hover;
}

const std::string& DocumentsFeature::text_of(const Document& document) {
    return document.read ? document.read->text() : document.text;
}

std::shared_ptr<const runconfig::Document> DocumentsFeature::read(Document& document) {
    if (!document.read) {
        document.read = std::make_shared<const runconfig::Document>(
            std::exchange(document.text, {}), document.syntax);
    }
    return document.read;
}

std::shared_ptr<const runconfig::Analysis> DocumentsFeature::analyse(Document& document) {
    if (!document.analysis) {
        document.analysis =
            std::make_shared<const runconfig::Analysis>(runconfig::analyse(read(document)));
    }
    return document.analysis;
}

bool DocumentsFeature::is_run_configuration(const std::string& uri, Document& document) {
    return runconfig::may_be_run_configuration(text_of(document), document.syntax) &&
           runconfig::is_run_configuration(uri, *read(document));
}

DocumentsFeature::Document* DocumentsFeature::find(const std::string& uri) {
    const auto found = documents_.find(uri);
    const bool ours = found != documents_.end() && is_run_configuration(uri, found->second);
    return ours ? &found->second : nullptr;
}

bool DocumentsFeature::is_current(const std::string& uri, std::uint64_t generation) const {
    const auto found = documents_.find(uri);
    return found != documents_.end() && found->second.generation == generation;
}

void DocumentsFeature::check_soon(const std::string& uri, std::chrono::milliseconds delay) {
    auto& document = documents_.at(uri);
    document.generation = next_generation_++;
    services_.tasks.spawn(check(uri, document.generation, delay));
}

asio::awaitable<void> DocumentsFeature::check(std::string uri,
                                              std::uint64_t generation,
                                              std::chrono::milliseconds delay) {
    const auto stop = services_.tasks.stop_token();
    if (delay.count() > 0) co_await services_.clock.sleep_for(delay, stop);
    if (!is_current(uri, generation)) co_return;
    auto& document = documents_.at(uri);
    if (!is_run_configuration(uri, document)) {
        publish(uri, {});
        co_return;
    }
    const auto analysis = analyse(document);
    auto problems = analysis->diagnostics;
    const auto path = document.path;
    if (!analysis->job || !path) {
        publish(uri, problems);
        co_return;
    }
    auto look = [analysis, file = *path] { return runconfig::check_files(*analysis, file); };
    const auto on_disk = co_await async::run_blocking(services_.pool, std::move(look));
    problems.insert(problems.end(), on_disk.begin(), on_disk.end());
    const auto workspace = co_await bound_workspace(services_, *path);
    if (!is_current(uri, generation)) co_return;
    const auto session = services_.session();
    runconfig::KnownNames names;
    if (workspace) names = known_names(session->catalog, *workspace);
    auto all = problems;
    auto of_names = runconfig::check_names(*analysis, names);
    all.insert(all.end(), of_names.begin(), of_names.end());
    publish(uri, all);
    const bool unknown = workspace && (!names.computes || !names.environments);
    if (!unknown || !is_signed_in(*session)) co_return;
    co_await wanted_names(session, *workspace, runconfig::WantedNames::Computes, stop);
    names = co_await wanted_names(session, *workspace, runconfig::WantedNames::Environments, stop);
    of_names = runconfig::check_names(*analysis, names);
    if (of_names.empty() || !is_current(uri, generation)) co_return;
    problems.insert(problems.end(), of_names.begin(), of_names.end());
    publish(uri, problems);
}

void DocumentsFeature::publish(const std::string& uri,
                               const std::vector<runconfig::Diagnostic>& problems) {
    auto& document = documents_.at(uri);
    if (problems.empty() && !document.has_problems) return;
    document.has_problems = !problems.empty();
    protocol::PublishDiagnosticsParams params{.uri = uri};
    params.version = document.version;
    for (const auto& problem : problems) params.diagnostics.push_back(to_wire(problem));
    services_.client.notify<protocol::TextDocumentPublishDiagnostics>(std::move(params));
}

}  // namespace aml::features
