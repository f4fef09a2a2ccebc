#include "runconfig/run_configuration.hpp"

#include "runconfig/checker.hpp"
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
        findings.error(
            root.span,
            "type",
            "",
            localize("A run configuration is an object: {{ \"type\": \"command\", … }}."));
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
    if (said.type->put != nullptr) return;
    findings.error(said.where->span,
                   "unsupportedType",
                   "type",
                   localize("This version shows runs of the type “{}” and submits command jobs "
                            "only. Submit this file with “az ml job create”.",
                            said.word));
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

Analysis analyse(std::shared_ptr<const JsonDocument> document) {
    Analysis analysis{std::move(document), std::nullopt, {}};
    Findings findings(*analysis.document);
    for (const auto& problem : analysis.document->problems()) {
        const auto severity = problem.tolerated ? Severity::Warning : Severity::Error;
        findings.add(severity, problem.span, "syntax", "", problem.message);
    }
    const bool is_json = !findings.has_errors();
    read_root(analysis.document->root(), findings, analysis.job);
    analysis.diagnostics = findings.take();
    // What seems to be missing may stand behind the mistake.
    if (!is_json)
        std::erase_if(analysis.diagnostics,
                      [](const Diagnostic& d) { return d.code == "missing"; });
    return analysis;
}

Analysis analyse(std::string text) {
    return analyse(std::make_shared<const JsonDocument>(std::move(text)));
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

bool is_run_configuration(std::string_view path) {
    return path.ends_with(".job.json");
}

bool is_run_configuration(std::string_view path, const JsonDocument& document) {
    const auto& root = document.root();
    return (is_run_configuration(path) || has_azure_schema(root)) && !other_kind(root);
}

}  // namespace aml::runconfig
