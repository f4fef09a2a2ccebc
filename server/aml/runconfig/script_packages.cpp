#include "runconfig/script_packages.hpp"

#include "runconfig/package_spec.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <optional>
#include <set>
#include <span>
#include <utility>

namespace aml::runconfig {

namespace {

/// The logical lines of a Python source, without comments, with what stands in a text in several
/// lines left out.
std::vector<std::string_view> code_lines(std::string_view source) {
    std::vector<std::string_view> lines;
    std::string_view closing;
    while (!source.empty()) {
        const auto end = source.find('\n');
        auto line = source.substr(0, end);
        source.remove_prefix(end == std::string_view::npos ? source.size() : end + 1);
        if (!closing.empty()) {
            if (line.find(closing) != std::string_view::npos) closing = {};
            continue;
        }
        for (const std::string_view quotes : {R"(""")", "'''"}) {
            const auto opened = line.find(quotes);
            if (opened == std::string_view::npos) continue;
            if (line.find(quotes, opened + quotes.size()) == std::string_view::npos)
                closing = quotes;
            line = line.substr(0, opened);
            break;
        }
        line = line.substr(0, line.find('#'));
        if (!trimmed_view(line).empty()) lines.push_back(line);
    }
    return lines;
}

std::size_t indentation(std::string_view line) {
    return line.find_first_not_of(" \t");
}

/// The word at the beginning of `text`, a dotted name included; takes it and the blanks behind it.
std::string_view take_word(std::string_view& text) {
    const auto end = std::min(text.find_first_of(" \t,;(\r"), text.size());
    const auto word = text.substr(0, end);
    text = trimmed_view(text.substr(end));
    return word;
}

void add_imports(std::string_view statement, std::vector<std::string>& modules) {
    const auto add = [&modules](std::string_view module) {
        if (module.empty() || module.front() == '.') return;
        if (std::find(modules.begin(), modules.end(), module) == modules.end())
            modules.emplace_back(module);
    };
    const auto keyword = take_word(statement);
    if (keyword == "from") {
        const auto module = take_word(statement);
        if (take_word(statement) == "import") add(module);
        return;
    }
    if (keyword != "import") return;
    while (!statement.empty()) {
        add(take_word(statement));
        const auto comma = statement.find(',');
        if (comma == std::string_view::npos) return;
        statement = trimmed_view(statement.substr(comma + 1));
    }
}

using Names = std::span<const std::string_view>;

constexpr std::array<std::string_view, 8> azureml_core{"azureml-core",
                                                       "azureml-sdk",
                                                       "azureml-defaults",
                                                       "azureml-train-core",
                                                       "azureml-pipeline",
                                                       "azureml-pipeline-core",
                                                       "azureml-automl-core",
                                                       "azureml-widgets"};
constexpr std::array<std::string_view, 1> azure_ai_ml{"azure-ai-ml"};
// azureml-mlflow brings mlflow-skinny.
constexpr std::array<std::string_view, 3> mlflow{"mlflow", "mlflow-skinny", "azureml-mlflow"};
constexpr std::array<std::string_view, 1> azureml_mlflow{"azureml-mlflow"};
constexpr std::array<std::string_view, 4> scikit_learn{
    "scikit-learn", "mlflow", "imbalanced-learn", "scikit-learn-intelex"};
constexpr std::array<std::string_view, 12> torch{"torch",
                                                 "pytorch",
                                                 "torchvision",
                                                 "torchaudio",
                                                 "lightning",
                                                 "pytorch-lightning",
                                                 "accelerate",
                                                 "timm",
                                                 "fastai",
                                                 "ultralytics",
                                                 "sentence-transformers",
                                                 "peft"};
constexpr std::array<std::string_view, 5> tensorflow{
    "tensorflow", "tensorflow-cpu", "tensorflow-gpu", "tf-nightly", "intel-tensorflow"};
constexpr std::array<std::string_view, 4> xgboost{
    "xgboost", "xgboost-cpu", "py-xgboost", "py-xgboost-gpu"};
constexpr std::array<std::string_view, 1> lightgbm{"lightgbm"};

struct KnownModule {
    /// Whoever imports it, or what is below it, ...
    std::string_view module;
    /// ... needs one of these; the first is the one to add.
    Names packages;
};

constexpr std::array<KnownModule, 14> known_modules{{
    {"azureml.core", azureml_core},
    {"azureml.data", azureml_core},
    {"azureml.exceptions", azureml_core},
    {"azureml.train", azureml_core},
    {"azureml.pipeline", azureml_core},
    {"azureml.mlflow", azureml_mlflow},
    {"azure.ai.ml", azure_ai_ml},
    {"mlflow", mlflow},
    {"mlflow", azureml_mlflow},
    {"sklearn", scikit_learn},
    {"torch", torch},
    {"tensorflow", tensorflow},
    {"xgboost", xgboost},
    {"lightgbm", lightgbm},
}};

bool is_within(std::string_view module, std::string_view known) {
    return module == known || (module.starts_with(known) && module[known.size()] == '.');
}

std::set<std::string> package_names(const PackageList& packages) {
    std::set<std::string> names;
    for (const auto& text : packages.conda) names.insert(package_name(text));
    for (const auto& text : packages.pip) names.insert(package_name(text));
    return names;
}

/// The first two numbers of a version, e.g. {3, 12} of "3.12.1".
std::pair<int, int> version_numbers(std::string_view text) {
    std::pair<int, int> version{0, 0};
    const auto* end = text.data() + text.size();
    const auto major = std::from_chars(text.data(), end, version.first);
    if (major.ec == std::errc() && major.ptr != end && *major.ptr == '.')
        std::from_chars(major.ptr + 1, end, version.second);
    return version;
}

/// The Python that `python=3.12` or `python>=3.12` asks for at least.
std::optional<std::pair<int, int>> least_python(const PackageList& packages) {
    for (const auto& text : packages.conda) {
        if (package_name(text) != "python") continue;
        const auto at = text.find_first_of("=>");
        if (at == std::string::npos) return std::nullopt;
        const auto number = text.find_first_of("0123456789", at);
        if (number == std::string::npos) return std::nullopt;
        return version_numbers(std::string_view(text).substr(number));
    }
    return std::nullopt;
}

/// Whether pip may choose version 3 or newer for the requirement.
bool allows_version_3(std::string_view requirement) {
    for (const std::string_view limit : {"==", "~=", "<=", "<"}) {
        const auto at = requirement.find(limit);
        if (at == std::string_view::npos) continue;
        const auto number = requirement.find_first_of("0123456789", at);
        if (number == std::string_view::npos) continue;
        const auto version = version_numbers(requirement.substr(number));
        const std::pair<int, int> three{3, 0};
        return limit == "<" ? version > three : version >= three;
    }
    return true;
}

/// Whether a line of the code, comments left out, has `text`.
bool has_code(std::string_view source, std::string_view text) {
    const auto lines = code_lines(source);
    return std::any_of(lines.begin(), lines.end(), [text](std::string_view line) {
        return line.find(text) != std::string_view::npos;
    });
}

bool may_be_mlflow_3(const PackageList& packages) {
    bool has_mlflow = false;
    for (const auto* list : {&packages.pip, &packages.conda}) {
        for (const auto& text : *list) {
            const auto name = package_name(text);
            if (name != "mlflow" && name != "mlflow-skinny") continue;
            has_mlflow = true;
            if (!allows_version_3(text)) return false;
        }
    }
    // On its own azureml-mlflow brings the newest that it supports.
    return has_mlflow || package_names(packages).contains("azureml-mlflow");
}

}  // namespace

std::string read_script(const std::filesystem::path& script) {
    constexpr std::size_t most = 1U << 20U;
    std::ifstream file(script, std::ios::binary);
    std::string text(most, '\0');
    file.read(text.data(), static_cast<std::streamsize>(most));
    text.resize(static_cast<std::size_t>(file.gcount()));
    return text;
}

std::vector<std::string> imported_modules(std::string_view source) {
    std::vector<std::string> modules;
    // The indentation of the `try:` that the line is inside of.
    std::optional<std::size_t> attempt;
    for (const auto line : code_lines(source)) {
        const auto depth = indentation(line);
        if (attempt && depth <= *attempt) attempt.reset();
        const auto statement = trimmed_view(line);
        if (!attempt && statement.starts_with("try:")) {
            attempt = depth;
        } else if (!attempt) {
            add_imports(statement, modules);
        }
    }
    return modules;
}

std::vector<MissingPackage> missing_packages(const std::vector<std::string>& modules,
                                             const PackageList& packages) {
    const auto installed = package_names(packages);
    std::vector<MissingPackage> missing;
    for (const auto& known : known_modules) {
        const auto imported =
            std::find_if(modules.begin(), modules.end(), [&known](const std::string& module) {
                return is_within(module, known.module);
            });
        if (imported == modules.end()) continue;
        const bool is_there = std::any_of(
            known.packages.begin(), known.packages.end(), [&installed](std::string_view package) {
                return installed.contains(std::string(package));
            });
        const std::string requirement(known.packages.front());
        const bool is_named =
            std::any_of(missing.begin(), missing.end(), [&requirement](const auto& other) {
                return other.requirement == requirement;
            });
        if (!is_there && !is_named) missing.push_back({*imported, requirement});
    }
    return missing;
}

bool may_lose_metrics(std::string_view source) {
    const auto modules = imported_modules(source);
    const bool old_style = std::any_of(modules.begin(), modules.end(), [](const auto& module) {
        return is_within(module, "azureml.core");
    });
    const bool logs = has_code(source, ".log(") || has_code(source, ".log_");
    return old_style && logs && !has_code(source, ".flush(") && !has_code(source, ".complete(");
}

std::vector<std::string> package_conflicts(std::string_view source, const PackageList& packages) {
    std::vector<std::string> conflicts;
    const auto python = least_python(packages);
    if (python && *python >= std::pair(3, 12) && package_names(packages).contains("azureml-core")) {
        conflicts.push_back(localize("azureml-core does not support Python {}.{}: use python=3.11.",
                                     python->first,
                                     python->second));
    }
    if (has_code(source, "autolog(") && may_be_mlflow_3(packages)) {
        conflicts.push_back(localize(
            "With MLflow 3, autolog() loses its metrics in Azure ML, which does not know the "
            "logged models of that version: use mlflow<3."));
    }
    return conflicts;
}

}  // namespace aml::runconfig
