#include "runconfig/assist.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace aml::runconfig;

namespace {

KnownNames known() {
    KnownNames names;
    names.computes = {{"cpu-cluster", "azureml:cpu-cluster", "STANDARD_DS3_v2", "4 nodes"}};
    names.environments = {
        {"sklearn", "azureml:sklearn:3", "", ""},
        {"pytorch", "azureml://registries/azureml/environments/pytorch/versions/7", "", ""}};
    names.experiments = {{"mnist", "mnist", "", ""}};
    names.data = {{"digits", "azureml:digits:2", "uri_folder", ""}};
    return names;
}

/// The document with every `|` taken out, and where the first was.
struct Marked {
    std::string text;
    std::size_t offset;

    explicit Marked(std::string marked)
        : text(std::move(marked)),
          offset(text.find('|')) {
        text.erase(offset, 1);
    }
};

std::vector<Proposal> proposals(const std::string& marked) {
    const Marked place(marked);
    const Document document(place.text);
    return propose(document, place.offset, known());
}

std::string labels(const std::string& marked) {
    std::string all;
    for (const auto& item : proposals(marked)) all += item.label + " ";
    return all;
}

/// The text after the proposal `label` was chosen.
std::string chosen(const std::string& marked, const std::string& label) {
    for (const auto& item : proposals(marked)) {
        if (item.label == label)
            return apply_in_turn(Marked(marked).text, {{item.replace, item.plain}});
    }
    return "no such proposal";
}

}  // namespace

TEST_CASE("keys that fit and are not there yet are proposed") {
    const auto top = labels(R"({ "command": "x", | })");
    CHECK(top.find("environment ") != std::string::npos);
    CHECK(top.find("command ") == std::string::npos);
    CHECK(top.find("status ") == std::string::npos);
    CHECK(labels(R"({ "distribution": { "type": "tensorflow", | } })") ==
          "worker_count parameter_server_count ");
    CHECK(labels(R"({ "limits": { | } })") == "timeout ");
    CHECK(labels(R"({ "inputs": { "d": { "path": "x", | } } })") ==
          "type mode path_on_compute datastore description value ");
    CHECK(labels(R"({ "tags": { | } })").empty());
    CHECK(labels(R"({ "environment": { "conda_file": { | } } })").empty());
}

TEST_CASE("choosing a key writes a value to start from, or only the key when a value is there") {
    CHECK(chosen(R"({ "li|" })", "limits") == R"({ "limits": { "timeout": 3600 } })");
    CHECK(chosen(R"({ "li|": 1 })", "limits") == R"({ "limits": 1 })");
    CHECK(chosen("{\n  |\n  \"command\": \"x\" }", "code") ==
          "{\n  \"code\": \".\",\n  \"command\": \"x\" }");
    const auto items = proposals(R"({ "$s|" })");
    REQUIRE_FALSE(items.empty());
    CHECK(items.front().text.starts_with(R"("\$schema": "${1:https)"));
    CHECK(items.front().filter == R"("$schema")");
}

TEST_CASE("values come from the schema and from the workspace") {
    CHECK(labels(R"({ "distribution": { "type": "|" } })") == "pytorch mpi tensorflow ray ");
    CHECK(chosen(R"({ "distribution": { "type": "p|" } })", "pytorch") ==
          R"({ "distribution": { "type": "pytorch" } })");
    CHECK(labels(R"({ "compute": "|" })") == "cpu-cluster serverless ");
    CHECK(chosen(R"({ "compute": "cp|" })", "cpu-cluster") ==
          R"({ "compute": "azureml:cpu-cluster" })");
    CHECK(labels(R"({ "environment": "|" })") == "sklearn pytorch ");
    CHECK(labels(R"({ "environment": | })") == "sklearn pytorch {} ");
    CHECK(labels(R"({ "experiment_name": "|" })") == "mnist ");
    CHECK(chosen(R"({ "inputs": { "d": { "path": "d|" } } })", "digits") ==
          R"({ "inputs": { "d": { "path": "azureml:digits:2" } } })");
    CHECK(labels(R"({ "resources": { "instance_count": | } })") == "1 ");
    CHECK(labels(R"({ "unknown": "|" })").empty());
    const Document document("{}");
    CHECK(propose(document, 0, {}).empty());
}

TEST_CASE("expressions are completed from the declared inputs and outputs") {
    const std::string declared = R"(, "inputs": { "lr": 1 }, "outputs": { "model": {} } })";
    CHECK(labels(R"({ "command": "t ${{|")" + declared) == "${{inputs.lr}} ${{outputs.model}} ");
    CHECK(chosen(R"({ "command": "t ${{in|}} x")" + declared, "${{inputs.lr}}") ==
          R"({ "command": "t ${{inputs.lr}} x")" + declared);
    CHECK(labels(R"({ "command": "t ${{inputs.lr}} |")" + declared).empty());
}

TEST_CASE("the lists that are worth asking for are known from the place") {
    const auto wanted = [](const std::string& marked) {
        const Marked place(marked);
        return wanted_names(Document(place.text), place.offset);
    };
    CHECK(wanted(R"({ "compute": "|" })") == WantedNames::Computes);
    CHECK(wanted(R"({ "environment": | })") == WantedNames::Environments);
    CHECK(wanted(R"({ "experiment_name": "m|" })") == WantedNames::Experiments);
    CHECK(wanted(R"({ "inputs": { "digits": { "path": "azureml:|" } } })") == WantedNames::Data);
    CHECK(wanted(R"({ "environment": { "image": "|" } })") == WantedNames::None);
    CHECK(wanted(R"({ | })") == WantedNames::None);
}

TEST_CASE("keys and choices are explained where they stand") {
    const auto hover = [](const std::string& marked) {
        const Marked place(marked);
        const auto found = explain(Document(place.text), place.offset);
        return found ? found->markdown : std::string("nothing");
    };
    CHECK(hover(R"({ "com|mand": "x" })").starts_with("**command** (required)\n\nWhat to run."));
    CHECK(hover(R"({ "command": "x|y" })").starts_with("**command** (required)"));
    CHECK(hover(R"({ "distribution": { "type": "m|pi" } })") ==
          "**mpi**\n\nMPI, for example for Horovod or DeepSpeed.");
    CHECK(hover(R"({ "distribution": { "ty|pe": "mpi" } })").find("- `pytorch`: ") !=
          std::string::npos);
    CHECK(hover(R"({ "tags": { "a|": "b" } })").starts_with("**a**"));
    CHECK(hover(R"({ "unk|nown": 1 })") == "nothing");
    CHECK(hover(R"({ | })") == "nothing");
}

TEST_CASE(
    "the keys of a pipeline, of its steps and of their components are proposed and explained") {
    const auto top = labels(R"({ "type": "pipeline", | })");
    CHECK(top.find("experiment_name ") != std::string::npos);
    CHECK(top.find("jobs ") != std::string::npos);
    CHECK(top.find("command ") == std::string::npos);
    CHECK(chosen(R"({ "type": "pipeline", "compute": "|" })", "cpu-cluster") ==
          R"({ "type": "pipeline", "compute": "azureml:cpu-cluster" })");
    CHECK(chosen(R"({ "type": "pipeline", "jobs": { "a": { "compute": "|" } } })", "cpu-cluster")
              .find(R"("compute": "azureml:cpu-cluster")") != std::string::npos);
    const auto step = labels(R"({ "type": "pipeline", "jobs": { "a": { | } } })");
    CHECK(step.find("component ") != std::string::npos);
    CHECK(step.find("search_space ") == std::string::npos);
    const Marked own(R"({ "type": "pipeline", "jobs": { "a": { "compo|nent": "./a.yml" } } })");
    const auto found = explain(Document(own.text), own.offset);
    REQUIRE(found);
    CHECK(found->markdown.starts_with("**component**\n\nWhat the step runs"));
}

TEST_CASE("more nodes than the cluster may have are warned of") {
    auto names = known();
    names.computes->front().most_nodes = 2;
    const auto found = [&](const std::string& keys) {
        const auto analysis =
            analyse(R"({"command": "x", "environment": "azureml:sklearn:3", "compute": "azureml:)" +
                    keys + "}}");
        return check_names(analysis, names);
    };
    CHECK(found(R"(cpu-cluster", "resources": {"instance_count": 2)").empty());
    const auto warnings = found(R"(CPU-cluster", "resources": {"instance_count": 3)");
    REQUIRE(warnings.size() == 1);
    CHECK(warnings[0].key == "resources.instance_count");
    CHECK(warnings[0].message.starts_with("The job asks for 3 nodes, and the compute cpu-cluster"));
    CHECK(warnings[0].range.end.character - warnings[0].range.start.character == 1);
}

TEST_CASE("names that the workspace does not have are warned of, unknown lists are not") {
    const auto warnings =
        [](const std::string& compute, const std::string& environment, const KnownNames& names) {
            std::string all;
            const auto analysis = analyse(R"({"command": "x", "compute": ")" + compute +
                                          R"(", "environment": ")" + environment + "\"}");
            for (const auto& diagnostic : check_names(analysis, names)) all += diagnostic.message;
            return all;
        };
    CHECK(warnings("azureml:CPU-Cluster", "azureml:sklearn:9", known()).empty());
    CHECK(warnings("azureml:cpu-clustr", "azureml:AzureML-x:1", known()) ==
          "The workspace has no compute “cpu-clustr”. Did you mean “cpu-cluster”?");
    CHECK(warnings("serverless", "azureml:pytorch@latest", known()) ==
          "The workspace has no environment “pytorch”.");
    CHECK(warnings("serverless",
                   "azureml://registries/azureml/environments/none/versions/1",
                   known()) == "Azure ML's registry has no environment “none”.");
    CHECK(warnings("serverless", "azureml://registries/mine/environments/none/versions/1", known())
              .empty());
    CHECK(warnings("azureml:x", "azureml:y:1", {}).empty());
}

namespace {

std::string yaml_labels(const std::string& marked) {
    const Marked place(marked);
    const Document document(place.text, Syntax::Yaml);
    std::string all;
    for (const auto& item : propose(document, place.offset, known())) all += item.label + " ";
    return all;
}

std::string yaml_chosen(const std::string& marked, const std::string& label) {
    const Marked place(marked);
    const Document document(place.text, Syntax::Yaml);
    for (const auto& item : propose(document, place.offset, known())) {
        if (item.label == label) return apply_in_turn(place.text, {{item.replace, item.plain}});
    }
    return "no such proposal";
}

std::string yaml_explained(const std::string& marked) {
    const Marked place(marked);
    const auto found = explain(Document(place.text, Syntax::Yaml), place.offset);
    return found ? found->markdown.substr(0, found->markdown.find('\n')) : "nothing";
}

}  // namespace

TEST_CASE("keys of YAML are proposed by how far a line is indented, whatever is being typed") {
    const std::string job = "type: command\ncommand: python a.py\n";
    const auto top = yaml_labels(job + "|");
    CHECK(top.find("environment ") != std::string::npos);
    CHECK(top.find("command ") == std::string::npos);
    CHECK(yaml_labels(job + "env|\ntags: {}\n").find("environment ") != std::string::npos);
    CHECK(yaml_labels(job + "limits:\n  |") == "timeout ");
    CHECK(yaml_labels(job + "limits:\n  ti|\ntags: {}\n") == "timeout ");
    CHECK(yaml_labels(job + "limits: {|}\n") == "timeout ");
    CHECK(yaml_labels("distribution:\n  type: tensorflow\n\n  # note\n  |\n" + job) ==
          "worker_count parameter_server_count ");
    CHECK(yaml_labels(job + "inputs:\n  d:\n    path: x\n    |\n") ==
          "type mode path_on_compute datastore description value ");
    CHECK(yaml_labels(job + "services:\n  s:\n    ssh_public_keys:\n    - |\n").empty());
    CHECK(yaml_labels("command: >-\n  li|\n").empty());
    CHECK(yaml_labels(job + "# li|\n").empty());
    CHECK(yaml_labels(job + "tags:\n  |").empty());
}

TEST_CASE("what is chosen is written as YAML has it") {
    CHECK(yaml_chosen("li|\n", "limits") == "limits:\n  timeout: 3600\n");
    CHECK(yaml_chosen("li|: 1\n", "limits") == "limits: 1\n");
    CHECK(yaml_chosen("inp|\n", "inputs") == "inputs:\n  \n");
    CHECK(yaml_chosen("limits:\n  |\n", "timeout") == "limits:\n  timeout: 3600\n");
    CHECK(yaml_chosen("distribution:\n  type: p|\n", "pytorch") ==
          "distribution:\n  type: pytorch\n");
    CHECK(yaml_chosen("distribution:\n  type:|\n", "pytorch") ==
          "distribution:\n  type: pytorch\n");
    CHECK(yaml_chosen("compute: \"cp|\"\n", "cpu-cluster") == "compute: azureml:cpu-cluster\n");
    CHECK(yaml_chosen("command: python a.py --lr ${{|\ninputs:\n  lr: 1\n", "${{inputs.lr}}") ==
          "command: python a.py --lr ${{inputs.lr}}\ninputs:\n  lr: 1\n");
    CHECK(yaml_chosen("command: >-\n  python a.py\n  --lr ${{|\ninputs:\n  lr: 1\n",
                      "${{inputs.lr}}") ==
          "command: >-\n  python a.py\n  --lr ${{inputs.lr}}\ninputs:\n  lr: 1\n");
}

TEST_CASE("a key and a choice of YAML are explained where they stand") {
    CHECK(yaml_explained("type: command\nco|mpute: c\n") == "**compute**");
    CHECK(yaml_explained("distribution:\n  type: py|torch\n") == "**pytorch**");
    CHECK(yaml_explained("limits:\n  time|out: 3\n") == "**timeout**");
    CHECK(yaml_explained("tags:\n  mine: x|\n") == "**mine**");
    CHECK(yaml_explained("mine:\n  tags: x|\n") == "nothing");
}
