#pragma once

#include "features/account_feature.hpp"
#include "features/commands_feature.hpp"
#include "features/documents_feature.hpp"
#include "features/experiment_feature.hpp"
#include "features/file_question.hpp"
#include "features/progress_feature.hpp"
#include "features/runs_feature.hpp"
#include "features/services.hpp"
#include "features/tree_feature.hpp"
#include "features/ui_feature.hpp"
#include "features/workspace_feature.hpp"
#include "rpc/router.hpp"
#include "submit/run_submitter.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace aml::features {

/// Why nobody waited for the outcome of a submission.
enum class CutOff { SessionEnded, Cancelled };

/// What submitting builds on.
struct SubmitParts {
    ProgressFeature& progress;
    AccountFeature& account;
    UiFeature& ui;
    WorkspaceFeature& workspaces;
    TreeFeature& tree;
    ExperimentFeature& experiments;
    DocumentsFeature& documents;
    RunsFeature& runs;
};

/// The commands `azureml.submit` and `azureml.repeatLastRun`, which ask for the file they get none
/// of, and what becomes of submissions that a crash left open.
class SubmitFeature final {
public:
    SubmitFeature(Services& services, SubmitParts parts);

    void bind(rpc::Router& router, CommandsFeature& commands);

private:
    /// An Azure session and what submits with it; operations under way keep it.
    struct SubmitSession {
        SubmitSession(std::shared_ptr<AzureSession> owner, Services& services);

        std::shared_ptr<AzureSession> azure;
        submit::RunSubmitter submitter;
    };

    /// Of a run in the journal.
    using Entry = std::optional<state::JournalEntry>;

    void initialized(protocol::NoParams params);
    std::shared_ptr<SubmitSession> submit_session();
    asio::awaitable<void> settle(std::shared_ptr<SubmitSession> session, CutOff reason);
    asio::awaitable<void> tell_settled(SubmitSession& session,
                                       submit::SettledSubmission run,
                                       CutOff reason);
    /// Returns once the client has what it was told, and the next session would follow the same.
    asio::awaitable<void> reach_the_user(SubmitSession& session);
    asio::awaitable<protocol::Json> submit(CommandCall call);
    asio::awaitable<protocol::Json> repeat(CommandCall call);
    asio::awaitable<protocol::Json> send(submit::SubmitRequest request,
                                         rpc::RequestContext& context);
    asio::awaitable<submit::Submitted> carry_out(std::shared_ptr<SubmitSession> session,
                                                 submit::SubmitRequest request,
                                                 submit::OnSubmitProgress show,
                                                 std::stop_token stop);
    /// Takes a run out of the journal once the client has the reply. `entry` is shared because what
    /// happens after a reply is copyable.
    asio::awaitable<void> close(std::shared_ptr<SubmitSession> session,
                                std::shared_ptr<Entry> entry);
    asio::awaitable<void> announce(submit::SubmittedRun run);

    Services& services_;
    SubmitParts parts_;
    bool initialized_ = false;
    std::shared_ptr<SubmitSession> session_;
};

}  // namespace aml::features
