#include "runconfig/assist.hpp"
#include "runconfig/job_types.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace aml::runconfig {

namespace {

std::string describe_key(const KeySchema& key, std::string_view name) {
    const auto heading =
        key.required ? localize("**{}** (required)", name).shown() : fmt::format("**{}**", name);
    auto text = fmt::format("{}\n\n{}", heading, localize(key.doc));
    if (!key.values.empty()) {
        text += "\n";
        for (const auto& value : key.values)
            text += fmt::format("\n- `{}`: {}", value.value, localize(value.doc));
    }
    return text;
}

const EnumValue* choice_of(const KeySchema& key, const Node* value) {
    if (value == nullptr || value->type != NodeType::String) return nullptr;
    const auto found =
        std::find_if(key.values.begin(), key.values.end(), [&](const EnumValue& choice) {
            return choice.value == value->text;
        });
    return found == key.values.end() ? nullptr : &*found;
}

std::vector<std::string_view> names_of(const std::vector<KnownName>& known, bool registry) {
    std::vector<std::string_view> names;
    for (const auto& entry : known) {
        if (entry.reference.starts_with("azureml://registries/") == registry)
            names.push_back(entry.name);
    }
    return names;
}

bool contains(const std::vector<std::string_view>& names, std::string_view name) {
    return std::any_of(
        names.begin(), names.end(), [&](std::string_view known) { return same_name(known, name); });
}

void warn(const Analysis& analysis,
          const std::vector<std::string>& key,
          const LocalizedText& problem,
          const std::string& name,
          const std::vector<std::string_view>& known,
          std::vector<Diagnostic>& found) {
    const auto* node = analysis.document->at(key);
    if (node == nullptr || contains(known, name)) return;
    const auto similar = nearest(name, known);
    const auto hint = similar.empty() ? LocalizedText() : localize("Did you mean “{}”?", similar);
    found.push_back({analysis.document->index().range(node->span),
                     Severity::Warning,
                     "reference",
                     sentences(problem, hint),
                     fmt::format("{}", fmt::join(key, "."))});
}

void check_nodes(const Analysis& analysis,
                 const KnownNames& known,
                 std::vector<Diagnostic>& found) {
    const auto& compute = basics_of(*analysis.job).compute;
    const auto* program = program_of(*analysis.job);
    if (program == nullptr || !known.computes || compute.kind != ComputeReference::Kind::Name)
        return;
    const auto& nodes = program->nodes;
    for (const auto& one : *known.computes) {
        const bool is_too_small = one.most_nodes && nodes.count > *one.most_nodes;
        if (!is_too_small || !same_name(one.name, compute.name)) continue;
        const auto* node = analysis.document->at_key(nodes.key);
        if (node == nullptr) return;
        found.push_back({analysis.document->index().range(node->span),
                         Severity::Warning,
                         "value",
                         too_many_nodes(nodes.count, one.name, *one.most_nodes),
                         nodes.key});
    }
}

}  // namespace

LocalizedText too_many_nodes(std::int64_t wanted, std::string_view compute, std::int64_t most) {
    return localize(
        "The job asks for {} nodes, and the compute {} has {} at most. Ask for fewer, "
        "raise its maximum, or pick another compute.",
        wanted,
        compute,
        most);
}

std::optional<Explanation> explain(const Document& document, std::size_t offset) {
    const auto cursor = document.cursor(offset);
    const bool somewhere =
        cursor.place != Cursor::Place::Elsewhere && cursor.replace.begin < cursor.replace.end;
    const auto* schema = somewhere ? schema_at(document.root(), cursor.container) : nullptr;
    const auto* key = schema != nullptr ? schema->find(cursor.key) : nullptr;
    if (key == nullptr) return std::nullopt;
    Explanation result;
    result.range = document.index().range(cursor.replace);
    const auto* choice = cursor.place == Cursor::Place::Value
                             ? choice_of(*key, cursor.node->find(cursor.key))
                             : nullptr;
    result.markdown = choice != nullptr
                          ? fmt::format("**{}**\n\n{}", choice->value, localize(choice->doc))
                          : describe_key(*key, cursor.key);
    return result;
}

std::vector<Diagnostic> check_names(const Analysis& analysis, const KnownNames& known) {
    std::vector<Diagnostic> found;
    if (!analysis.job) return found;
    const auto& compute = basics_of(*analysis.job).compute;
    if (known.computes && compute.kind == ComputeReference::Kind::Name) {
        warn(analysis,
             {"compute"},
             localize("The workspace has no compute “{}”.", compute.name),
             compute.name,
             names_of(*known.computes, false),
             found);
    }
    check_nodes(analysis, known, found);
    const auto* program = program_of(*analysis.job);
    const auto* environment =
        program != nullptr ? std::get_if<AssetReference>(&program->environment) : nullptr;
    if (environment == nullptr || !known.environments) return found;
    const bool of_registry = environment->kind == AssetReference::Kind::Registry;
    const auto names = names_of(*known.environments, of_registry);
    // Azure ML expands its curated names, and other registries are not listed.
    const bool checkable = of_registry ? environment->registry == "azureml" && !names.empty()
                                       : environment->kind == AssetReference::Kind::Workspace &&
                                             !environment->name.starts_with("AzureML-");
    const auto problem =
        of_registry ? localize("Azure ML's registry has no environment “{}”.", environment->name)
                    : localize("The workspace has no environment “{}”.", environment->name);
    std::vector<std::string> key{"environment"};
    if (!program->place.empty()) key.insert(key.begin(), program->place);
    if (checkable) warn(analysis, key, problem, environment->name, names, found);
    return found;
}

}  // namespace aml::runconfig
