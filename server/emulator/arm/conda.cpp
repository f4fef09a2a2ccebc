#include "arm/conda.hpp"

#include "support/error.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

namespace aml::emulator {
namespace {

using nlohmann::ordered_json;

/// Aliases let a small text stand for a huge tree; a real conda file is far below these.
constexpr int deepest = 16;
constexpr int most_nodes = 5000;

[[noreturn]] void reject_conda(std::string_view why) {
    throw aml::Error(ErrorKind::Rejected, fmt::format("The conda file is not valid: {}.", why));
}

ordered_json convert(const YAML::Node& node, int depth, int& count) {
    if (depth > deepest || ++count > most_nodes) reject_conda("it is too big");
    if (node.IsNull()) return nullptr;
    if (node.IsScalar()) return node.Scalar();
    if (node.IsSequence()) {
        auto list = ordered_json::array();
        for (const auto& item : node) list.push_back(convert(item, depth + 1, count));
        return list;
    }
    auto object = ordered_json::object();
    for (const auto& item : node) {
        if (!item.first.IsScalar()) reject_conda("a key is not a text");
        object[item.first.Scalar()] = convert(item.second, depth + 1, count);
    }
    return object;
}

}  // namespace

std::string conda_as_json(std::string_view yaml) {
    ordered_json document;
    try {
        int count = 0;
        document = convert(YAML::Load(std::string(yaml)), 0, count);
    } catch (const YAML::Exception& error) {
        reject_conda(fmt::format("line {}: {}", error.mark.line + 1, error.msg));
    }
    if (!document.is_object()) reject_conda("a mapping with 'dependencies' is expected");
    const auto found = document.find("dependencies");
    if (found == document.end() || !found->is_array())
        reject_conda("'dependencies' must be a list");
    return document.dump(2);
}

}  // namespace aml::emulator
