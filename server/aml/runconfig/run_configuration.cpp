#include "runconfig/run_configuration.hpp"

#include "runconfig/build_job.hpp"
#include "runconfig/checker.hpp"
#include "runconfig/schema.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <utility>

namespace aml::runconfig {

namespace {

/// Job types of the public schemas that are not command jobs.
constexpr std::array other_job_types{"sweep",
                                     "pipeline",
                                     "spark",
                                     "automl",
                                     "import",
                                     "parallel",
                                     "data_transfer",
                                     "finetuning",
                                     "distillation",
                                     "component"};

const Node* string_member(const Node& object, std::string_view key) {
    const auto* node = object.find(key);
    return node != nullptr && node->type == NodeType::String ? node : nullptr;
}

std::string_view last_segment(std::string_view address) {
    return address.substr(address.find_last_of('/') + 1);
}

/// The node that says this is another kind of job, and which; null when it is a command job.
std::pair<const Node*, std::string> other_kind(const Node& root) {
    if (const auto* type = string_member(root, "type")) {
        const auto word = lower(type->text);
        const bool known = std::find(other_job_types.begin(), other_job_types.end(), word) !=
                           other_job_types.end();
        return known ? std::pair(type, word)
                     : std::pair(static_cast<const Node*>(nullptr), std::string());
    }
    const auto* schema = string_member(root, "$schema");
    if (schema == nullptr) return {nullptr, {}};
    const auto file = lower(last_segment(schema->text));
    for (const std::string word : other_job_types) {
        if (file.starts_with(word)) return {schema, word};
    }
    return {nullptr, {}};
}

void check_root(const Node& root, Findings& findings) {
    if (root.type == NodeType::Missing) return;
    if (root.type != NodeType::Object) {
        findings.error(
            root.span,
            "type",
            "",
            localize("A run configuration is an object: {{ \"type\": \"command\", … }}."));
        return;
    }
    const auto [node, word] = other_kind(root);
    if (node != nullptr) {
        findings.error(node->span,
                       "unsupportedType",
                       "type",
                       localize("Jobs of the type “{}” are not supported yet. Use \"command\", "
                                "or submit this file with "
                                "“az ml job create”.",
                                word));
        return;
    }
    check_schema(root, command_job_schema(), "", findings);
    check_rules(root, findings);
}

std::string read_text(const std::filesystem::path& file) {
    constexpr std::uintmax_t largest = 4U << 20U;
    std::error_code failed;
    const auto status = std::filesystem::status(file, failed);
    if (status.type() == std::filesystem::file_type::not_found) {
        throw Error(
            ErrorKind::NotFound,
            localize(
                "There is no run configuration {}. Run the script as an experiment to create one.",
                file.string()));
    }
    const bool regular = std::filesystem::is_regular_file(status);
    if (regular && std::filesystem::file_size(file, failed) > largest) {
        throw Error(ErrorKind::Rejected,
                    localize("{} is too large for a run configuration.", file.string()));
    }
    std::ifstream stream(file, std::ios::binary);
    std::stringstream text;
    text << stream.rdbuf();
    if (!regular || !stream) {
        throw Error(
            ErrorKind::Unavailable,
            localize("{} cannot be read. Check that it is a file you may read.", file.string()));
    }
    return text.str();
}

}  // namespace

bool Analysis::has_errors() const {
    return std::any_of(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& d) {
        return d.severity == Severity::Error;
    });
}

Analysis analyse(std::string text) {
    Analysis analysis{JsonDocument(std::move(text)), std::nullopt, {}};
    Findings findings(analysis.document);
    for (const auto& problem : analysis.document.problems()) {
        const auto severity = problem.tolerated ? Severity::Warning : Severity::Error;
        findings.add(severity, problem.span, "syntax", "", problem.message);
    }
    const bool is_json = !findings.has_errors();
    const auto& root = analysis.document.root();
    check_root(root, findings);
    if (!findings.has_errors()) analysis.job = build_job(root);
    analysis.diagnostics = findings.take();
    // What seems to be missing may stand behind the mistake.
    if (!is_json)
        std::erase_if(analysis.diagnostics,
                      [](const Diagnostic& d) { return d.code == "missing"; });
    return analysis;
}

std::string format(const std::filesystem::path& file, const Diagnostic& diagnostic) {
    const auto key = diagnostic.key.empty() ? std::string() : diagnostic.key + ": ";
    return fmt::format("{}:{}:{}: {}{}",
                       file.filename().string(),
                       diagnostic.range.start.line + 1,
                       diagnostic.range.start.character + 1,
                       key,
                       diagnostic.message);
}

RunConfiguration check(std::string text, std::filesystem::path file) {
    auto analysis = analyse(std::move(text));
    if (analysis.job) {
        auto more = check_files(analysis, file);
        analysis.diagnostics.insert(analysis.diagnostics.end(), more.begin(), more.end());
    }
    std::vector<std::string> errors;
    RunConfiguration result{std::move(file), {}, {}};
    for (const auto& diagnostic : analysis.diagnostics) {
        if (diagnostic.severity == Severity::Error) {
            errors.push_back(format(result.file, diagnostic));
        } else {
            result.warnings.push_back(diagnostic);
        }
    }
    if (!errors.empty())
        throw Error(ErrorKind::Rejected, fmt::format("{}", fmt::join(errors, "\n")));
    result.job = std::move(*analysis.job);
    return result;
}

RunConfiguration load(std::filesystem::path file) {
    auto text = read_text(file);
    return check(std::move(text), std::move(file));
}

std::filesystem::path configuration_path(const std::filesystem::path& script) {
    auto result = script;
    return result.replace_extension(".job.json");
}

bool is_run_configuration(std::string_view path, const JsonDocument& document) {
    if (path.ends_with(".job.json")) return true;
    const auto* schema = string_member(document.root(), "$schema");
    if (schema == nullptr) return false;
    const auto host_start = schema->text.find("://");
    if (host_start == std::string::npos) return false;
    const auto host = std::string_view(schema->text).substr(host_start + 3);
    return host.starts_with("azuremlschemas.azureedge.net/") ||
           host.starts_with("azuremlschemasprod.azureedge.net/");
}

}  // namespace aml::runconfig
