#pragma once

#include "async/run_blocking.hpp"
#include "azure/client.hpp"
#include "runconfig/run_configuration.hpp"
#include "submit/submission.hpp"
#include "support/error_of.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_workspace.hpp"
#include "support/run.hpp"
#include "support/seeded_random.hpp"
#include "support/temporary_directory.hpp"

#include <memory>
#include <string>
#include <vector>

namespace aml::test {

/// A project on disk, a state directory, and a workspace in memory: everything a submission needs.
struct SubmitBench {
    SubmitBench() {
        project.write("train.py", "print('hi')\n");
        project.write("lib/data.py", "x = 1\n");
        write_configuration();
        azure.environments["sklearn"]["3"] = {{"image", "i"}};
    }

    /// `changes` is merged into a configuration that runs train.py on cpu-cluster in sklearn:3.
    void write_configuration(const nlohmann::json& changes = nlohmann::json::object()) {
        nlohmann::json json{{"type", "command"},
                            {"experiment_name", "mnist"},
                            {"display_name", "train"},
                            {"compute", "azureml:cpu-cluster"},
                            {"code", "."},
                            {"command", "python train.py"},
                            {"environment", "azureml:sklearn:3"}};
        json.merge_patch(changes);
        project.write("train.job.json", json.dump(2));
    }

    submit::SubmitRequest request() const {
        submit::SubmitRequest request;
        request.workspace = *azure::ResourceId::parse(FakeWorkspace::id);
        request.configuration = runconfig::load(project.path() / "train.job.json");
        return request;
    }

    /// What RunSubmitter does once it is connected.
    asio::awaitable<submit::SubmittedRun> submission(std::stop_token stop) {
        auto wish = request();
        auto facts = submit::read_local_facts(wish);
        submit::RunBatch batch;
        batch.abandoned = submit::read_abandoned(state.directory(), wish, client.cloud().arm);
        auto known = co_await submit::KnownIds::load(state, client.cloud().arm, wish.workspace);
        submit::OnSubmitProgress note = [this](const submit::SubmitProgress& step) {
            progress.push_back(step);
        };
        auto reporter = std::make_shared<submit::SubmitReporter>(loop.get_executor(), clock, note);
        submit::SubmitContext context{client, state, random, known, reporter, wish.workspace};
        submit::Submission submission(context, batch, std::move(wish), std::move(facts), Log());
        auto submitted = co_await submission.run(std::move(stop));
        reporter->close();
        if (submitted.entry)
            co_await submit::close_entry(state, std::move(*submitted.entry), Log());
        co_return submitted.run;
    }

    submit::SubmittedRun submit(std::stop_token stop = {}) {
        azure.log.clear();
        progress.clear();
        return run(loop, submission(std::move(stop)));
    }

    /// The error of a submission that must fail.
    Error failure(std::stop_token stop = {}) {
        return error_of([&] { submit(std::move(stop)); });
    }

    std::vector<state::JournalEntry> journal() const {
        return state::Journal(state_folder.path()).abandoned();
    }

    TemporaryDirectory project;
    TemporaryDirectory state_folder;
    asio::io_context loop{1};
    asio::thread_pool pool{2};
    FakeWorkspace azure;
    FakeClock clock{FakeClock::Mode::Jump};
    SeededRandom random;
    http::Pipeline pipeline{{}, azure};
    azure::Client client{pipeline, pipeline, clock, http::public_cloud()};
    std::vector<std::string> notices;
    workspace::SavedState state{state_folder.path(), pool, Log(), [this](std::string text) {
                                    notices.push_back(std::move(text));
                                }};
    std::vector<submit::SubmitProgress> progress;
};

}  // namespace aml::test
