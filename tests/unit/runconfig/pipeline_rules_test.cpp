#include "runconfig/component.hpp"
#include "runconfig/pipeline_binding.hpp"
#include "runconfig/run_configuration.hpp"
#include "support/error.hpp"
#include "support/error_of.hpp"
#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>
#include <string>
#include <vector>

using namespace aml;
using namespace aml::runconfig;

namespace {

constexpr auto start_of_pipeline = R"(type: pipeline
compute: azureml:c
inputs:
  raw: 1
outputs:
  final: {}
jobs:
  prep:
    command: python p.py ${{inputs.raw}} ${{outputs.clean}}
    environment: azureml:e:1
    inputs: {raw: "${{parent.inputs.raw}}"}
    outputs: {clean: {}}
)";

/// Each as `line:column: key: message`, one a line.
std::string problems_of(const std::string& steps) {
    const auto analysis = analyse(start_of_pipeline + steps, Syntax::Yaml);
    std::string problems;
    for (const auto& found : analysis.diagnostics) {
        problems += fmt::format("{}:{}: {}: {}\n",
                                found.range.start.line + 1,
                                found.range.start.character + 1,
                                found.key,
                                found.message);
    }
    return problems;
}

std::string lines_of(const std::vector<std::string>& lines) {
    return fmt::format("{}\n", fmt::join(lines, "\n"));
}

void write_to(const std::filesystem::path& file, std::string_view text) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
}

}  // namespace

TEST_CASE("bindings are told apart") {
    CHECK_FALSE(binding_in("plain"));
    const auto input = binding_in(" ${{ parent.inputs.raw }} ");
    REQUIRE(input);
    CHECK(input->kind == Binding::Kind::PipelineInput);
    CHECK(input->name == "raw");
    const auto output = binding_in("${{parent.jobs.prep.outputs.clean}}");
    REQUIRE(output);
    CHECK(output->kind == Binding::Kind::StepOutput);
    CHECK(output->step == "prep");
    CHECK(output->name == "clean");
    CHECK(binding_in("${{parent.outputs.final}}")->kind == Binding::Kind::PipelineOutput);
    for (const auto* other : {"x ${{parent.inputs.raw}}",
                              "${{inputs.raw}}",
                              "${{parent.jobs.prep.inputs.raw}}",
                              "${{parent.inputs.raw"})
        CHECK(binding_in(other)->kind == Binding::Kind::Unknown);
}

TEST_CASE("the steps of a pipeline are read with what they are bound to") {
    const auto analysis = analyse(std::string(start_of_pipeline) + R"(  train:
    component: azureml:trainer:2
    compute: azureml:gpu
    inputs: {data: "${{parent.jobs.prep.outputs.clean}}"}
    outputs: {model: "${{parent.outputs.final}}"}
    resources: {instance_count: 3}
)",
                                  Syntax::Yaml);
    CHECK(analysis.diagnostics.empty());
    REQUIRE(analysis.job);
    const auto& steps = std::get<PipelineJob>(*analysis.job).steps;
    REQUIRE(steps.size() == 2);
    CHECK(steps[0].component->program.place == "jobs.prep");
    CHECK(steps[0].component->has_output("clean"));
    CHECK(steps[1].known_component->name == "trainer");
    CHECK(steps[1].compute->name == "gpu");
    CHECK(steps[1].nodes.count == 3);
    CHECK(steps[1].nodes.key == "jobs.train.resources.instance_count");
}

TEST_CASE("what a step is bound to has to be there") {
    const std::string step = "  b:\n    component: azureml:m:1\n    inputs:\n      x: ";
    CHECK(problems_of(step + "${{parent.inputs.rwa}}\n") ==
          lines_of(
              {"16:10: jobs.b.inputs.x: The pipeline has no input “rwa”. Did you mean \"raw\"?"}));
    CHECK(problems_of(step + "${{parent.jobs.perp.outputs.clean}}\n") ==
          lines_of(
              {"16:10: jobs.b.inputs.x: The pipeline has no step “perp”. Did you mean \"prep\"?"}));
    CHECK(problems_of(step + "${{parent.jobs.prep.outputs.claen}}\n") ==
          lines_of({"16:10: jobs.b.inputs.x: The step “prep” has no output “claen”. Did you mean "
                    "\"clean\"?"}));
    CHECK(problems_of(step + "{type: uri_file, path: \"${{parent.inputs.x}}\"}\n") ==
          lines_of({"16:33: jobs.b.inputs.x: The pipeline has no input “x”."}));
    CHECK(problems_of(step + "a ${{parent.inputs.raw}}\n") ==
          lines_of({"16:10: jobs.b.inputs.x: An input of a step is ${{parent.inputs.<name>}} or "
                    "${{parent.jobs.<step>.outputs.<name>}}, and nothing beside it."}));
    CHECK(
        problems_of("  b:\n    component: azureml:m:1\n    outputs: {o: plain}\n") ==
        lines_of({"15:18: jobs.b.outputs.o: An output of a step is ${{parent.outputs.<name>}}, and "
                  "nothing beside it."}));
}

TEST_CASE("steps that need each other are found where they say so") {
    const auto step = [](const std::string& name, const std::string& need) {
        return fmt::format(
            "  {}:\n    component: azureml:m:1\n    inputs: {{x: \"${{{{parent.jobs.{}.outputs."
            "o}}}}\"}}\n",
            name,
            need);
    };
    CHECK(problems_of(step("b", "b")) ==
          lines_of({"15:17: jobs.b.inputs.x: The step “b” needs its own output."}));
    CHECK(problems_of(step("b", "c") + step("c", "d") + step("d", "b") + step("e", "b")) ==
          lines_of({"15:17: jobs.b.inputs.x: The steps “b” and “c” need each other: neither can "
                    "begin.",
                    "18:17: jobs.c.inputs.x: The steps “c” and “d” need each other: neither can "
                    "begin.",
                    "21:17: jobs.d.inputs.x: The steps “d” and “b” need each other: neither can "
                    "begin."}));
}

TEST_CASE("steps of other kinds, without a compute, and with two things to run are refused") {
    CHECK(problems_of("  b:\n    type: sweep\n") ==
          lines_of({"14:11: jobs.b.type: Steps of the type “sweep” are not submitted by this "
                    "version. Use \"command\", or submit this file with “az ml job create”."}));
    CHECK(problems_of("  b:\n    type: comand\n").find("is not possible here") !=
          std::string::npos);
    CHECK(problems_of("  Big:\n    component: azureml:m:1\n") ==
          lines_of({"13:3: jobs.Big: The name of a step has lower letters, digits and “_”, and "
                    "starts with no digit."}));
    CHECK(problems_of("  b:\n    component: azureml:m:1\n    command: x\n") ==
          lines_of({"15:5: jobs.b.command: “command” belongs to the component. Remove it here."}));
    const auto nowhere =
        analyse("type: pipeline\njobs:\n  a: {component: azureml:m:1}\n", Syntax::Yaml);
    REQUIRE(nowhere.diagnostics.size() == 1);
    CHECK(nowhere.diagnostics[0].key == "jobs.a.compute");
    const auto empty = analyse("type: pipeline\njobs: {}\n", Syntax::Yaml);
    REQUIRE(empty.diagnostics.size() == 1);
    CHECK(empty.diagnostics[0].message.starts_with("“jobs” is missing"));
    const auto whole = analyse("type: pipeline\ncomponent: azureml:p:1\n", Syntax::Yaml);
    REQUIRE(whole.diagnostics.size() == 1);
    CHECK(whole.diagnostics[0].message.starts_with("A pipeline that is a component of Azure"));
}

TEST_CASE("a component in a pipeline is checked, and gets what it needs") {
    const std::string component = R"(  b:
    component:
      command: python t.py ${{inputs.data}} $[[--n ${{inputs.n}}]] ${{inputs.m}}
      environment: azureml:e:1
      inputs: {data: {type: uri_folder}, n: {type: integer, optional: true}}
    inputs: {dat: 1}
)";
    CHECK(problems_of(component) ==
          lines_of(
              {"14:5: jobs.b.inputs.data: The component needs its input “data”: give it a value.",
               "15:68: jobs.b.component.command: There is no input “m”. Did you mean \"n\"?",
               "18:14: jobs.b.inputs.dat: The component has no input “dat”. Did you mean "
               "\"data\"?"}));
}

TEST_CASE("a component of a file is read with the pipeline, and its faults are told at its name") {
    const test::TemporaryDirectory folder;
    const auto file = folder.path() / "pipe.job.yml";
    write_to(folder.path() / "steps/src/t.py", "print(1)\n");
    const std::string good =
        "type: command\ncommand: python t.py ${{inputs.data}} ${{outputs.model}}\n"
        "code: ./src\nenvironment: azureml:e:1\ninputs: {data: {type: uri_folder}}\n"
        "outputs: {model: {type: uri_file}}\nresources: {instance_count: 2}\n";
    write_to(folder.path() / "steps/train.yml", good);
    const std::string steps = R"(  train:
    component: file:./steps/train.yml
    inputs: {data: "${{parent.jobs.prep.outputs.clean}}"}
  last:
    command: echo ${{inputs.m}}
    environment: azureml:e:1
    inputs: {m: "${{parent.jobs.train.outputs.model}}"}
)";
    write_to(folder.path() / "p.py", "");
    const auto head = std::string(start_of_pipeline) + "    code: .\n";
    const auto configuration = check(head + steps, file);
    const auto& pipeline = std::get<PipelineJob>(configuration.job);
    const auto& train = *pipeline.steps[1].component;
    CHECK(train.source == "YAML.COMPONENT");
    CHECK(train.file == folder.path() / "steps/train.yml");
    CHECK(pipeline.steps[1].nodes.count == 2);
    CHECK(pipeline.steps[2].component->spec["inputs"]["m"]["type"] == "uri_file");
    const auto programs = programs_of(configuration);
    REQUIRE(programs.size() == 3);
    CHECK(code_folder(programs[0]) == folder.path());
    CHECK(code_folder(programs[1]) == folder.path() / "steps/src");

    const auto refusal = [&](const std::string& component, const std::string& of_steps) {
        write_to(folder.path() / "steps/train.yml", component);
        return test::error_of([&] { check(head + of_steps, file); }).message();
    };
    CHECK(refusal("type: command\ncommand: 7\nenvironment: azureml:e:1\n", steps)
              .starts_with("pipe.job.yml:15:16: jobs.train.component: train.yml:2:10: command: "));
    CHECK(refusal(good + "code: nowhere\n", steps).find("train.yml") != std::string::npos);
    auto without = good;
    without.replace(without.find("outputs: {model"), 15, "outputs: {other");
    without.replace(without.find(" ${{outputs.model}}"), 19, "");
    CHECK(refusal(without, steps)
              .find("jobs.last.inputs.m: The step “train” has no output “model”.") !=
          std::string::npos);
    std::filesystem::remove(folder.path() / "steps/train.yml");
    CHECK(test::error_of([&] { check(head + steps, file); }).message().find("train.yml") !=
          std::string::npos);
}
