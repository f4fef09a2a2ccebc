#pragma once

#include "azure/resource_id.hpp"
#include "features/services.hpp"
#include "rpc/router.hpp"
#include "runconfig/assist.hpp"
#include "runconfig/run_configuration.hpp"
#include "workspace/catalog.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace aml::features {

/// Open run configurations: their text, problems, lenses, proposals and explanations. Says nothing
/// about any other document.  Source: LSP 3.17 "Text Document Synchronization" and "Language
/// Features".
class DocumentsFeature final {
public:
    explicit DocumentsFeature(Services& services);

    void bind(rpc::Router& router);

    /// The text an editor holds of a run configuration, saved or not; nothing when it is not open.
    std::optional<std::string> text_of(const std::filesystem::path& file) const;

    /// A run configuration as it is at this moment, whatever is typed meanwhile. Throws: as
    /// `runconfig::check` and `runconfig::load`.
    asio::awaitable<runconfig::RunConfiguration> checked(std::filesystem::path file) const;

    using PlanLine = std::function<std::optional<std::string>(const std::filesystem::path& file,
                                                              const std::string& text)>;

    /// Says in a line what submitting a run configuration would take, once that is known.
    void on_plan(PlanLine plan) { plan_ = std::move(plan); }

private:
    struct Document {
        std::int64_t version = 0;
        /// Nothing for one that was never saved.
        std::optional<std::filesystem::path> path;
        runconfig::Syntax syntax = runconfig::Syntax::Json;
        /// Until it is read; then `read` has it.
        std::string text;
        // Each is made when it is asked for the first time, and kept until the text changes.
        std::shared_ptr<const runconfig::Document> read;
        std::shared_ptr<const runconfig::Analysis> analysis;
        /// Rises with every change; a check of an older one is thrown away.
        std::uint64_t generation = 0;
        /// The client shows problems of ours.
        bool has_problems = false;
    };

    void did_open(protocol::DidOpenTextDocumentParams params);
    void did_change(protocol::DidChangeTextDocumentParams params);
    void did_save(protocol::DidSaveTextDocumentParams params);
    void did_close(protocol::DidCloseTextDocumentParams params);
    asio::awaitable<std::vector<protocol::CodeLens>> code_lens(protocol::CodeLensParams params,
                                                               rpc::RequestContext& context);
    asio::awaitable<protocol::CompletionList> completion(protocol::CompletionParams params,
                                                         rpc::RequestContext& context);
    asio::awaitable<std::optional<protocol::Hover>> hover(protocol::HoverParams params,
                                                          rpc::RequestContext& context);

    static const std::string& text_of(const Document& document);
    static std::shared_ptr<const runconfig::Document> read(Document& document);
    static std::shared_ptr<const runconfig::Analysis> analyse(Document& document);
    static bool is_run_configuration(const std::string& uri, Document& document);
    /// The open run configuration; null for every other document.
    Document* find(const std::string& uri);
    bool is_current(const std::string& uri, std::uint64_t generation) const;
    void check_soon(const std::string& uri, std::chrono::milliseconds delay);
    asio::awaitable<void> check(std::string uri,
                                std::uint64_t generation,
                                std::chrono::milliseconds delay);
    void publish(const std::string& uri, const std::vector<runconfig::Diagnostic>& problems);

    Services& services_;
    PlanLine plan_;
    std::map<std::string, Document> documents_;
    std::uint64_t next_generation_ = 1;
};

}  // namespace aml::features
