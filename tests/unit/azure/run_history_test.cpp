#include "azure/run_history.hpp"

#include "azure/artifacts.hpp"
#include "azure/metrics.hpp"
#include "unit/azure/fixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace aml;
using test::AzureFixture;

namespace {

constexpr auto history = "history/v1.0";
constexpr auto metric = "metric/v2.0";
constexpr auto artifact = "artifact/v2.0";

}  // namespace

TEST_CASE_FIXTURE(AzureFixture, "a run's details tell its times, its error and its logs") {
    server.expect_get(data(history, "/runs/brave_fig_0/details"))
        .reply_fixture(200, "azure/run_details.json");
    const auto details = run(azure::run_history::details(client, plane, "brave_fig_0", {}));
    const auto& found = details.run;
    CHECK(found.status == "Failed");
    CHECK(found.target == "cpu-cluster");
    CHECK(found.created_by == "Ada Lovelace");
    CHECK(found.created_at < found.started_at);
    CHECK(found.started_at < found.ended_at);
    CHECK(found.revision == 7);
    CHECK(found.warnings == std::vector<std::string>{"Low disk space."});
    REQUIRE(found.error);
    CHECK(found.error->code == "UserProcessExited");
    CHECK(found.error->message.starts_with("Execution failed. User process 'python' exited"));
    REQUIRE(details.log_files.size() == 2);
    CHECK(details.log_files[0].first == "system_logs/lifecycler/lifecycler.log");
    CHECK(details.log_files[1].second.reveal().starts_with(
        "https://sa1.blob.core.windows.net/azureml/"));
}

TEST_CASE_FIXTURE(AzureFixture, "runs of an experiment are queried, page by page, by token") {
    const auto url = data(history, "/experiments/my%20exp/runs:query");
    server.expect_post(url)
        .with_json({{"filter", "Status eq Queued"}, {"orderBy", "CreatedUtc desc"}, {"top", 2}})
        .reply_fixture(200, "azure/runs_page.json");
    server.expect_post(url)
        .with_json({{"filter", "Status eq Queued"},
                    {"orderBy", "CreatedUtc desc"},
                    {"top", 2},
                    {"continuationToken", "tok en/1"}})
        .reply(200, {{"value", nlohmann::json::array()}});
    azure::RunQuery query;
    query.filter = "Status eq Queued";
    query.top = 2;
    const auto page = run(azure::run_history::query_runs(client, plane, "my exp", query, {}));
    REQUIRE(page.items.size() == 1);
    const auto& found = page.items[0];
    CHECK(found.run_id == "calm_oak_1");
    CHECK(found.display_name == "calm oak");
    CHECK(found.queueing_message == "Waiting for 1 node to be allocated.");
    CHECK_FALSE(found.started_at);
    CHECK_FALSE(found.error);
    REQUIRE(page.has_next());
    const auto last = run(page.next({}));
    CHECK(last.items.empty());
    CHECK_FALSE(last.has_next());
}

TEST_CASE_FIXTURE(AzureFixture,
                  "many runs are read in one call; those that do not exist are missing") {
    server.expect_post(data(history, "/batchrundata"))
        .with_json(nlohmann::json::parse(
            R"({"requests":{"calm_oak_1":{"runId":"calm_oak_1","selectRunMetadata":true},
            "gone":{"runId":"gone","selectRunMetadata":true}}})"))
        .reply_fixture(207, "azure/batch_run_data.json");
    std::vector<std::size_t> asked;
    std::vector<azure::Run> runs;
    azure::run_history::TakeRuns take = [&](const auto& ids, const auto& found) {
        asked.push_back(ids.size());
        runs.insert(runs.end(), found.begin(), found.end());
    };
    const std::vector<std::string> ids{"calm_oak_1", "gone"};
    run(azure::run_history::batch_run_data(client, plane, ids, take, {}));
    REQUIRE(runs.size() == 1);
    CHECK(runs[0].status == "Queued");
    run(azure::run_history::batch_run_data(client, plane, {}, take, {}));
    server.expect_post(data(history, "/batchrundata"))
        .reply(200, {{"successfulResults", nullptr}})
        .any_times();
    const std::vector<std::string> many(250, "x");
    run(azure::run_history::batch_run_data(client, plane, many, take, {}));
    CHECK(server.requests().size() == 4);
    std::sort(asked.begin(), asked.end());
    CHECK(asked == std::vector<std::size_t>{2, 50, 100, 100});
}

TEST_CASE_FIXTURE(AzureFixture, "one run is read or absent") {
    server.expect_get(data(history, "/runs/calm_oak_1")).reply_fixture(200, "azure/run.json");
    CHECK(run(azure::run_history::find_run(client, plane, "calm_oak_1", {}))->run_id ==
          "calm_oak_1");
    server.expect_get(data(history, "/runs/none"))
        .reply_fixture(404, "azure/error_data_plane.json");
    CHECK_FALSE(run(azure::run_history::find_run(client, plane, "none", {})));
}

TEST_CASE_FIXTURE(AzureFixture, "experiments are listed and found") {
    const nlohmann::json ordered{
        {"viewType", "ActiveOnly"}, {"top", 100}, {"orderBy", "CreatedUtc desc"}};
    server.expect_post(data(history, "/experiments:query"))
        .with_json(ordered)
        .reply_fixture(200, "azure/experiments.json");
    const auto listed = run(azure::run_history::query_experiments(client, plane, {})).items;
    CHECK(listed.at(0).name == "my-experiment");
    CHECK(listed.at(0).created_at);
    // Where the service knows no such order, there is a list all the same.
    server.expect_post(data(history, "/experiments:query"))
        .with_json(ordered)
        .reply(400, {{"error", {{"code", "UserError"}, {"message", "Invalid orderBy."}}}});
    server.expect_post(data(history, "/experiments:query"))
        .with_json({{"viewType", "ActiveOnly"}, {"top", 100}})
        .reply_fixture(200, "azure/experiments.json");
    CHECK(run(azure::run_history::query_experiments(client, plane, {})).items.size() ==
          listed.size());
    server.expect_get(data(history, "/experiments/x"))
        .reply_fixture(404, "azure/error_data_plane.json");
    CHECK_FALSE(run(azure::run_history::find_experiment_document(client, plane, "x", {})));
}

TEST_CASE("experiment names") {
    for (const auto* name : {"mnist", "a", "2020-run_1"})
        CHECK(azure::experiment_name_problem(name) == "");
    for (const auto& name : {std::string(),
                             std::string("a b"),
                             std::string("-a"),
                             std::string("ä"),
                             std::string(257, 'a')}) {
        CHECK(azure::experiment_name_problem(name) != "");
    }
}

TEST_CASE_FIXTURE(AzureFixture, "a service that gives no latest values is asked for each metric") {
    const nlohmann::json missing{{"error", {{"code", "UserError"}, {"message", "No route."}}}};
    server.expect_post(data(metric, "/runs/r/lastvalues")).reply(404, missing);
    server.expect_post(data(metric, "/runs/r/list"))
        .reply(200, {{"value", {{{"metricKey", {{"name", "loss"}}}}}}});
    const nlohmann::json first{{"step", 1}, {"data", {{"loss", 0.5}}}};
    const nlohmann::json second{{"step", 2}, {"data", {{"loss", 0.25}}}};
    server.expect_post(data(metric, "/runs/r/full"))
        .with_json({{"metricName", "loss"}, {"metricNamespace", nullptr}})
        .reply(200, {{"name", "loss"}, {"value", {first, second}}});
    const auto metrics = run(azure::metrics::last_values(client, plane, "r", {}));
    REQUIRE(metrics.size() == 1);
    CHECK(metrics[0].rows.size() == 1);
    CHECK(metrics[0].last_number() == 0.25);
    server.expect_post(data(metric, "/runs/r/lastvalues")).reply(404, missing);
    server.expect_post(data(metric, "/runs/r/list")).reply(404, missing);
    CHECK(run(azure::metrics::last_values(client, plane, "r", {})).empty());
}

TEST_CASE_FIXTURE(AzureFixture, "the latest values of all metrics come in one call") {
    server.expect_post(data(metric, "/runs/brave_fig_0/lastvalues"))
        .with_json(nlohmann::json::object())
        .reply_fixture(200, "azure/metrics_last_values.json");
    const auto metrics = run(azure::metrics::last_values(client, plane, "brave_fig_0", {}));
    REQUIRE(metrics.size() == 3);
    CHECK(metrics[0].last_number() == doctest::Approx(0.53));
    CHECK(metrics[0].rows[0].step == 3);
    CHECK(metrics[0].kind == "azureml.v1.scalar");
    CHECK(std::isnan(*metrics[1].last_number()));
    CHECK_FALSE(metrics[2].last_number());
    CHECK(std::get<std::string>(metrics[2].rows[0].data.at("confusion")) == "aml://artifactId/x");
}

TEST_CASE_FIXTURE(AzureFixture, "a whole metric is read through all its pages") {
    const auto page = [](double value, const nlohmann::json& token) -> nlohmann::json {
        return {{"name", "loss"},
                {"columns", {{"loss", "Double"}}},
                {"value", {{{"step", 0}, {"data", {{"loss", value}}}}}},
                {"continuationToken", token}};
    };
    server.expect_post(data(metric, "/runs/r/full"))
        .with_json({{"metricName", "loss"}, {"metricNamespace", nullptr}})
        .reply(200, page(0.5, "t1"));
    server.expect_post(data(metric, "/runs/r/full"))
        .with_json(
            {{"metricName", "loss"}, {"metricNamespace", nullptr}, {"continuationToken", "t1"}})
        .reply(200, page(0.25, nullptr));
    const auto whole = run(azure::metrics::full(client, plane, "r", "loss", {}, {}));
    CHECK(whole.rows.size() == 2);
    CHECK(whole.last_number() == 0.25);
    auto sample = page(-1, nullptr);
    sample["isPartialResult"] = true;
    sample["value"][0]["data"]["loss"] = "-Infinity";
    server.expect_post(data(metric, "/runs/r/sample")).reply(200, sample);
    const auto thinned = run(azure::metrics::sample(client, plane, "r", "loss", {}));
    CHECK(thinned.partial);
    CHECK(std::isinf(*thinned.last_number()));
}

TEST_CASE_FIXTURE(AzureFixture, "a run's files are listed and addressed") {
    const std::string base = "/artifacts/ExperimentRun/dcid.brave_fig_0";
    server.expect_get(data(artifact, base + "?path=outputs%2F"))
        .reply_fixture(200, "azure/artifacts.json");
    const auto files = run(azure::artifacts::list(client, plane, "brave_fig_0", "outputs/", {}));
    CHECK(files.items.at(0).path == "outputs/model.pkl");
    CHECK_FALSE(files.has_next());
    server.expect_get(data(artifact, base + "/contentinfo?path=outputs%2Fmodel.pkl"))
        .reply(200,
               {{"contentUri", "https://sa1/x?sig=1"},
                {"path", "outputs/model.pkl"},
                {"tags", nullptr}});
    const auto content =
        run(azure::artifacts::content_info(client, plane, "brave_fig_0", "outputs/model.pkl", {}));
    CHECK(content->content_uri == Secret("https://sa1/x?sig=1"));
    server.expect_get(data(artifact, base + "/contentinfo?path=none"))
        .reply_fixture(404, "azure/error_data_plane.json");
    CHECK_FALSE(run(azure::artifacts::content_info(client, plane, "brave_fig_0", "none", {})));
    server.expect_get(data(artifact, base + "/prefix/contentinfo?path=outputs%2F"))
        .reply(200,
               {{"value", {{{"path", "a"}, {"contentUri", "u"}}}}, {"continuationToken", "n 1"}});
    server
        .expect_get(
            data(artifact, base + "/prefix/contentinfo?path=outputs%2F&continuationToken=n%201"))
        .reply(200, {{"value", {{{"path", "b"}, {"contentUri", "u"}}}}});
    auto page =
        run(azure::artifacts::prefix_content_info(client, plane, "brave_fig_0", "outputs/", {}));
    const auto all = run(azure::collect(std::move(page), {}));
    CHECK(all.size() == 2);
}

TEST_CASE("a run that is written down is read as it was") {
    const auto document = nlohmann::json::parse(R"({
        "runId": "sweep", "displayName": "Sweep", "status": "Failed", "target": "cpu",
        "createdBy": {"userName": "Ada", "userObjectId": "o1"}, "parentRunId": "above",
        "experimentId": "e1", "revision": 7, "runType": "hyperdrive", "hidden": true,
        "createdUtc": "2026-01-01T00:00:00Z", "startTimeUtc": "2026-01-01T00:00:05Z",
        "endTimeUtc": "2026-01-01T00:01:00Z", "queueingInfo": {"message": "2 jobs ahead"},
        "warnings": [{"message": "slow disk"}], "cancelationReason": "too slow",
        "error": {"error": {"code": "UserError", "message": "exit code 1"}}})");
    const auto run = azure::run_from_json(document);
    CHECK(run.owner == "o1");
    CHECK(run.parent == "above");
    CHECK(run.has_children);
    const auto again = azure::run_from_json(azure::run_to_json(run));
    CHECK(again.run_id == run.run_id);
    CHECK(again.display_name == run.display_name);
    CHECK(again.status == run.status);
    CHECK(again.target == run.target);
    CHECK(again.created_by == run.created_by);
    CHECK(again.owner == run.owner);
    CHECK(again.parent == run.parent);
    CHECK(again.has_children);
    CHECK(again.experiment_id == run.experiment_id);
    CHECK(again.created_at == run.created_at);
    CHECK(again.started_at == run.started_at);
    CHECK(again.ended_at == run.ended_at);
    CHECK(again.revision == 7);
    CHECK(again.queueing_message == run.queueing_message);
    CHECK(again.warnings == run.warnings);
    CHECK(again.error->code == "UserError");
    CHECK(again.error->message == "exit code 1");
    CHECK(again.cancel_reason == run.cancel_reason);
    CHECK(again.hidden);
}

TEST_CASE("what a run's children compute on says that it has some") {
    CHECK_FALSE(azure::run_from_json({{"runId", "a"}}).has_children);
    CHECK_FALSE(azure::run_from_json({{"uniqueChildRunComputeTargets", nlohmann::json::array()}})
                    .has_children);
    CHECK(azure::run_from_json({{"uniqueChildRunComputeTargets", {"local"}}}).has_children);
    CHECK(azure::run_from_json({{"runType", "azureml.PipelineRun"}}).has_children);
}
