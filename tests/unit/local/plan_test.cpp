#include "local/plan.hpp"

#include "support/error_of.hpp"
#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace aml;
using local::RunFolder;

namespace {

/// A folder with a script and what configurations name.
struct PlannedProject {
    PlannedProject() {
        directory.write("train.py", "print(1)\n");
        directory.write("data set/x.csv", "1\n");
    }

    local::RunPlan plan(const std::string& members) const {
        const auto text = R"({"type": "command", "code": ".", )" + members + "}";
        const auto file = directory.path() / "train.job.json";
        return local::plan_run(runconfig::check(text, file), folder);
    }

    std::string objection(const std::string& members) const {
        const auto error = test::error_of([&] { plan(members); });
        CHECK(error.kind() == ErrorKind::Rejected);
        return error.message();
    }

    test::TemporaryDirectory directory;
    RunFolder folder{directory.path() / ".azureml" / "runs" / "brave_fig_1"};
};

const std::string with_conda =
    R"("environment": {"image": "an/image", "conda_file": {"dependencies": ["python=3.11", )"
    R"({"pip": ["joblib"]}]}})";

std::string value_of(const local::RunPlan& plan, const std::string& name) {
    const auto is_it = [&](const auto& variable) { return variable.first == name; };
    const auto found = std::ranges::find_if(plan.variables, is_it);
    return found == plan.variables.end() ? "(not set)" : found->second;
}

}  // namespace

TEST_CASE("inputs and outputs are put into the command, paths as one word") {
    const PlannedProject project;
    const auto plan =
        project.plan(R"("command": "python train.py --lr ${{inputs.lr}} --data ${{inputs.data}} )"
                     R"(--flag ${{inputs.flag}} --out ${{outputs.model}} ${{ outputs.default }}",
           "inputs": {"lr": 0.1, "flag": true, "data": {"type": "uri_folder", "path": "data set"}},
           "outputs": {"model": {"type": "uri_folder"}, "table": {"type": "uri_file"}, "default": {}}, )" +
                     with_conda);
    const auto data = (project.directory.path() / "data set").generic_string();
    const auto outputs = project.folder.outputs().generic_string();
    CHECK(plan.command == "python train.py --lr 0.1 --data \"" + data + "\" --flag True --out " +
                              outputs + "/model " + outputs);
    CHECK(plan.folders == std::vector{project.folder.outputs() / "model"});
    CHECK(value_of(plan, "AZURE_ML_INPUT_data") == data);
    CHECK(value_of(plan, "AZURE_ML_OUTPUT_model") == outputs + "/model");
    CHECK(plan.environment.python_version == "3.11");
    CHECK(plan.environment.requirements == std::vector<std::string>{"joblib"});
    CHECK(plan.code == project.directory.path());
    CHECK(plan.notes.front() ==
          "The environment is made of the packages of the conda file; the image an/image is not "
          "used.");
}

TEST_CASE("the environment variables of a configuration come last, so that they count") {
    const PlannedProject project;
    const auto plan = project.plan(R"("command": "python train.py",
        "environment_variables": {"LEVEL": 3, "PYTHONUTF8": "0"}, )" +
                                   with_conda);
    CHECK(value_of(plan, "LEVEL") == "3");
    CHECK(plan.variables.back() == std::pair<std::string, std::string>("PYTHONUTF8", "0"));
    CHECK(value_of(plan, "MLFLOW_RUN_ID") == "brave_fig_1");
    CHECK(value_of(plan, "MLFLOW_TRACKING_URI").starts_with("file:///"));
    CHECK(value_of(plan, "MLFLOW_TRACKING_URI").ends_with("/brave_fig_1/.run/mlflow"));
}

TEST_CASE("a conda file beside the configuration is read") {
    const PlannedProject project;
    project.directory.write("conda.yml", "dependencies:\n- pip:\n  - numpy\n");
    const auto plan = project.plan(R"("command": "python train.py",
        "environment": {"image": "an/image", "conda_file": "conda.yml"})");
    CHECK(plan.environment.requirements == std::vector<std::string>{"numpy"});
}

TEST_CASE("what is otherwise than in Azure is noted") {
    const PlannedProject project;
    const auto plan = project.plan(R"("command": "python train.py",
        "resources": {"instance_count": 4}, "limits": {"timeout": 60}, )" +
                                   with_conda);
    REQUIRE(plan.notes.size() == 3);
    CHECK(plan.notes[1] == "The run has one process here, on one node.");
    CHECK(plan.notes[2] == "Its time limit does not hold here: cancel it yourself.");
}

TEST_CASE("what is in Azure only is refused before anything starts, with the key and the remedy") {
    const PlannedProject project;
    CHECK(project.objection(R"("command": "python train.py --d ${{inputs.d}}",
              "inputs": {"d": {"type": "uri_folder", "path": "azureml:digits:3"}}, )" +
                            with_conda) ==
          "This cannot run on this computer: the input “d” is azureml:digits:3, which is not on "
          "this computer. Download it, and run with --set inputs.d.path=FOLDER, or write that path "
          "into the configuration.");
    CHECK(project.objection(R"("command": "python train.py", "environment": "azureml:sklearn:2")")
              .find("what is in the environment azureml:sklearn:2 is known in Azure only") !=
          std::string::npos);
    CHECK(project.objection(R"("command": "python train.py", "environment": {"image": "an/image"})")
              .find("its environment is the image an/image alone") != std::string::npos);
}

TEST_CASE("an input that the command reads by its address is given as it is") {
    const PlannedProject project;
    const auto plan = project.plan(R"("command": "python train.py ${{inputs.d}}",
        "inputs": {"d": {"type": "uri_file", "mode": "direct",
                         "path": "https://example.org/d.csv"}}, )" +
                                   with_conda);
    CHECK(plan.command == "python train.py https://example.org/d.csv");
}

TEST_CASE("a sweep is made of several runs and does not run here") {
    const PlannedProject project;
    const auto text = R"({"type": "sweep", "sampling_algorithm": "random",
        "objective": {"goal": "maximize", "primary_metric": "accuracy"},
        "search_space": {"lr": {"type": "uniform", "min_value": 0, "max_value": 1}},
        "limits": {"max_total_trials": 2},
        "trial": {"code": ".", "command": "python train.py --lr ${{search_space.lr}}",
                  "environment": {"image": "an/image"}}})";
    const auto configuration = runconfig::check(text, project.directory.path() / "s.job.json");
    const auto error = test::error_of([&] { local::plan_run(configuration, project.folder); });
    CHECK(error.message() ==
          "This cannot run on this computer: it is made of several runs. Run a configuration of "
          "the type \"command\".");
}
