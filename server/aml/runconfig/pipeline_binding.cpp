#include "runconfig/pipeline_binding.hpp"

#include "support/text.hpp"

#include <vector>

namespace aml::runconfig {

namespace {

std::vector<std::string_view> parts_of(std::string_view text) {
    std::vector<std::string_view> parts;
    for (;;) {
        const auto dot = text.find('.');
        parts.push_back(trimmed_view(text.substr(0, dot)));
        if (dot == std::string_view::npos) return parts;
        text.remove_prefix(dot + 1);
    }
}

}  // namespace

bool has_binding(std::string_view text) {
    return text.find("${{") != std::string_view::npos;
}

std::optional<Binding> binding_in(std::string_view text) {
    if (!has_binding(text)) return std::nullopt;
    constexpr std::string_view open = "${{";
    constexpr std::string_view close = "}}";
    auto inside = trimmed_view(text);
    Binding binding;
    if (!inside.starts_with(open) || !inside.ends_with(close)) return binding;
    inside.remove_prefix(open.size());
    inside.remove_suffix(close.size());
    const auto parts = parts_of(inside);
    const bool is_of_parent = parts.size() == 3 && parts[0] == "parent";
    if (is_of_parent && parts[1] == "inputs") {
        binding = {Binding::Kind::PipelineInput, {}, std::string(parts[2])};
    } else if (is_of_parent && parts[1] == "outputs") {
        binding = {Binding::Kind::PipelineOutput, {}, std::string(parts[2])};
    } else if (parts.size() == 5 && parts[0] == "parent" && parts[1] == "jobs" &&
               parts[3] == "outputs") {
        binding = {Binding::Kind::StepOutput, std::string(parts[2]), std::string(parts[4])};
    }
    return binding;
}

const Node* bound_text(const Node& value) {
    const auto* text = value.type == NodeType::String ? &value : value.find_text("path");
    return text != nullptr && has_binding(text->text) ? text : nullptr;
}

}  // namespace aml::runconfig
