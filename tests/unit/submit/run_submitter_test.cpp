#include "submit/run_submitter.hpp"

#include "async/task_group.hpp"
#include "support/error.hpp"
#include "unit/submit/submit_bench.hpp"

#include <doctest/doctest.h>

#include <utility>

using namespace aml;
using test::FakeWorkspace;

namespace {

http::Response json_reply(const nlohmann::json& body) {
    return {200, {}, body.dump()};
}

/// Discovery and sign-in before the workspace.
class Front final : public http::Transport {
public:
    explicit Front(FakeWorkspace& azure)
        : azure_(azure) {}

    asio::awaitable<http::Response> send(http::Request request, std::stop_token stop) override {
        if (request.url.find("/metadata/endpoints") != std::string::npos) {
            co_return json_reply({{"name", "AzureCloud"},
                                  {"authentication",
                                   {{"loginEndpoint", "https://login.microsoftonline.com"},
                                    {"audiences", {FakeWorkspace::arm}},
                                    {"tenant", "t"}}},
                                  {"suffixes", {{"storage", "core.windows.net"}}}});
        }
        if (request.url.find("/oauth2/") != std::string::npos) {
            co_return json_reply(
                {{"token_type", "Bearer"}, {"access_token", "x"}, {"expires_in", 86'400}});
        }
        auto response = co_await azure_.send(std::move(request), std::move(stop));
        co_return response;
    }

private:
    FakeWorkspace& azure_;
};

struct SubmitterBench : test::SubmitBench {
    Front front{azure};
    async::TaskGroup tasks{loop.get_executor(), nullptr};
    workspace::AzureAccess access{{front, clock, random, Log(), "test"}, tasks, settings(), {}};
    submit::RunSubmitter submitter{access, state, clock, random, Log()};

    static workspace::AccessSettings settings() {
        workspace::AccessSettings settings;
        settings.arm_endpoint = FakeWorkspace::arm;
        settings.sign_in.method = auth::Method::ServicePrincipal;
        settings.sign_in.tenant = "t";
        settings.sign_in.client_id = "c";
        settings.sign_in.client_secret = Secret("s");
        return settings;
    }

    asio::awaitable<void> submit_into(std::optional<submit::SubmittedRun>& result,
                                      std::string& error) {
        auto wish = request();
        try {
            std::stop_token never;
            auto submitted = co_await submitter.submit(std::move(wish), nullptr, std::move(never));
            if (submitted.entry) co_await submitter.close(std::move(*submitted.entry));
            result = std::move(submitted.run);
        } catch (const Error& failure) {
            error = failure.message();
        }
    }

    std::vector<submit::SettledSubmission> settle() {
        told.clear();
        submit::OnSettled tell = [this](submit::SettledSubmission one) {
            return take_note(std::move(one));
        };
        test::run(loop, submitter.settle(tell, {}));
        return told;
    }

    asio::awaitable<void> take_note(submit::SettledSubmission one) {
        // Whoever is killed now tells it again.
        CHECK(is_journalled(one.run.job_name));
        told.push_back(std::move(one));
        co_return;
    }

    bool is_journalled(const std::string& name) const {
        return std::filesystem::exists(state_folder.path() / "journal" / (name + ".json"));
    }

    std::vector<submit::SettledSubmission> told;

    /// A submission that is cut off at the PUT of the job; `accepted` tells whether Azure has made
    /// it.
    void cut_off(bool accepted) {
        azure.intercept = [this,
                           accepted](const http::Request& call) -> std::optional<http::Response> {
            const auto at = call.url.find("/jobs/");
            if (call.method != http::Method::Put || at == std::string::npos) return std::nullopt;
            const auto name = call.url.substr(at + 6, call.url.find('?') - at - 6);
            if (accepted) azure.jobs[name] = nlohmann::json::parse(call.body.view())["properties"];
            throw cancelled();
        };
        CHECK_THROWS_AS(test::run(loop, submitter.submit(request(), nullptr, {})), Error);
        azure.intercept = nullptr;
        azure.log.clear();
    }
};

}  // namespace

TEST_CASE("a submitter connects, signs in and submits") {
    SubmitterBench bench;
    auto [run, entry] = test::run(bench.loop, bench.submitter.submit(bench.request(), nullptr, {}));
    CHECK(bench.azure.jobs.count(run.job_name) == 1);
    CHECK(run.workspace.name() == "ws");
    REQUIRE(entry);
    CHECK(bench.is_journalled(run.job_name));
    test::run(bench.loop, bench.submitter.close(std::move(*entry)));
    CHECK_FALSE(bench.is_journalled(run.job_name));
}

TEST_CASE("a run without an experiment is filed under the name of its folder") {
    SubmitterBench bench;
    auto request = bench.request();
    runconfig::basics_of(request.configuration.job).experiment_name.reset();
    bench.project.write("my mnist.v2/train.job.json", "{}");
    bench.project.write("my mnist.v2/train.py", "print('hi')\n");
    request.configuration.file = bench.project.path() / "my mnist.v2" / "train.job.json";
    const auto submitted =
        test::run(bench.loop, bench.submitter.submit(std::move(request), nullptr, {}));
    CHECK(bench.azure.jobs.at(submitted.run.job_name)["experimentName"] == "mymnist");
}

TEST_CASE("a run that nobody was told of is told by the next session") {
    SubmitterBench bench;
    const auto name = [&] {
        return test::run(bench.loop, bench.submitter.submit(bench.request(), nullptr, {}))
            .run.job_name;
    }();
    const auto settled = bench.settle();
    REQUIRE(settled.size() == 1);
    CHECK(settled[0].run.job_name == name);
    CHECK(settled[0].created);
}

TEST_CASE("one configuration is submitted once at a time") {
    SubmitterBench bench;
    std::optional<submit::SubmittedRun> first;
    std::optional<submit::SubmittedRun> second;
    std::string no_error;
    std::string error;
    bench.tasks.spawn(bench.submit_into(first, no_error));
    bench.tasks.spawn(bench.submit_into(second, error));
    test::run(bench.loop, bench.tasks.join());
    CHECK(first);
    CHECK_FALSE(second);
    CHECK(error == "train.job.json is being submitted already.");
    CHECK(bench.azure.jobs.size() == 1);
}

TEST_CASE("without a workspace or with an impossible experiment nothing is asked") {
    SubmitterBench bench;
    auto wish = bench.request();
    wish.workspace = {};
    CHECK_THROWS_WITH_AS(test::run(bench.loop, bench.submitter.submit(wish, nullptr, {})),
                         doctest::Contains("No workspace is chosen"),
                         Error);
    wish = bench.request();
    runconfig::basics_of(wish.configuration.job).experiment_name = "not a name";
    CHECK_THROWS_AS(test::run(bench.loop, bench.submitter.submit(wish, nullptr, {})), Error);
    CHECK(bench.azure.log.empty());
}

TEST_CASE("settling asks nothing when nothing is open") {
    SubmitterBench bench;
    CHECK(bench.settle().empty());
    CHECK(bench.access.connection() == nullptr);
}

TEST_CASE("settling finds the run that a crash hid, and records it") {
    SubmitterBench bench;
    bench.cut_off(true);
    const auto settled = bench.settle();
    REQUIRE(settled.size() == 1);
    CHECK(settled[0].created);
    CHECK(settled[0].run.status == "Starting");
    CHECK(settled[0].run.display_name == "train");
    CHECK(bench.azure.jobs.count(settled[0].run.job_name) == 1);
    const auto last =
        test::run(bench.loop, bench.state.last_run(bench.project.path() / "train.py"));
    REQUIRE(last);
    CHECK(last->job_name == settled[0].run.job_name);
    CHECK(bench.settle().empty());
}

TEST_CASE("settling tells that a submission never arrived") {
    SubmitterBench bench;
    bench.cut_off(false);
    const auto settled = bench.settle();
    REQUIRE(settled.size() == 1);
    CHECK_FALSE(settled[0].created);
    CHECK(bench.journal().empty());
    CHECK(bench.azure.log.size() == 2);
}

TEST_CASE("a request that outlives its sender is waited for") {
    SubmitterBench bench;
    bench.cut_off(false);
    std::string name;
    bench.azure.intercept = [&](const http::Request& call) -> std::optional<http::Response> {
        const auto at = call.url.find("/jobs/");
        if (at == std::string::npos || !name.empty()) return std::nullopt;
        name = call.url.substr(at + 6, call.url.find('?') - at - 6);
        bench.azure.jobs[name] = {{"status", "Starting"}, {"displayName", "train"}};
        const nlohmann::json gone{{"error", {{"code", "NotFound"}, {"message", "No such run."}}}};
        return http::Response{404, {}, gone.dump()};
    };
    const auto settled = bench.settle();
    REQUIRE(settled.size() == 1);
    CHECK(settled[0].created);
    CHECK(settled[0].run.job_name == name);
}

TEST_CASE("who submits before the outcome can have been read gets the run that there is") {
    SubmitterBench bench;
    bench.cut_off(true);
    const auto settled = bench.settle();
    REQUIRE(settled.size() == 1);
    std::optional<submit::SubmittedRun> run;
    std::string error;
    test::run(bench.loop, bench.submit_into(run, error));
    REQUIRE(run);
    CHECK(run->job_name == settled[0].run.job_name);
    CHECK(run->recovered);

    bench.clock.advance(std::chrono::seconds(3));
    test::run(bench.loop, bench.submit_into(run, error));
    CHECK(run->job_name != settled[0].run.job_name);
    CHECK_FALSE(run->recovered);
    CHECK(bench.azure.jobs.size() == 2);
}

TEST_CASE("what cannot be settled now stays open") {
    SubmitterBench bench;
    bench.cut_off(true);
    bench.azure.intercept = [](const http::Request&) -> std::optional<http::Response> {
        throw Error(ErrorKind::Unavailable, "offline");
    };
    CHECK(bench.settle().empty());
    bench.azure.intercept = nullptr;
    CHECK(bench.settle().size() == 1);
}

TEST_CASE("a submission that begins while the journal is settled takes over its own earlier run") {
    SubmitterBench bench;
    bench.cut_off(true);
    std::optional<submit::SubmittedRun> run;
    std::string error;
    auto settling = [](submit::RunSubmitter& submitter) -> asio::awaitable<void> {
        std::stop_token never;
        submit::OnSettled tell = [](submit::SettledSubmission) -> asio::awaitable<void> {
            co_return;
        };
        co_await submitter.settle(std::move(tell), std::move(never));
    };
    bench.tasks.spawn(settling(bench.submitter));
    bench.tasks.spawn(bench.submit_into(run, error));
    test::run(bench.loop, bench.tasks.join());
    CHECK(error.empty());
    REQUIRE(run);
    CHECK(run->recovered);
    CHECK(bench.azure.jobs.size() == 1);
}
