#include "wizard/wizard.hpp"

#include "runconfig/run_configuration.hpp"
#include "state/atomic_file.hpp"
#include "support/error_of.hpp"
#include "support/temporary_directory.hpp"
#include "support/variables.hpp"
#include "support/wizard_world.hpp"
#include "wizard/wizard_finish.hpp"
#include "workspace/workspace_binding.hpp"

#include <boost/version.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace aml;
using nlohmann::json;

namespace {

constexpr const char* subscription = "subscription";
constexpr const char* test_workspace = "workspace";
constexpr const char* experiment = "Azure ML: experiment";
constexpr const char* compute = "Azure ML: compute";
constexpr const char* environment = "compute configuration";
constexpr const char* packages = "Azure ML: packages";

struct World : test::WizardWorld {
    std::optional<wizard::WizardResult> run(wizard::WizardRequest request = {}) {
        request.script = script;
        wizard::ExperimentWizard wizard(catalog, state, prompter);
        return test::run(loop, wizard.run(std::move(request), {}));
    }

    /// Checks the packages of a template as they are offered.
    void accept_packages() {
        prompter.pick(packages,
                      {"scikit-learn",
                       "numpy",
                       "pandas",
                       "matplotlib",
                       "joblib",
                       "mlflow-skinny<3",
                       "azureml-mlflow",
                       "python=3.11"});
    }

    json configuration() const { return json::parse(text_of(in_project("train.job.json"))); }

    bool nothing_written() const {
        return !std::filesystem::exists(in_project("train.job.json")) &&
               !std::filesystem::exists(in_project(".azureml"));
    }

    void bind() {
        project.write("mnist starter/.azureml/config.json",
                      R"({"subscription_id":"s","resource_group":"g","workspace_name":"w"})");
    }
};

std::vector<std::string> labels(const ui::PickQuestion& question) {
    std::vector<std::string> all;
    for (const auto& item : question.items) all.push_back(item.label);
    return all;
}

const ui::PickItem* picked(const ui::PickQuestion& question) {
    for (const auto& item : question.items) {
        if (item.picked) return &item;
    }
    return nullptr;
}

}  // namespace

TEST_CASE("the whole wizard writes a run configuration and the binding") {
    World world;
    world.everything();
    world.prompter.pick(subscription, "Dev");
    world.prompter.pick(test_workspace, "w");
    world.prompter.pick(experiment, "mnist");
    world.prompter.pick(compute, "cpu");
    world.prompter.pick(environment, "SkLearn");
    world.accept_packages();
    const auto result = world.run();
    REQUIRE(result);
    CHECK(result->created);
    CHECK(result->configuration == world.in_project("train.job.json"));
    CHECK(world.prompter.done());
    const auto job = world.configuration();
    CHECK(job["experiment_name"] == "mnist");
    CHECK(job["compute"] == "azureml:cpu");
    CHECK(job["command"] == "python train.py");
    CHECK(job["environment"]["name"] == "sklearn");
    CHECK(job["environment"]["image"] == "mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04");
    CHECK(job["environment"]["conda_file"]["dependencies"][2]["pip"][0] == "scikit-learn");
    const auto binding =
        json::parse(test::WizardWorld::text_of(world.in_project(".azureml/config.json")));
    CHECK(binding ==
          json{{"subscription_id", "s"}, {"resource_group", "g"}, {"workspace_name", "w"}});
    const auto checked = runconfig::load(world.in_project("train.job.json"));
    CHECK(checked.warnings.empty());
}

TEST_CASE("a template brings what the script imports besides") {
    World world;
    world.everything();
    world.project.write("mnist starter/train.py",
                        "from azureml.core.run import Run\nimport sklearn, torch\n");
    world.prompter.pick(subscription, "Dev");
    world.prompter.pick(test_workspace, "w");
    world.prompter.pick(experiment, "mnist");
    world.prompter.pick(compute, "cpu");
    world.prompter.pick(environment, "SkLearn");
    world.prompter.escape(packages);
    CHECK_FALSE(world.run());
    const auto offered = labels(world.prompter.picks.back());
    for (const auto* wanted : {"azureml-core", "torch"})
        CHECK(std::count(offered.begin(), offered.end(), wanted) == 1);
    CHECK(std::count(offered.begin(), offered.end(), "scikit-learn") == 1);
}

TEST_CASE("every step says where it stands, and lists what helps to choose") {
    World world;
    world.everything();
    world.prompter.pick(subscription, "Dev");
    world.prompter.pick(test_workspace, "w");
    world.prompter.pick(experiment, "mnist");
    world.prompter.pick(compute, "Serverless");
    world.prompter.pick(environment, "General");
    world.prompter.escape(packages);
    CHECK(!world.run());
    CHECK(world.nothing_written());
    const auto& picks = world.prompter.picks;
    REQUIRE(picks.size() == 6);
    for (std::size_t i = 0; i < picks.size(); ++i) {
        CHECK(picks[i].step == static_cast<int>(i) + 1);
        CHECK(picks[i].total_steps == 6);
        CHECK(picks[i].can_go_back == (i > 0));
    }
    CHECK(labels(picks[2]) ==
          std::vector<std::string>{"Create new experiment…", "Experiments in w", "mnist", "older"});
    const auto& row = picks[3].items.at(2);
    CHECK(row.label == "cpu");
    CHECK(row.description == "0 of 4 nodes");
    CHECK(row.detail == "Standard_DS3_v2 · 4 cores, 14 GB memory · $0.27 per hour");
    const auto environments = labels(picks[4]);
    CHECK(environments == std::vector<std::string>{"Templates",
                                                   "SkLearn",
                                                   "PyTorch",
                                                   "TensorFlow",
                                                   "General",
                                                   "Environments in w",
                                                   "my-env",
                                                   "Curated environments, built already",
                                                   "AzureML-sklearn-1.5"});
}

TEST_CASE("a workspace can be made where one is chosen, and Back leads to those there are") {
    World world;
    world.everything();
    world.http.expect_get("/subscriptions/s/resourcegroups?api-version=2021-04-01")
        .reply(200, world.list_of(json::array({{{"name", "rg"}, {"location", "eastus2"}}})));
    world.prompter.pick(subscription, "Dev");
    world.prompter.pick(test_workspace, "Create new workspace…");
    world.prompter.enter("Create new workspace: name", "a b");
    world.prompter.enter("Create new workspace: name", "mine");
    world.prompter.back("Create new workspace: resource group");
    world.prompter.back("Create new workspace: name");
    world.prompter.pick(test_workspace, "w");
    world.prompter.escape(experiment);
    CHECK(!world.run());
    CHECK(world.prompter.done());
    CHECK(world.prompter.refused ==
          std::vector<std::string>{
              "A workspace name may hold only letters, digits, hyphens and underscores."});
    CHECK(world.prompter.inputs.back().value == "mine");
    CHECK(world.nothing_written());
}

TEST_CASE("Back from every step leads to the one before, and Escape writes nothing") {
    World world;
    world.everything();
    auto& user = world.prompter;
    user.pick(subscription, "Dev");
    user.back(test_workspace);
    user.pick(subscription, "Dev");
    user.pick(test_workspace, "w");
    user.back(experiment);
    user.pick(test_workspace, "w");
    user.pick(experiment, "mnist");
    user.back(compute);
    user.pick(experiment, "older");
    user.pick(compute, "cpu");
    user.back(environment);
    user.pick(compute, "cpu");
    user.pick(environment, "PyTorch");
    user.back(packages);
    user.pick(environment, "SkLearn");
    user.escape(packages);
    CHECK(!world.run());
    CHECK(user.done());
    CHECK(world.nothing_written());
    // The last answers are where the next visit starts.
    REQUIRE(picked(user.picks[8]) != nullptr);
    CHECK(picked(user.picks[8])->label == "mnist");
}

TEST_CASE("Escape ends the wizard at every step with nothing written") {
    const std::vector<std::pair<const char*, const char*>> steps{{subscription, "Dev"},
                                                                 {test_workspace, "w"},
                                                                 {experiment, "mnist"},
                                                                 {compute, "cpu"},
                                                                 {environment, "SkLearn"},
                                                                 {packages, nullptr}};
    for (std::size_t last = 0; last < steps.size(); ++last) {
        CAPTURE(last);
        World world;
        world.everything();
        for (std::size_t i = 0; i < last; ++i) world.prompter.pick(steps[i].first, steps[i].second);
        world.prompter.escape(steps[last].first);
        CHECK(!world.run());
        CHECK(world.prompter.done());
        CHECK(world.nothing_written());
    }
}

TEST_CASE("a bound folder confirms its workspace in one step and keeps its file") {
    World world;
    world.everything();
    world.bind();
    world.prompter.pick("Azure ML: workspace", "w");
    world.prompter.pick(experiment, "mnist");
    world.prompter.pick(compute, "cpu");
    world.prompter.pick(environment, "my-env");
    const auto result = world.run();
    REQUIRE(result);
    CHECK(world.prompter.done());
    CHECK(world.configuration()["environment"] == "azureml:my-env:3");
    CHECK(world.prompter.picks.front().items.front().description == "g · Dev");
    CHECK(world.prompter.picks.front().total_steps == 5);
    // With an environment that exists there are no packages to confirm.
    CHECK(world.prompter.picks.size() == 4);
    CHECK(test::WizardWorld::text_of(world.in_project(".azureml/config.json")).find('\n') ==
          std::string::npos);
}

TEST_CASE(
    "another workspace can be chosen in a bound folder, and Back returns to the confirmation") {
    World world;
    world.everything();
    world.bind();
    auto& user = world.prompter;
    user.pick("Azure ML: workspace", "Choose another workspace…");
    user.back(subscription);
    user.pick("Azure ML: workspace", "Choose another workspace…");
    user.pick(subscription, "Dev");
    user.pick("Azure ML: workspace", "w");
    user.escape(experiment);
    CHECK(!world.run());
    CHECK(user.done());
    CHECK(user.picks.back().step == 4);
    CHECK(user.picks.back().total_steps == 7);
}

TEST_CASE("a bound workspace that is gone is explained, and another can be chosen") {
    World world;
    world.bind();
    world.subscriptions().any_times();
    world.experiments(json::array()).any_times();
    world.computes(json::array()).any_times();
    world.environments(json::array()).any_times();
    world.no_registry().any_times();
    const json gone{
        {"error", {{"code", "ResourceNotFound"}, {"message", "The workspace w was not found."}}}};
    world.http.expect_get(test::WizardWorld::workspace().to_string() + "?api-version=2025-12-01")
        .reply(404, gone)
        .any_times();
    world.prompter.pick("Azure ML: workspace", "w");
    world.prompter.escape("Azure ML: workspace");
    CHECK(!world.run());
    REQUIRE(world.prompter.messages.size() == 1);
    CHECK(world.prompter.messages.front().text.find("The workspace w cannot be used") == 0);
}

TEST_CASE("a damaged binding ends the wizard with a clear error") {
    World world;
    world.project.write("mnist starter/.azureml/config.json", "{");
    const auto error = test::error_of([&] { world.run(); });
    CHECK(error.kind() == ErrorKind::Rejected);
    CHECK(error.message().find("config.json does not name a workspace") != std::string::npos);
}

TEST_CASE("an existing run configuration is opened as it is, without a question") {
    World world;
    world.project.write("mnist starter/train.job.json", "{}");
    const auto result = world.run();
    REQUIRE(result);
    CHECK(!result->created);
    CHECK(test::WizardWorld::text_of(world.in_project("train.job.json")) == "{}");
}

TEST_CASE("only Python scripts that exist are run") {
    World world;
    world.script = world.project.write("notes.txt", "");
    CHECK_THROWS_WITH(world.run(), "notes.txt is not a Python script (.py).");
    world.script = world.in_project("missing.py");
    CHECK_THROWS_AS(world.run(), Error);
}

TEST_CASE("a new experiment is typed with live validation and kept on Back") {
    World world;
    world.everything();
    world.bind();
    auto& user = world.prompter;
    user.pick("Azure ML: workspace", "w");
    user.pick(experiment, "Create new experiment…");
    user.back("Create new experiment");
    user.pick(experiment, "Create new experiment…");
    user.enter("Create new experiment", "no spaces please");
    user.enter("Create new experiment", "digits-2026");
    user.back(compute);
    user.pick(experiment, "digits-2026");
    user.pick(compute, "cpu");
    user.pick(environment, "my-env");
    REQUIRE(world.run());
    CHECK(user.refused.size() == 1);
    CHECK(user.inputs.front().value == "mnist-starter");
    CHECK(world.configuration()["experiment_name"] == "digits-2026");
}

TEST_CASE("choices are remembered for the folder and preselected") {
    World world;
    world.everything();
    world.bind();
    const auto answer = [&] {
        world.prompter.pick("Azure ML: workspace", "w");
        world.prompter.pick(experiment, "older");
        world.prompter.pick(compute, "cpu");
        world.prompter.pick(environment, "my-env");
    };
    answer();
    REQUIRE(world.run());
    std::filesystem::remove(world.in_project("train.job.json"));
    world.prompter.picks.clear();
    answer();
    REQUIRE(world.run());
    const auto& picks = world.prompter.picks;
    CHECK(picked(picks[1])->label == "older");
    CHECK(picked(picks[2])->label == "cpu");
    CHECK(picked(picks[3])->label == "my-env");
}

TEST_CASE("a list that fails says why, and can be asked for again") {
    World world;
    world.bind();
    world.subscriptions().any_times();
    world.one_workspace().any_times();
    world.computes({test::WizardWorld::compute_json("cpu")}).any_times();
    world.sizes().any_times();
    world.environments(json::array()).any_times();
    world.no_registry().any_times();
    const json denied{
        {"error", {{"code", "AuthorizationFailed"}, {"message", "You may not list experiments."}}}};
    auto query = test::AzureSession::data("history/v1.0", "/experiments:query");
    // Once ahead of time, once when the list is wanted. Newer versions of Asio begin a coroutine at
    // once, so that the first is over and is tried a second time ahead.
    constexpr int refusals = BOOST_VERSION < 107700 ? 2 : 3;
    for (int call = 0; call < refusals; ++call) world.http.expect_post(query).reply(403, denied);
    world.experiments({test::WizardWorld::experiment_json("mnist", "2025-06-01T00:00:00Z")});
    world.prompter.pick("Azure ML: workspace", "w");
    world.prompter.pick(experiment, "Try again");
    world.prompter.pick(experiment, "mnist");
    world.prompter.escape(compute);
    CHECK(!world.run());
    const auto& failed = world.prompter.picks[1].items.back();
    CHECK(failed.label == "Try again");
    CHECK(failed.description == "Could not list the experiments");
    CHECK(failed.detail.find("you do not have the permission") != std::string::npos);
}

TEST_CASE("a conda file beside the script is used as it is, and edits of it are written out") {
    World world;
    world.everything();
    world.bind();
    world.project.write("mnist starter/environment.yml",
                        "name: digits\nchannels: [conda-forge]\ndependencies:\n  - python=3.12\n  "
                        "- pip\n  - pip:\n    - torch\n");
    const auto answer = [&](std::vector<std::string> wanted) {
        world.prompter.pick("Azure ML: workspace", "w");
        world.prompter.pick(experiment, "mnist");
        world.prompter.pick(compute, "cpu");
        world.prompter.pick(environment, "environment.yml");
        world.prompter.pick(packages, std::move(wanted));
    };
    answer({"torch", "python=3.12"});
    REQUIRE(world.run());
    CHECK(world.configuration()["environment"]["conda_file"] == "./environment.yml");
    std::filesystem::remove(world.in_project("train.job.json"));
    answer({"python=3.12"});
    REQUIRE(world.run());
    const auto written = world.configuration()["environment"];
    CHECK(written["name"] == "digits");
    CHECK(written["conda_file"]["dependencies"] == json::array({"python=3.12", "pip"}));
}

TEST_CASE("a package file that cannot be read is explained, and another choice offered") {
    World world;
    world.everything();
    world.bind();
    world.project.write("mnist starter/requirements.txt", "numpy\n-r other.txt\n");
    world.prompter.pick("Azure ML: workspace", "w");
    world.prompter.pick(experiment, "mnist");
    world.prompter.pick(compute, "cpu");
    world.prompter.pick(environment, "requirements.txt");
    world.prompter.pick(environment, "my-env");
    REQUIRE(world.run());
    REQUIRE(world.prompter.messages.size() == 1);
    CHECK(world.prompter.messages.front().text.find("requirements.txt") != std::string::npos);
}

TEST_CASE("what the request answers is not asked") {
    World world;
    world.everything();
    wizard::WizardRequest request;
    request.workspace = azure::ResourceId::workspace("s", "g", "w");
    request.experiment = "given";
    request.compute = "cpu";
    request.environment = "sklearn";
    REQUIRE(world.run(request));
    CHECK(world.prompter.picks.empty());
    CHECK(world.configuration()["experiment_name"] == "given");
    CHECK(world.configuration()["environment"]["name"] == "sklearn");
    std::filesystem::remove(world.in_project("train.job.json"));
    request.environment = "caffe";
    CHECK_THROWS_AS(world.run(request), Error);
    CHECK(!std::filesystem::exists(world.in_project("train.job.json")));
}

TEST_CASE("a folder that cannot be written leaves nothing behind") {
    World world;
    world.everything();
    // A file where the folder of the binding should be makes the last write fail.
    world.project.write("mnist starter/.azureml", "");
    wizard::WizardRequest request;
    request.workspace = azure::ResourceId::workspace("s", "g", "w");
    request.experiment = "given";
    request.compute = "cpu";
    request.environment = "sklearn";
    CHECK_THROWS_AS(world.run(request), Error);
    CHECK(!std::filesystem::exists(world.in_project("train.job.json")));
}

TEST_CASE("a workspace that is not ready is refused, and asked about again when chosen again") {
    World world;
    world.subscriptions().any_times();
    auto creating = test::WizardWorld::workspace_json();
    creating["properties"]["provisioningState"] = "Creating";
    const auto list = test::WizardWorld::provider("/workspaces?") + world.version;
    world.http.expect_get(list).reply(200, test::WizardWorld::list_of({creating}));
    auto failed = creating;
    failed["properties"]["provisioningState"] = "Failed";
    world.http.expect_get(list).reply(200, test::WizardWorld::list_of({failed}));
    world.workspaces().any_times();
    world.prompter.pick(subscription, "Dev");
    world.prompter.pick(test_workspace, "w");
    world.prompter.pick(test_workspace, "w");
    world.prompter.escape(test_workspace);
    CHECK_FALSE(world.run());
    REQUIRE(world.prompter.messages.size() == 2);
    CHECK(world.prompter.messages[0].text.find("The workspace w is still being created") == 0);
    CHECK(world.prompter.messages[1].text.find("its state is Failed") != std::string::npos);
}

TEST_CASE(
    "of two wizards at once one writes the configuration, and the other one leaves it alone") {
    const test::TemporaryDirectory folder;
    wizard::WizardPlan plan{.configuration = folder.path() / "train.job.json",
                            .text = "first",
                            .binding_file = folder.path() / ".azureml/config.json",
                            .bind_to = azure::ResourceId::workspace("s", "g", "w")};
    CHECK(wizard::write_plan(plan));
    plan.text = "second";
    plan.bind_to = azure::ResourceId::workspace("s", "g", "other");
    CHECK_FALSE(wizard::write_plan(plan));
    CHECK(state::read_file(plan.configuration) == "first");
    CHECK(workspace::find_workspace_binding(folder.path())->workspace.name() == "w");
}

TEST_CASE("a script in the home folder is refused before anything is asked or written") {
    World world;
    const test::Variables home{{test::home_variable, world.script.parent_path().string()}};
    const auto error = test::error_of([&] { world.run(); });
    CHECK(error.kind() == ErrorKind::Rejected);
    CHECK(error.message().find("is your home folder") != std::string::npos);
    CHECK(world.prompter.picks.empty());
    CHECK(world.nothing_written());
}

TEST_CASE("a compute is taken as a run configuration names it") {
    for (const auto* written : {"serverless", "azureml:serverless", "azureml:cpu", "cpu"}) {
        World world;
        world.everything();
        wizard::WizardRequest request;
        request.workspace = azure::ResourceId::workspace("s", "g", "w");
        request.experiment = "given";
        request.compute = written;
        request.environment = "azureml:mine@latest";
        REQUIRE(world.run(request));
        const auto configuration = world.configuration();
        const bool serverless = std::string(written).find("serverless") != std::string::npos;
        CHECK(configuration.contains("compute") != serverless);
        if (!serverless) CHECK(configuration["compute"] == "azureml:cpu");
        CHECK(configuration["environment"] == "azureml:mine@latest");
    }
    World world;
    world.everything();
    wizard::WizardRequest request;
    request.workspace = azure::ResourceId::workspace("s", "g", "w");
    request.compute = "no such name";
    CHECK(test::error_of([&] { world.run(request); }).kind() == ErrorKind::Rejected);
}
