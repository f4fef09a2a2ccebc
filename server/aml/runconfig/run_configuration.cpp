#include "runconfig/run_configuration.hpp"

#include "runconfig/checker.hpp"
#include "runconfig/component.hpp"
#include "runconfig/job_types.hpp"
#include "runconfig/other_kind.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/unicode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <utility>

namespace aml::runconfig {

namespace {

void report_other_kind(const OtherKind& kind, Findings& findings) {
    const auto problem = localize("This is {}, not a job of Azure ML.", kind.what);
    const auto remedy = kind.cli_group.empty()
                            ? LocalizedText()
                            : localize("Create it with “az ml {} create”.", kind.cli_group);
    findings.error(kind.value->span, "notAJob", std::string(kind.key), sentences(problem, remedy));
}

/// Checks a document, and reads the job that it says.
void read_root(const Node& root, Findings& findings, std::optional<Job>& job) {
    if (root.type == NodeType::Missing) return;
    if (root.type != NodeType::Object) {
        const auto problem =
            findings.document().syntax() == Syntax::Json
                ? localize("A run configuration is an object: {{ \"type\": \"command\", … }}.")
                : localize("A run configuration is a mapping: a line “type: command”, and others.");
        findings.error(root.span, "type", "", problem);
        return;
    }
    if (const auto other = other_kind(root)) {
        report_other_kind(*other, findings);
        return;
    }
    const auto said = said_type(root);
    if (said.type == nullptr) {
        findings.error(said.where->span,
                       "unsupportedType",
                       "type",
                       localize("Jobs of the type “{}” are not supported yet. Use \"command\", "
                                "or submit this file with “az ml job create”.",
                                said.word));
        return;
    }
    check_schema(root, said.type->schema, "", findings);
    said.type->check(root, findings);
    if (findings.has_errors()) return;
    job = said.type->read(root);
}

/// A diagnostic for a terminal: where in the file, or which setting it is about.
std::string described(const RunConfiguration& configuration, const Diagnostic& diagnostic) {
    for (const auto& setting : configuration.settings) {
        if (is_about(setting, diagnostic.key, *configuration.document))
            return fmt::format("--set {}: {}", to_string(setting), diagnostic.message);
    }
    return format(configuration.file, diagnostic);
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
    const auto unreadable = [&file] {
        return Error(
            ErrorKind::Unavailable,
            localize("{} cannot be read. Check that it is a file you may read.", file.string()));
    };
    if (!std::filesystem::is_regular_file(status)) throw unreadable();
    if (std::filesystem::file_size(file, failed) > largest) {
        throw Error(ErrorKind::Rejected,
                    localize("{} is too large for a run configuration.", file.string()));
    }
    std::ifstream stream(file, std::ios::binary);
    std::stringstream bytes;
    bytes << stream.rdbuf();
    if (!stream) throw unreadable();
    auto text = text_from_bytes(bytes.str());
    if (!text) {
        throw Error(ErrorKind::Rejected,
                    localize("{} is not UTF-8 text. Save it as UTF-8.", file.string()));
    }
    return std::move(*text);
}

}  // namespace

bool Analysis::has_errors() const {
    return std::any_of(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& d) {
        return d.severity == Severity::Error;
    });
}

Analysis analyse(std::shared_ptr<const Document> document) {
    Analysis analysis{std::move(document), std::nullopt, {}};
    Findings findings(*analysis.document);
    for (const auto& problem : analysis.document->problems()) {
        const auto severity = problem.tolerated ? Severity::Warning : Severity::Error;
        findings.add(severity, problem.span, "syntax", "", problem.message);
    }
    const bool is_readable = !findings.has_errors();
    read_root(analysis.document->root(), findings, analysis.job);
    analysis.diagnostics = findings.take();
    // What seems to be missing may stand behind the mistake.
    if (!is_readable)
        std::erase_if(analysis.diagnostics,
                      [](const Diagnostic& d) { return d.code == "missing"; });
    return analysis;
}

Analysis analyse(std::string text, Syntax syntax) {
    return analyse(std::make_shared<const Document>(std::move(text), syntax));
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

std::string located(const RunConfiguration& configuration,
                    const std::string& key,
                    std::string message) {
    const auto& document = configuration.document;
    const auto* node = document ? document->at_key(key) : nullptr;
    if (node == nullptr) return fmt::format("{}: {}", key, message);
    const Diagnostic diagnostic{
        document->index().range(node->span), Severity::Error, "value", std::move(message), key};
    return described(configuration, diagnostic);
}

RunConfiguration check(std::string text,
                       std::filesystem::path file,
                       const std::vector<Setting>& settings,
                       const std::optional<SweepWish>& sweep) {
    auto document = std::make_shared<Document>(std::move(text), syntax_of(file));
    for (const auto& setting : settings) apply(setting, *document);
    if (sweep) make_sweep(*sweep, *document);
    auto analysis = analyse(std::shared_ptr<const Document>(document));
    if (analysis.job) {
        auto more = check_files(analysis, file);
        analysis.diagnostics.insert(analysis.diagnostics.end(), more.begin(), more.end());
    }
    RunConfiguration result{file, {}, {}, document, settings};
    const auto describe = [&](const Diagnostic& diagnostic) {
        for (const auto& search : sweep ? sweep->search : std::vector<Setting>()) {
            if (is_about({"search_space." + search.key, {}}, diagnostic.key, *document))
                return fmt::format("--search {}: {}", to_string(search), diagnostic.message);
        }
        return described(result, diagnostic);
    };
    std::vector<std::string> errors;
    for (const auto& diagnostic : analysis.diagnostics) {
        if (diagnostic.severity == Severity::Error) {
            errors.push_back(describe(diagnostic));
        } else {
            result.warnings.push_back(diagnostic);
        }
    }
    if (!errors.empty())
        throw Error(ErrorKind::Rejected, fmt::format("{}", fmt::join(errors, "\n")));
    result.job = std::move(*analysis.job);
    load_components(result.job, result.file);
    return result;
}

RunConfiguration load(std::filesystem::path file,
                      const std::vector<Setting>& settings,
                      const std::optional<SweepWish>& sweep) {
    auto text = read_text(file);
    return check(std::move(text), std::move(file), settings, sweep);
}

std::filesystem::path configuration_path(const std::filesystem::path& script) {
    auto result = script;
    return result.replace_extension(".job.json");
}

bool is_run_configuration(std::string_view path) {
    return path.ends_with(".job.json") || path.ends_with(".job.yml") || path.ends_with(".job.yaml");
}

bool is_run_configuration(std::string_view path, const Document& document) {
    const auto& root = document.root();
    const bool says_so =
        has_azure_schema(root) || (document.syntax() == Syntax::Yaml && has_shape_of_job(root));
    return (is_run_configuration(path) || says_so) && !other_kind(root);
}

bool is_run_configuration_file(const std::filesystem::path& file) {
    const auto syntax = syntax_of(file);
    if (is_run_configuration(file.string()) || syntax == Syntax::Json)
        return is_run_configuration(file.string());
    try {
        auto text = read_text(file);
        return may_be_run_configuration(text, syntax) &&
               is_run_configuration(file.string(), Document(std::move(text), syntax));
    } catch (const Error&) {
        return false;
    }
}

bool may_be_run_configuration(std::string_view text, Syntax syntax) {
    if (syntax == Syntax::Json) return true;
    constexpr std::size_t largest = 1U << 20U;
    if (text.size() > largest) return false;
    return text.find("azuremlschemas") != std::string_view::npos || text.starts_with("type:") ||
           text.find("\ntype:") != std::string_view::npos;
}

}  // namespace aml::runconfig
