#include "core/step_binding.hpp"

#include "core/text.hpp"

#include <algorithm>

namespace aml::emulator {

namespace {

std::vector<std::string> dotted_parts(std::string text) {
    std::erase(text, ' ');
    std::vector<std::string> parts;
    for (std::size_t begin = 0;;) {
        const auto end = text.find('.', begin);
        parts.push_back(text.substr(begin, end == std::string::npos ? end : end - begin));
        if (end == std::string::npos) return parts;
        begin = end + 1;
    }
}

}  // namespace

std::optional<StepBinding> step_binding(std::string_view text) {
    constexpr std::string_view open = "${{";
    constexpr std::string_view close = "}}";
    if (text.find(open) == std::string_view::npos) return std::nullopt;
    StepBinding binding;
    if (!text.starts_with(open) || !text.ends_with(close)) return binding;
    text.remove_prefix(open.size());
    text.remove_suffix(close.size());
    const auto parts = dotted_parts(std::string(text));
    if (parts.size() == 3 && parts[0] == "parent" &&
        (parts[1] == "inputs" || parts[1] == "outputs"))
        return StepBinding{parts[1], {}, parts[2]};
    if (parts.size() == 5 && parts[0] == "parent" && parts[1] == "jobs" && parts[3] == "outputs")
        return StepBinding{parts[1], parts[2], parts[4]};
    return binding;
}

std::vector<std::pair<std::string, StepBinding>> bindings_of(const json& step, const char* member) {
    std::vector<std::pair<std::string, StepBinding>> found;
    const auto ports = step.find(member);
    if (ports == step.end() || !ports->is_object()) return found;
    for (const auto& [name, port] : ports->items()) {
        if (auto binding = step_binding(text_at(port, "value")))
            found.emplace_back(name, std::move(*binding));
    }
    return found;
}

std::vector<std::string> needs_of(const json& step) {
    std::vector<std::string> needs;
    for (auto& [name, binding] : bindings_of(step, "inputs")) {
        if (binding.group == "jobs") needs.push_back(std::move(binding.step));
    }
    return needs;
}

}  // namespace aml::emulator
