#include "azure/run_history.hpp"

#include "azure/artifacts.hpp"
#include "azure/assets.hpp"
#include "azure/blobs.hpp"
#include "azure/codes.hpp"
#include "azure/computes.hpp"
#include "azure/jobs.hpp"
#include "azure/metrics.hpp"
#include "azure/workspaces.hpp"
#include "integration/fixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

using namespace aml;
using std::chrono::milliseconds;
using test::LiveFixture;

namespace {

constexpr auto script = R"(
import json, os, sys, urllib.request
base = os.environ["MLFLOW_TRACKING_URI"] + "/api/2.0/mlflow/"
token = os.environ.get("MLFLOW_TRACKING_TOKEN", "")
for step in range(3):
    body = {"run_id": os.environ["MLFLOW_RUN_ID"], "key": "loss", "value": 1.0 / (step + 1), "timestamp": 1767225600000 + step, "step": step}
    request = urllib.request.Request(base + "runs/log-metric", json.dumps(body).encode(), {"Authorization": "Bearer " + token, "Content-Type": "application/json"})
    urllib.request.urlopen(request).read()
os.makedirs("outputs/model", exist_ok=True)
open("outputs/model/weights.txt", "w").write("0.5")
print("trained ü")
sys.exit(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
)";

struct JobFixture : LiveFixture {
    azure::ResourceId compute() {
        const auto id = workspace.child("computes", "it-runner");
        if (!run(azure::computes::find(*client, id, {}))) {
            azure::AmlComputeSpec spec;
            spec.location = run(azure::workspaces::get(*client, workspace, {})).location;
            run(azure::computes::create_or_update(*client, id, spec, nullptr, {}));
        }
        return id;
    }

    std::string environment() {
        azure::EnvironmentSpec spec;
        spec.image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04";
        return run(azure::environments::create_or_update(
                       *client, workspace, "it-image", "1", spec, {}))
            .id;
    }

    std::string code() {
        const auto name = random->uuid();
        const auto upload =
            run(azure::codes::start_pending_upload(*client, workspace, name, "1", {}));
        const auto file = azure::blobs::address(upload.container, "proj/train.py");
        run(azure::blobs::put_blob(*client, file, http::Body(script), azure::Overwrite::No, {}));
        azure::CodeSpec spec;
        spec.code_uri = upload.blob_uri + "/proj";
        spec.hash = std::string(64, 'c');
        return run(azure::codes::create_or_update(*client, workspace, name, "1", spec, {}))
            .id.to_string();
    }

    /// Creates a job that runs `command`; its name.
    std::string start(const std::string& experiment, const std::string& command) {
        const auto name = "it_" + random->uuid().substr(0, 8);
        const nlohmann::json properties = {{"jobType", "Command"},
                                           {"experimentName", experiment},
                                           {"displayName", "integration"},
                                           {"command", command},
                                           {"codeId", code()},
                                           {"environmentId", environment()},
                                           {"computeId", compute().to_string()},
                                           {"tags", {{"k", "v"}}}};
        const auto created =
            run(azure::jobs::create_or_update(*client, workspace, name, properties, {}));
        CHECK(created.status == "NotStarted");
        CHECK(created.experiment_name == experiment);
        const auto again =
            failure(azure::jobs::create_or_update(*client, workspace, name, properties, {}));
        CHECK(azure::exists_already(again));
        return name;
    }

    azure::RunDetails wait_for(const std::string& name,
                               const std::function<bool(const azure::Run&)>& enough) {
        for (int i = 0; i < 600; ++i) {
            auto details = run(azure::run_history::details(*client, plane(), name, {}));
            if (enough(details.run)) return details;
            run(clock->sleep_for(milliseconds(100), {}));
        }
        throw Error(ErrorKind::TimedOut, "The run " + name + " does not get there.");
    }

    azure::RunDetails wait_for_end(const std::string& name) {
        return wait_for(name, [](const azure::Run& found) { return found.ended_at.has_value(); });
    }
};

}  // namespace

TEST_CASE_FIXTURE(JobFixture, "a job runs to its end and everything about it can be read") {
    const auto name = start("it-experiment", "python3 train.py");
    const auto details = wait_for_end(name);
    CHECK(details.run.status == "Completed");
    CHECK(details.run.created_at);
    CHECK(details.run.started_at);
    CHECK(details.run.ended_at);
    CHECK(details.run.target == "it-runner");
    CHECK_FALSE(details.run.created_by.empty());
    CHECK(details.run.revision > 0);
    CHECK_FALSE(details.run.error);

    const auto log =
        std::find_if(details.log_files.begin(), details.log_files.end(), [](const auto& file) {
            return file.first == "user_logs/std_log.txt";
        });
    REQUIRE(log != details.log_files.end());
    const azure::BlobAddress address{log->second};
    const auto text = run(azure::blobs::get_range(*client, address, 0, 1'000'000, {}));
    CHECK(text.bytes.find("trained ü") != std::string::npos);
    CHECK(text.total == text.bytes.size());
    CHECK(run(azure::blobs::get_range(*client, address, text.total, 100, {})).bytes.empty());

    const auto values = run(azure::metrics::last_values(*client, plane(), name, {}));
    REQUIRE(values.size() == 1);
    CHECK(values[0].name == "loss");
    CHECK(values[0].last_number() == doctest::Approx(1.0 / 3));
    CHECK(run(azure::metrics::full(*client, plane(), name, "loss", {}, {})).rows.size() == 3);
    CHECK(run(azure::metrics::sample(*client, plane(), name, "loss", {})).rows.size() == 3);

    auto files = run(azure::artifacts::list(*client, plane(), name, "", {}));
    const auto all = run(azure::collect(std::move(files), {}));
    CHECK(std::any_of(all.begin(), all.end(), [](const auto& file) {
        return file.path == "outputs/model/weights.txt";
    }));
    const auto content = run(
        azure::artifacts::content_info(*client, plane(), name, "outputs/model/weights.txt", {}));
    REQUIRE(content);
    CHECK(run(azure::blobs::get_range(*client, {content->content_uri}, 0, 100, {})).bytes == "0.5");
    CHECK_FALSE(run(azure::artifacts::content_info(*client, plane(), name, "outputs/none", {})));
    auto below = run(azure::artifacts::prefix_content_info(*client, plane(), name, "outputs/", {}));
    CHECK(run(azure::collect(std::move(below), {})).size() == 1);

    const auto job = run(azure::jobs::find(*client, workspace, name, {}));
    REQUIRE(job);
    CHECK(job->status == "Completed");
    CHECK_FALSE(job->studio_url.empty());
    run(azure::jobs::cancel(*client, workspace, name, {}));
}

TEST_CASE_FIXTURE(JobFixture, "a script that fails leaves its reason") {
    const auto details = wait_for_end(start("it-experiment", "python3 train.py 3"));
    CHECK(details.run.status == "Failed");
    REQUIRE(details.run.error);
    CHECK(details.run.error->message.find("3") != std::string::npos);
}

TEST_CASE_FIXTURE(JobFixture, "a running job is cancelled") {
    const auto name = start("it-experiment", "sleep 60");
    wait_for(name, [](const azure::Run& found) { return found.status == "Running"; });
    run(azure::jobs::cancel(*client, workspace, name, {}));
    CHECK(wait_for_end(name).run.status == "Canceled");
}

TEST_CASE_FIXTURE(JobFixture,
                  "runs are queried by experiment, filtered, paged, and read in one batch") {
    std::vector<std::string> names;
    for (int i = 0; i < 3; ++i) names.push_back(start("it-query", "true"));
    for (const auto& name : names) wait_for_end(name);

    auto experiments = run(azure::run_history::query_experiments(*client, plane(), {}));
    const auto listed = run(azure::collect(std::move(experiments), {}));
    CHECK(std::any_of(
        listed.begin(), listed.end(), [](const auto& item) { return item.name == "it-query"; }));
    CHECK(run(azure::run_history::find_experiment_document(*client, plane(), "it-query", {})));
    CHECK_FALSE(run(azure::run_history::find_experiment_document(*client, plane(), "it-none", {})));

    azure::RunQuery query;
    query.top = 2;
    auto page = run(azure::run_history::query_runs(*client, plane(), "it-query", query, {}));
    CHECK(page.items.size() == 2);
    REQUIRE(page.has_next());
    const auto all = run(azure::collect(std::move(page), {}));
    REQUIRE(all.size() == 3);
    CHECK(all[0].run_id == names[2]);
    CHECK(all[2].run_id == names[0]);
    query.filter = "Status eq Failed";
    CHECK(
        run(azure::run_history::query_runs(*client, plane(), "it-query", query, {})).items.empty());
    query.filter = "(Status eq 'Completed') and (RunId ne '" + names[0] + "')";
    CHECK(
        run(azure::run_history::query_runs(*client, plane(), "it-query", query, {})).items.size() ==
        2);

    auto ids = names;
    ids.emplace_back("no-such-run");
    std::size_t in_batch = 0;
    azure::run_history::TakeRuns take = [&](const auto&, const auto& runs) {
        in_batch += runs.size();
    };
    run(azure::run_history::batch_run_data(*client, plane(), ids, take, {}));
    CHECK(in_batch == 3);
    CHECK_FALSE(run(azure::run_history::find_run(*client, plane(), "no-such-run", {})));
    CHECK(run(azure::run_history::find_run(*client, plane(), names[0], {}))->status == "Completed");
    auto jobs = run(azure::jobs::list(*client, workspace, {}));
    CHECK(run(azure::collect(std::move(jobs), {})).size() >= 3);
    CHECK_FALSE(run(azure::jobs::find(*client, workspace, "no-such-job", {})));
}

TEST_CASE_FIXTURE(JobFixture, "a job that names what does not exist is rejected with the name") {
    const nlohmann::json properties = {
        {"jobType", "Command"},
        {"experimentName", "it-bad"},
        {"command", "true"},
        {"environmentId", environment()},
        {"computeId", workspace.child("computes", "no-such-compute").to_string()}};
    const auto error =
        failure(azure::jobs::create_or_update(*client, workspace, "it_bad", properties, {}));
    CHECK((error.kind() == ErrorKind::Rejected || error.kind() == ErrorKind::NotFound));
    CHECK(error.message().starts_with("Cannot create the job: "));
    CHECK(error.message().find("no-such-compute") != std::string::npos);
}
