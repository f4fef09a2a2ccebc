#pragma once

#include "azure/resource_id.hpp"
#include "features/commands_feature.hpp"
#include "features/progress_feature.hpp"
#include "features/run_document_feature.hpp"
#include "features/services.hpp"
#include "features/ui_feature.hpp"
#include "rpc/router.hpp"
#include "runs/run_code.hpp"

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

namespace aml::features {

/// What runs have differently, in the editor's own comparison: `azureml.runs.compare` what was
/// submitted and the metrics, `azureml.run.compareCode` the code of a run with that of another or
/// with a folder; and `runs/compare`.
class ComparisonFeature final {
public:
    ComparisonFeature(Services& services,
                      ProgressFeature& progress,
                      UiFeature& ui,
                      RunDocumentFeature& documents);

    void bind(rpc::Router& router, CommandsFeature& commands);

    /// Shows how the code in a folder differs from that of a run; says so when it does not. Throws:
    /// as `runs::compare_with_folder`; MethodNotFound when the client cannot show it.
    asio::awaitable<void> compare_with_folder(azure::ResourceId job,
                                              std::filesystem::path folder,
                                              std::stop_token stop);

    /// The name that people know a run by; it is followed from now on. Throws: NotFound.
    asio::awaitable<std::string> title_of(azure::ResourceId job, std::stop_token stop);

private:
    /// What a run is compared with.
    using Other = std::variant<azure::ResourceId, std::filesystem::path>;

    enum class Folders { No, Offered };

    asio::awaitable<protocol::RunsCompareResult> compare(protocol::RunsCompareParams params,
                                                         rpc::RequestContext& context);
    asio::awaitable<protocol::Json> compare_runs(CommandCall call);
    asio::awaitable<protocol::Json> compare_code(CommandCall call);

    /// What the second run of a command says, or the user; absent when nothing was chosen.
    asio::awaitable<std::optional<Other>> other_of(CommandCall& call,
                                                   azure::ResourceId job,
                                                   Folders folders);
    asio::awaitable<std::optional<std::filesystem::path>> pick_folder(std::stop_token stop);
    /// `title` is what the other side is called.
    asio::awaitable<void> show_changes(azure::ResourceId job,
                                       Other other,
                                       std::string title,
                                       std::stop_token stop);
    asio::awaitable<std::vector<runs::CodeChange>> changes_to(azure::ResourceId job,
                                                              Other other,
                                                              std::stop_token stop);
    asio::awaitable<protocol::RunsCompareResult> differences(azure::ResourceId left,
                                                             azure::ResourceId right,
                                                             std::stop_token stop);
    asio::awaitable<void> show(protocol::ShowChangesParams changes, std::stop_token stop);

    Services& services_;
    ProgressFeature& progress_;
    UiFeature& ui_;
    RunDocumentFeature& documents_;
};

}  // namespace aml::features
