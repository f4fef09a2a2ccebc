#pragma once

#include "features/account_feature.hpp"
#include "features/auth_feature.hpp"
#include "features/commands_feature.hpp"
#include "features/comparison_feature.hpp"
#include "features/data_feature.hpp"
#include "features/diagnostics_feature.hpp"
#include "features/doctor_feature.hpp"
#include "features/documents_feature.hpp"
#include "features/experiment_feature.hpp"
#include "features/failure_feature.hpp"
#include "features/lifecycle_feature.hpp"
#include "features/local_feature.hpp"
#include "features/log_search_feature.hpp"
#include "features/model_feature.hpp"
#include "features/places_feature.hpp"
#include "features/plan_feature.hpp"
#include "features/progress_feature.hpp"
#include "features/repeat_feature.hpp"
#include "features/run_document_feature.hpp"
#include "features/run_end_feature.hpp"
#include "features/run_files_feature.hpp"
#include "features/run_news_feature.hpp"
#include "features/run_table_feature.hpp"
#include "features/run_view_feature.hpp"
#include "features/runs_feature.hpp"
#include "features/services.hpp"
#include "features/submit_feature.hpp"
#include "features/sweep_news_feature.hpp"
#include "features/tree_feature.hpp"
#include "features/ui_feature.hpp"
#include "features/workspace_feature.hpp"
#include "rpc/connection.hpp"
#include "rpc/router.hpp"

namespace aml::features {

/// The language server: the one place where features, domain and connection are put together. It
/// takes its seams from outside, so that a test runs all of it in process with a fake clock and
/// scripted HTTP.
///
/// A feature is a class that takes `Services&` (and other features it builds on), has
/// `bind(rpc::Router&)` for the methods it handles, and keeps what it must remember. Add it as a
/// member here, in order of use, and bind it in the constructor.
class Server final {
public:
    /// Does no work and asks nobody for anything.
    Server(asio::any_io_executor loop, const Seams& seams);

    /// Serves one session. Returns the process's exit code.
    asio::awaitable<int> run();

private:
    rpc::Router router_;
    rpc::Connection connection_;
    async::TaskGroup background_;
    Services services_;
    ProgressFeature progress_;
    AuthFeature auth_;
    LifecycleFeature lifecycle_;
    CommandsFeature commands_;
    UiFeature ui_;
    DiagnosticsFeature diagnostics_;
    AccountFeature account_;
    WorkspaceFeature workspaces_;
    TreeFeature tree_;
    DoctorFeature doctor_;
    PlacesFeature places_;
    DocumentsFeature documents_;
    ExperimentFeature experiments_;
    RunNewsFeature run_news_;
    RunsFeature runs_;
    FailureFeature failures_;
    RunEndFeature run_ends_;
    LogSearchFeature log_searches_;
    SweepNewsFeature sweep_news_;
    RunViewFeature run_views_;
    RunTableFeature run_tables_;
    RunFilesFeature run_files_;
    RunDocumentFeature run_documents_;
    PlanFeature plans_;
    ComparisonFeature comparisons_;
    RepeatFeature repeats_;
    ModelFeature models_;
    DataFeature data_;
    LocalFeature local_;
    SubmitFeature submit_;
};

}  // namespace aml::features
