#include "submit/submission.hpp"

#include "state/last_runs.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "unit/submit/submit_bench.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace aml;
using test::SubmitBench;

namespace {

using Calls = std::vector<std::string>;

Calls sorted(Calls calls) {
    std::sort(calls.begin(), calls.end());
    return calls;
}

std::ptrdiff_t position(const Calls& calls, const std::string& call) {
    return std::find(calls.begin(), calls.end(), call) - calls.begin();
}

http::Response refusal(int status, const std::string& message) {
    const nlohmann::json body{{"error", {{"code", "UserError"}, {"message", message}}}};
    return {status, {}, body.dump()};
}

}  // namespace

TEST_CASE("a first submission uploads, registers, and creates the job, in five rounds") {
    SubmitBench bench;
    const auto run = bench.submit();
    const auto put_job = "PUT jobs/" + run.job_name;
    CHECK(sorted(bench.azure.log) == sorted({"GET codes by hash",
                                             "POST startPendingUpload",
                                             "GET environments/sklearn/versions/3",
                                             "GET computes/cpu-cluster",
                                             "PUT blob code/lib/data.py",
                                             "PUT blob code/train.py",
                                             "PUT blob code/train.job.json",
                                             "PUT codes",
                                             "PUT blob metadata code/lib/data.py",
                                             put_job}));
    CHECK(bench.azure.log.back() == put_job);
    CHECK(position(bench.azure.log, "PUT codes") == 7);
    const auto& job = bench.azure.jobs.at(run.job_name);
    CHECK(job["jobType"] == "Command");
    CHECK(job["experimentName"] == "mnist");
    CHECK(job["computeId"] == std::string(test::FakeWorkspace::id) + "/computes/cpu-cluster");
    CHECK(job["environmentId"] ==
          std::string(test::FakeWorkspace::id) + "/environments/sklearn/versions/3");
    const auto& code = bench.azure.codes.at(job["codeId"].get<std::string>());
    // Whatever the folder is called here.
    CHECK(code["codeUri"] == "https://sa1.blob.core.windows.net/container1/code");
    CHECK(run.status == "Starting");
    CHECK(run.display_name == "train");
    CHECK(run.script == bench.project.path() / "train.py");
    CHECK_FALSE(run.code_reused);
    CHECK_FALSE(run.recovered);
    CHECK(bench.journal().empty());
}

TEST_CASE("an unchanged repeat is one call") {
    SubmitBench bench;
    const auto first = bench.submit();
    const auto second = bench.submit();
    CHECK(second.job_name != first.job_name);
    CHECK(bench.azure.log == Calls{"PUT jobs/" + second.job_name});
    CHECK(second.code_reused);
    CHECK(bench.azure.jobs.size() == 2);
    CHECK(bench.azure.jobs[first.job_name] == bench.azure.jobs[second.job_name]);
}

TEST_CASE(
    "a changed script costs look-up, upload, registration and the job, and nothing is checked "
    "again") {
    SubmitBench bench;
    bench.submit();
    bench.project.write("train.py", "print('changed')\n");
    const auto run = bench.submit();
    CHECK_FALSE(run.code_reused);
    CHECK(bench.azure.log.size() == 8);
    CHECK(std::count(bench.azure.log.begin(), bench.azure.log.end(), "GET computes/cpu-cluster") ==
          0);
    CHECK(bench.azure.codes.size() == 2);
}

TEST_CASE("content that Azure has from elsewhere is not sent again") {
    SubmitBench bench;
    bench.submit();
    std::filesystem::remove_all(bench.state_folder.path());
    const auto run = bench.submit();
    CHECK(run.code_reused);
    CHECK(bench.azure.codes.size() == 1);
    // No place to upload to was asked for: each one is a container that stays.
    CHECK(sorted(bench.azure.log) == sorted({"GET codes by hash",
                                             "GET environments/sklearn/versions/3",
                                             "GET computes/cpu-cluster",
                                             "PUT jobs/" + run.job_name}));
}

TEST_CASE("a remembered code version that is gone is uploaded again without a word") {
    SubmitBench bench;
    bench.submit();
    bench.azure.codes.clear();
    const auto run = bench.submit();
    CHECK_FALSE(run.code_reused);
    CHECK(bench.azure.codes.size() == 1);
    CHECK(bench.azure.jobs.size() == 2);
    CHECK(bench.azure.log.front() == "PUT jobs/" + run.job_name);
    CHECK(bench.azure.log.back() == "PUT jobs/" + run.job_name);
    CHECK(bench.journal().empty());
}

TEST_CASE("a remembered compute that is gone becomes an error that names it") {
    SubmitBench bench;
    bench.submit();
    bench.azure.computes.erase("cpu-cluster");
    bench.azure.computes["gpu"] = test::FakeWorkspace::cluster(2);
    bench.azure.intercept = [](const http::Request& request) -> std::optional<http::Response> {
        if (request.method == http::Method::Put &&
            request.url.find("/jobs/") != std::string::npos) {
            return refusal(400, "The specified compute was not found.");
        }
        return std::nullopt;
    };
    const auto error = bench.failure();
    CHECK(error.kind() == ErrorKind::NotFound);
    CHECK(error.message() ==
          "There is no compute cpu-cluster in the workspace ws. It has: gpu, my-box.");
}

TEST_CASE("the last run of a script is recorded") {
    SubmitBench bench;
    const auto run = bench.submit();
    const auto last =
        test::run(bench.loop, bench.state.last_run(bench.project.path() / "train.py"));
    REQUIRE(last);
    CHECK(last->job_name == run.job_name);
    CHECK(last->configuration == bench.project.path() / "train.job.json");
    CHECK(last->experiment == "mnist");
    CHECK(last->submitted_at == "2026-01-01T00:00:00Z");
    const auto scripts = test::run(bench.loop, bench.state.repeatable_scripts());
    CHECK(scripts == std::vector<std::filesystem::path>{bench.project.path() / "train.py"});
    CHECK(test::run(bench.loop, bench.state.last_run(bench.project.path() / "train.job.json")) ==
          last);
    CHECK_FALSE(test::run(bench.loop, bench.state.last_run("/other.py")));
}

TEST_CASE("progress goes through the stages and never falls") {
    SubmitBench bench;
    bench.submit();
    std::set<submit::SubmitStage> stages;
    int percent = 0;
    for (const auto& step : bench.progress) {
        stages.insert(step.stage);
        CHECK(step.percent >= percent);
        CHECK_FALSE(step.message.empty());
        percent = step.percent;
    }
    CHECK(stages.count(submit::SubmitStage::Snapshot) == 1);
    CHECK(stages.count(submit::SubmitStage::Upload) == 1);
    CHECK(bench.progress.back().stage == submit::SubmitStage::CreateJob);
    const auto uploaded =
        std::find_if(bench.progress.rbegin(), bench.progress.rend(), [](const auto& step) {
            return step.stage == submit::SubmitStage::Upload;
        });
    CHECK(uploaded->files_done == 3);
    CHECK(uploaded->bytes_done == uploaded->bytes_total);
    CHECK(uploaded->message.rfind("Uploading 3 of 3 files, ", 0) == 0);
}

TEST_CASE("a refused job leaves no journal entry and no last run") {
    SubmitBench bench;
    bench.azure.intercept = [](const http::Request& request) -> std::optional<http::Response> {
        if (request.method == http::Method::Put &&
            request.url.find("/jobs/") != std::string::npos) {
            return refusal(400, "The quota for cores is used up.");
        }
        return std::nullopt;
    };
    const auto error = bench.failure();
    CHECK(error.kind() == ErrorKind::Rejected);
    CHECK(error.message().find("The quota for cores is used up") != std::string::npos);
    CHECK(bench.journal().empty());
    CHECK_FALSE(test::run(bench.loop, bench.state.last_run(bench.project.path() / "train.py")));
}

TEST_CASE("an answer that is lost is asked for, and there is one run") {
    SubmitBench bench;
    bool lost = false;
    bench.azure.intercept = [&](const http::Request& request) -> std::optional<http::Response> {
        const bool is_job =
            request.method == http::Method::Put && request.url.find("/jobs/") != std::string::npos;
        if (!is_job || std::exchange(lost, true)) return std::nullopt;
        const auto name = request.url.substr(request.url.rfind("/jobs/") + 6);
        bench.azure.jobs[name.substr(0, name.find('?'))] =
            nlohmann::json::parse(request.body.view())["properties"];
        throw Error(ErrorKind::Unavailable, "The connection was reset.");
    };
    const auto run = bench.submit();
    CHECK(bench.azure.jobs.size() == 1);
    CHECK(bench.azure.log.back() == "GET jobs/" + run.job_name);
    CHECK(bench.journal().empty());
}

TEST_CASE("a repeat that is refused because of the first attempt's run returns that run") {
    SubmitBench bench;
    // With something remembered, which is not what was wrong.
    bench.submit();
    bench.azure.intercept = [&](const http::Request& request) -> std::optional<http::Response> {
        // The service acts, its answer is lost, and the pipeline sends the same once more.
        const auto at = request.url.rfind("/jobs/");
        if (request.method != http::Method::Put || at == std::string::npos) return std::nullopt;
        const auto name = request.url.substr(at + 6);
        bench.azure.jobs[name.substr(0, name.find('?'))] =
            nlohmann::json::parse(request.body.view())["properties"];
        return std::nullopt;
    };
    for (const auto* own : {"", "my_run_1"}) {
        CAPTURE(own);
        bench.azure.jobs.clear();
        if (*own != '\0') bench.write_configuration({{"name", own}});
        const auto run = bench.submit();
        CHECK(bench.azure.jobs.size() == 1);
        CHECK(bench.azure.jobs.begin()->first == run.job_name);
        CHECK(std::count(
                  bench.azure.log.begin(), bench.azure.log.end(), "PUT jobs/" + run.job_name) == 1);
        CHECK(bench.journal().empty());
    }
}

TEST_CASE("a name that somebody else has taken meanwhile is not ours") {
    SubmitBench bench;
    bench.write_configuration({{"name", "my_run_1"}});
    bench.azure.intercept = [&](const http::Request& request) -> std::optional<http::Response> {
        if (request.method == http::Method::Put && request.url.find("/jobs/") != std::string::npos)
            bench.azure.jobs["my_run_1"] = {{"command", "python theirs.py"}};
        return std::nullopt;
    };
    const auto error = bench.failure();
    CHECK(error.kind() == ErrorKind::Conflict);
    CHECK(error.message().find("There is a run named my_run_1 already") == 0);
    CHECK(bench.journal().empty());
}

TEST_CASE("an attempt that was cut off after Azure accepted it is found again, not repeated") {
    SubmitBench bench;
    bench.azure.intercept = [&](const http::Request& request) -> std::optional<http::Response> {
        if (request.method == http::Method::Put &&
            request.url.find("/jobs/") != std::string::npos) {
            const auto name = request.url.substr(request.url.rfind("/jobs/") + 6);
            bench.azure.jobs[name.substr(0, name.find('?'))] =
                nlohmann::json::parse(request.body.view())["properties"];
            throw cancelled();
        }
        return std::nullopt;
    };
    CHECK(bench.failure().kind() == ErrorKind::Cancelled);
    CHECK(bench.journal().size() == 1);
    bench.azure.intercept = nullptr;
    const auto run = bench.submit();
    CHECK(run.recovered);
    CHECK(bench.azure.jobs.size() == 1);
    CHECK(bench.azure.jobs.begin()->first == run.job_name);
    CHECK(bench.azure.log == Calls{"GET jobs/" + run.job_name});
    CHECK(bench.journal().empty());
    CHECK_FALSE(bench.submit().recovered);
}

TEST_CASE("an attempt that never reached Azure is made good under the same name") {
    if (test::is_wine()) {
        MESSAGE("Wine replaces and removes no file that is open");
        return;
    }
    SubmitBench bench;
    bench.azure.intercept = [](const http::Request& request) -> std::optional<http::Response> {
        if (request.method == http::Method::Put && request.url.find("/jobs/") != std::string::npos)
            throw cancelled();
        return std::nullopt;
    };
    CHECK(bench.failure().kind() == ErrorKind::Cancelled);
    bench.azure.intercept = nullptr;
    // The first request may still arrive: with one name there is one run.
    const auto name = bench.journal().at(0).submission().job_name;
    const auto run = bench.submit();
    CHECK(run.job_name == name);
    CHECK_FALSE(run.recovered);
    CHECK(bench.azure.jobs.size() == 1);
    CHECK(bench.journal().empty());
}

TEST_CASE("a cut-off attempt with other content does not stand in for this one") {
    SubmitBench bench;
    bench.azure.intercept = [](const http::Request& request) -> std::optional<http::Response> {
        if (request.method == http::Method::Put && request.url.find("/jobs/") != std::string::npos)
            throw cancelled();
        return std::nullopt;
    };
    CHECK(bench.failure().kind() == ErrorKind::Cancelled);
    bench.azure.intercept = nullptr;
    bench.project.write("train.py", "print('another idea')\n");
    CHECK_FALSE(bench.submit().recovered);
    CHECK(bench.journal().size() == 1);
}

TEST_CASE("cancelling ends a submission at every stage and makes no run") {
    for (const std::string moment :
         {"hash=", "startPendingUpload", "/environments/", "/computes/", "blob.core", "/codes/"}) {
        CAPTURE(moment);
        SubmitBench bench;
        std::stop_source stop;
        bench.azure.intercept = [&](const http::Request& request) -> std::optional<http::Response> {
            if (request.url.find(moment) != std::string::npos) stop.request_stop();
            if (stop.stop_requested()) throw cancelled();
            return std::nullopt;
        };
        CHECK(bench.failure(stop.get_token()).kind() == ErrorKind::Cancelled);
        CHECK(bench.azure.jobs.empty());
        CHECK(bench.journal().empty());
        CHECK(bench.azure.running == 0);
    }
}

TEST_CASE("a state directory that cannot be written stops the submission before anything is sent") {
    SubmitBench bench;
    bench.state_folder.write("journal", "a file where a folder must be");
    const auto error = bench.failure();
    CHECK(error.kind() == ErrorKind::Unavailable);
    CHECK(error.message().find((bench.state_folder.path() / "journal").string()) !=
          std::string::npos);
    CHECK(bench.azure.jobs.empty());
    CHECK(bench.azure.blobs.empty());
}

TEST_CASE("caches that cannot be written cost a notice, not the run") {
    SubmitBench bench;
    for (const auto* name : {"known.json", "snapshots.json", "last-runs.json"}) {
        std::filesystem::create_directory(bench.state_folder.path() / name);
    }
    CHECK(bench.submit().status == "Starting");
    CHECK(bench.notices.size() == 1);
    CHECK(bench.azure.jobs.size() == 1);
}

TEST_CASE("a name in the configuration is used once") {
    SubmitBench bench;
    bench.write_configuration({{"name", "my_run_1"}});
    CHECK(bench.submit().job_name == "my_run_1");
    const auto error = bench.failure();
    CHECK(error.kind() == ErrorKind::Conflict);
    CHECK(error.message().find("There is a run named my_run_1 already") == 0);
}

TEST_CASE("git's state goes along, and the user's own properties win") {
    SubmitBench bench;
    bench.project.write(".git/HEAD", "ref: refs/heads/main\n");
    bench.project.write(".git/refs/heads/main", std::string(40, 'a') + "\n");
    bench.project.write(".git/config",
                        "[remote \"origin\"]\n\turl = https://me:token@github.com/me/x.git\n");
    const nlohmann::json own{{"properties", {{"mlflow.source.git.branch", "mine"}}}};
    bench.write_configuration(own);
    const auto run = bench.submit();
    const auto& properties = bench.azure.jobs[run.job_name]["properties"];
    CHECK(properties["mlflow.source.git.repoURL"] == "https://github.com/me/x.git");
    CHECK(properties["mlflow.source.git.branch"] == "mine");
    CHECK(properties["mlflow.source.git.commit"] == std::string(40, 'a'));
}
