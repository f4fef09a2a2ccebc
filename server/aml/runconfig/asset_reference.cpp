#include "runconfig/asset_reference.hpp"

#include "support/localize.hpp"
#include "support/text.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

namespace aml::runconfig {

namespace {

constexpr std::string_view scheme = "azureml:";

bool is_alphanumeric(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

bool is_name_character(char c) {
    return is_alphanumeric(c) || c == '-' || c == '_';
}

bool starts_ignoring_case(std::string_view text, std::string_view prefix) {
    return text.size() >= prefix.size() && same_name(text.substr(0, prefix.size()), prefix);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    std::size_t start = 0;
    for (;;) {
        const auto end = text.find(separator, start);
        parts.push_back(text.substr(start, end - start));
        if (end == std::string_view::npos) return parts;
        start = end + 1;
    }
}

/// Removes `azureml:` before an ARM id.
std::string_view arm_part(std::string_view text) {
    if (starts_ignoring_case(text, "azureml:/subscriptions/")) text.remove_prefix(scheme.size());
    return text;
}

bool is_arm_id(std::string_view text) {
    return starts_ignoring_case(arm_part(text), "/subscriptions/");
}

/// The segment after `key`; empty when it is not there.
std::string_view segment_after(const std::vector<std::string_view>& segments,
                               std::string_view key) {
    for (std::size_t i = 0; i + 1 < segments.size(); ++i) {
        if (same_name(segments[i], key)) return segments[i + 1];
    }
    return {};
}

using Parsed = std::variant<AssetReference, BadReference>;

BadReference bad(std::string message) {
    return BadReference{std::move(message)};
}

Parsed parse_registry(std::string_view text, std::string_view collection) {
    const auto segments = split(text, '/');
    AssetReference reference;
    reference.kind = AssetReference::Kind::Registry;
    reference.text = std::string(text);
    reference.registry = std::string(segment_after(segments, "registries"));
    reference.name = std::string(segment_after(segments, collection));
    const auto version = segment_after(segments, "versions");
    const auto label = segment_after(segments, "labels");
    if (!version.empty()) reference.version = std::string(version);
    if (version.empty() && !label.empty()) reference.label = std::string(label);
    const bool complete = !reference.registry.empty() && !reference.name.empty() &&
                          (reference.version || reference.label);
    if (complete) return reference;
    return bad(localize("Expected azureml://registries/<registry>/{}/<name>/versions/<version>.",
                        collection));
}

Parsed parse_arm_id(std::string_view text, std::string_view collection) {
    text = arm_part(text);
    const auto segments = split(text, '/');
    AssetReference reference;
    reference.kind = AssetReference::Kind::ArmId;
    reference.text = std::string(text);
    reference.name = std::string(segment_after(segments, collection));
    reference.version = std::string(segment_after(segments, "versions"));
    if (!reference.name.empty() && !reference.version->empty()) return reference;
    return bad(localize(
        "This id is not one of a version: it ends in /{}/<name>/versions/<version>.", collection));
}

Parsed parse_workspace_name(std::string_view text) {
    const auto rest = text.substr(scheme.size());
    AssetReference reference;
    reference.text = std::string(text);
    const auto separator = rest.find_first_of(":@");
    const auto name = rest.substr(0, separator);
    if (const auto problem = name_problem(NameKind::Environment, name)) return bad(*problem);
    reference.name = std::string(name);
    if (separator == std::string_view::npos) {
        return bad(localize(
            "Say which version: \"azureml:{0}:1\", or \"azureml:{0}@latest\" for the newest.",
            name));
    }
    const auto tail = rest.substr(separator + 1);
    const bool readable = !tail.empty() && tail.find_first_of(":@/ ") == std::string_view::npos;
    if (!readable) {
        return bad(localize("“{}” is not a version: write \"azureml:{}:<version>\".", tail, name));
    }
    (rest[separator] == '@' ? reference.label : reference.version) = std::string(tail);
    return reference;
}

}  // namespace

std::variant<AssetReference, BadReference> parse_asset_reference(std::string_view text,
                                                                 std::string_view collection) {
    if (is_arm_id(text)) return parse_arm_id(text, collection);
    if (starts_ignoring_case(text, "azureml://registries/"))
        return parse_registry(text, collection);
    const bool address = text.find("://") != std::string_view::npos;
    if (starts_ignoring_case(text, scheme) && !address) return parse_workspace_name(text);
    if (text.empty())
        return bad(localize("Expected a reference such as \"azureml:<name>:<version>\"."));
    const bool bare_name = std::all_of(text.begin(), text.end(), [](char c) {
        return is_name_character(c) || c == ':' || c == '@' || c == '.';
    });
    if (bare_name) {
        const auto suffix = text.find_first_of(":@") == std::string_view::npos ? "@latest" : "";
        return bad(localize("Put azureml: before the name: \"azureml:{}{}\".", text, suffix));
    }
    return bad(
        localize("“{}” is not a reference: expected \"azureml:<name>:<version>\", "
                 "\"azureml:<name>@latest\", "
                 "\"azureml://registries/…\" or an ARM id.",
                 text));
}

std::variant<ComputeReference, BadReference> parse_compute_reference(std::string_view text) {
    ComputeReference reference;
    if (is_arm_id(text)) {
        const auto id = arm_part(text);
        reference.kind = ComputeReference::Kind::ArmId;
        reference.arm_id = std::string(id);
        reference.name = std::string(segment_after(split(id, '/'), "computes"));
        if (reference.name.empty()) {
            reference.name = std::string(segment_after(split(id, '/'), "virtualclusters"));
        }
        if (!reference.name.empty()) return reference;
        return bad(localize("This id is not one of a compute: it ends in /computes/<name>."));
    }
    auto name = text;
    if (starts_ignoring_case(name, scheme)) name.remove_prefix(scheme.size());
    if (same_name(name, "local")) {
        return bad(localize(
            "Running on this machine is not supported: name a compute of the workspace, for "
            "example "
            "\"azureml:cpu-cluster\", or run the script directly."));
    }
    if (same_name(name, "serverless")) return reference;
    if (const auto problem = name_problem(NameKind::Compute, name)) return bad(*problem);
    reference.kind = ComputeReference::Kind::Name;
    reference.name = std::string(name);
    return reference;
}

namespace {

struct NameRule {
    Localizable what;
    std::size_t longest;
    bool dots;
};

NameRule rule_of(NameKind kind) {
    switch (kind) {
        case NameKind::Experiment:
            return {Localizable("An experiment"), 255, false};
        case NameKind::Compute:
            return {Localizable("A compute"), 255, false};
        case NameKind::Environment:
            return {Localizable("An environment"), 255, true};
        case NameKind::Job:
            return {Localizable("A run"), 255, false};
        case NameKind::Data:
            return {Localizable("A data asset"), 255, false};
        case NameKind::Input:
            break;
    }
    return {Localizable("An input or output"), 255, false};
}

}  // namespace

std::optional<std::string> name_problem(NameKind kind, std::string_view name) {
    const auto rule = rule_of(kind);
    if (name.empty()) return localize("{} needs a name.", localize(rule.what));
    if (name.size() > rule.longest) {
        return localize("{} may have a name of at most {} characters; this one has {}.",
                        localize(rule.what),
                        rule.longest,
                        name.size());
    }
    const auto allowed = [&](char c) { return is_name_character(c) || (rule.dots && c == '.'); };
    const auto bad_character = std::find_if_not(name.begin(), name.end(), allowed);
    if (bad_character != name.end() && rule.dots) {
        return localize(
            "{} cannot be called “{}”: use letters, digits, dots, hyphens and underscores only.",
            localize(rule.what),
            name);
    }
    if (bad_character != name.end()) {
        return localize(
            "{} cannot be called “{}”: use letters, digits, hyphens and underscores only.",
            localize(rule.what),
            name);
    }
    const bool good_start =
        is_alphanumeric(name.front()) || (kind == NameKind::Input && name.front() == '_');
    if (!good_start) {
        return localize("{} cannot be called “{}”: the name starts with a letter or a digit.",
                        localize(rule.what),
                        name);
    }
    return std::nullopt;
}

}  // namespace aml::runconfig
