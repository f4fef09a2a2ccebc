#include "runconfig/job_reading.hpp"

#include "runconfig/checker.hpp"
#include "runconfig/rest_job.hpp"
#include "runconfig/shared_schema.hpp"
#include "support/text.hpp"

#include <nlohmann/json.hpp>

namespace aml::runconfig {

namespace {

std::optional<std::string> text_at(const Node& object, std::string_view key) {
    const auto* node = object.find(key);
    if (node == nullptr || node->type == NodeType::Null) return std::nullopt;
    return node->text;
}

Environment read_environment(const Node& node) {
    if (node.type == NodeType::String)
        return std::get<AssetReference>(parse_asset_reference(node.text, "environments"));
    const auto rest = to_rest(node, environment_schema);
    InlineEnvironment environment;
    environment.description = rest.value("description", "");
    environment.image = rest.value("image", "");
    environment.os_type = rest.value("osType", environment.os_type);
    environment.tags = rest.value("tags", environment.tags);
    environment.inference_config = rest.value("inferenceConfig", nlohmann::json());
    environment.datastore = text_at(node, "datastore");
    const auto* conda = node.find("conda_file");
    if (conda != nullptr && conda->type == NodeType::Object)
        environment.conda = to_ordered_json(*conda);
    if (conda != nullptr && conda->type == NodeType::String) environment.conda_path = conda->text;
    if (const auto* build = node.find("build")) {
        environment.build =
            BuildContext{text_at(*build, "path").value_or(""), text_at(*build, "dockerfile_path")};
    }
    return environment;
}

}  // namespace

Input read_input(const Node& node) {
    if (node.type != NodeType::Object) return LiteralInput{literal_text(node)};
    const auto* value = node.find("value");
    if (value != nullptr && node.find("path") == nullptr) return LiteralInput{literal_text(*value)};
    DataInput input;
    input.rest = to_rest(node, shared::input_schema);
    input.type = input.rest.at("jobInputType").get<std::string>();
    input.path = text_at(node, "path").value_or("");
    input.datastore = text_at(node, "datastore");
    return input;
}

void read_basics(const Node& root, const ObjectSchema& schema, JobBasics& job) {
    job.name = text_at(root, "name");
    job.display_name = text_at(root, "display_name");
    job.experiment_name = text_at(root, "experiment_name");
    if (const auto compute = text_at(root, "compute"))
        job.compute = std::get<ComputeReference>(parse_compute_reference(*compute));
    job.rest = to_rest(root, schema);
}

std::map<std::string, Input> read_inputs(const Node& root) {
    std::map<std::string, Input> inputs;
    const auto* written = root.find("inputs");
    if (written == nullptr) return inputs;
    for (const auto& member : written->members) inputs[member.key] = read_input(member.value);
    return inputs;
}

Program read_program(const Node& object, const std::string& place) {
    return {text_at(object, "command").value_or(""),
            text_at(object, "code"),
            read_environment(*object.find("environment")),
            place,
            read_nodes(object, place)};
}

WantedNodes read_nodes(const Node& object, const std::string& place) {
    const auto* resources = object.find("resources");
    const auto* count = resources != nullptr ? resources->find("instance_count") : nullptr;
    if (count == nullptr || count->type != NodeType::Number) return {};
    return {to_json(*count).get<std::int64_t>(), join_key(place, "resources.instance_count")};
}

}  // namespace aml::runconfig
