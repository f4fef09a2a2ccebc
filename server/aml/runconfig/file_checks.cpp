// The checks of a run configuration that look at the disk.
#include "runconfig/checker.hpp"
#include "runconfig/command_line.hpp"
#include "runconfig/component.hpp"
#include "runconfig/package_files.hpp"
#include "runconfig/pipeline_binding.hpp"
#include "runconfig/run_configuration.hpp"
#include "runconfig/script_options.hpp"
#include "runconfig/script_packages.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/system_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <variant>

namespace aml::runconfig {

namespace {

namespace fs = std::filesystem;

bool is_below(const fs::path& path, const fs::path& folder) {
    const auto relative = path.lexically_relative(folder);
    return !relative.empty() && *relative.begin() != "..";
}

std::vector<std::string> parts_of_key(std::string_view key) {
    std::vector<std::string> parts;
    while (!key.empty()) {
        const auto dot = std::min(key.find('.'), key.size());
        parts.emplace_back(key.substr(0, dot));
        key.remove_prefix(std::min(dot + 1, key.size()));
    }
    return parts;
}

class FileChecks final {
public:
    FileChecks(const Analysis& analysis, const fs::path& file)
        : document_(*analysis.document),
          job_(*analysis.job),
          file_(file),
          base_(file),
          findings_(*analysis.document) {}

    std::vector<Diagnostic> run() {
        if (const auto* program = program_of(job_)) check_program(*program);
        if (const auto* pipeline = std::get_if<PipelineJob>(&job_)) check_steps(*pipeline);
        for (const auto& [name, input] : basics_of(job_).inputs) {
            if (const auto* data = std::get_if<DataInput>(&input))
                check_input({"inputs", name, "path"}, *data);
        }
        return findings_.take();
    }

private:
    Span place(const std::vector<std::string>& path) const {
        const auto* node = document_.at(path);
        return node != nullptr ? node->span : Span{};
    }

    /// Where something of the program stands; of a component in a file of its own, where that is
    /// named.
    std::vector<std::string> in_program(std::vector<std::string> path) const {
        if (!component_.empty()) return component_;
        const auto parts = parts_of_key(place_);
        path.insert(path.begin(), parts.begin(), parts.end());
        return path;
    }

    /// Of a component in a file of its own, with the name of that.
    std::string told(std::string message) const {
        return component_.empty() ? message
                                  : fmt::format("{}: {}", base_.filename().string(), message);
    }

    void warn_of_program(const std::vector<std::string>& path,
                         const char* code,
                         std::string message) {
        const auto whole = in_program(path);
        findings_.warning(
            place(whole), code, fmt::format("{}", fmt::join(whole, ".")), told(std::move(message)));
    }

    void error_of_program(const std::vector<std::string>& path, std::string message) {
        error(in_program(path), told(std::move(message)));
    }

    void error(const std::vector<std::string>& path, std::string message) {
        findings_.error(
            place(path), "file", fmt::format("{}", fmt::join(path, ".")), std::move(message));
    }

    /// The text after `path`; nothing when it is a readable folder with something in it.
    std::optional<std::string> folder_problem(const fs::path& folder,
                                              std::string_view written) const {
        std::error_code failed;
        const auto status = fs::status(folder, failed);
        if (!fs::exists(status))
            return localize("The folder “{}” does not exist ({}).", written, folder.string());
        if (!fs::is_directory(status))
            return localize("“{}” is a file: name the folder it is in.", written);
        const fs::directory_iterator entries(folder, failed);
        if (failed)
            return localize("The folder “{}” cannot be read: {}.", written, system_text(failed));
        if (entries == fs::directory_iterator())
            return localize("The folder “{}” is empty.", written);
        return std::nullopt;
    }

    void check_program(const Program& program) {
        place_ = program.place;
        code_.reset();
        script_.reset();
        packages_.reset();
        check_code(program);
        check_script(program);
        check_absolute_paths(program);
        if (const auto* environment = std::get_if<InlineEnvironment>(&program.environment)) {
            check_environment(*environment);
            if (script_ && packages_) check_packages(*script_, *packages_);
        }
    }

    void check_steps(const PipelineJob& pipeline) {
        for (const auto& step : pipeline.steps) {
            if (step.component) {
                check_program(step.component->program);
            } else if (!step.component_file.empty()) {
                check_component_file(step);
            }
            for (const auto& [name, input] : step.inputs) {
                const auto* data = std::get_if<DataInput>(&input);
                if (data != nullptr && !has_binding(data->path))
                    check_input({"jobs", step.name, "inputs", name, "path"}, *data);
            }
        }
        for (const auto& step : pipeline.steps) check_outputs_of_files(step);
    }

    void check_component_file(const PipelineStep& step) {
        const std::vector<std::string> key{"jobs", step.name, "component"};
        const auto file = local_path(file_, step.component_file);
        auto read = read_component_file(file);
        for (auto& problem : read.problems) error(key, std::move(problem));
        if (!read.component) return;
        const auto* node = document_.at({"jobs", step.name});
        check_interface(*node, "jobs." + step.name, read.component->spec, findings_);
        component_ = key;
        base_ = file;
        check_program(read.component->program);
        component_.clear();
        base_ = file_;
        of_files_.emplace(step.name, std::move(*read.component));
    }

    /// What steps take of components in files has to be there.
    void check_outputs_of_files(const PipelineStep& step) {
        for (const auto& [name, input] : step.inputs) {
            const std::vector<std::string> key{"jobs", step.name, "inputs", name};
            const auto* node = document_.at(key);
            const auto* text = node != nullptr ? bound_text(*node) : nullptr;
            const auto binding = text != nullptr ? binding_in(text->text) : std::nullopt;
            if (!binding || binding->kind != Binding::Kind::StepOutput) continue;
            const auto source = of_files_.find(binding->step);
            if (source == of_files_.end() || source->second.has_output(binding->name)) continue;
            findings_.error(
                text->span,
                "reference",
                fmt::format("{}", fmt::join(key, ".")),
                localize("The step “{}” has no output “{}”.", binding->step, binding->name));
        }
    }

    void check_code(const Program& program) {
        if (!program.code || !is_local(*program.code)) return;
        const auto folder = local_path(base_, *program.code);
        if (const auto problem = folder_problem(folder, *program.code)) {
            error_of_program({"code"}, *problem);
        } else {
            code_ = folder;
        }
    }

    void check_script(const Program& program) {
        const auto script = script_in_command(program.command);
        if (!script) return;
        if (!program.code) {
            warn_of_program(
                {"command"},
                "file",
                localize("“{}” is not sent along: add \"code\": \".\" to upload its folder.",
                         script->path));
            return;
        }
        if (!code_) return;
        const auto path = (*code_ / script->path).lexically_normal();
        std::error_code failed;
        if (!is_below(path, *code_)) {
            error_of_program(
                {"command"},
                localize("“{}” is outside the code folder “{}”, so it is not uploaded. Move "
                         "it there, or widen “code”.",
                         script->path,
                         *program.code));
        } else if (!fs::exists(path, failed)) {
            const auto severity = script->only_command ? Severity::Error : Severity::Warning;
            findings_.add(
                severity,
                place(in_program({"command"})),
                "file",
                fmt::format("{}", fmt::join(in_program({"command"}), ".")),
                told(localize(
                    "There is no “{}” in the code folder “{}”.", script->path, *program.code)));
        } else {
            script_ = path;
            check_logging(path);
            check_metric(path);
        }
    }

    /// The container has the code folder, but at another place.
    void check_absolute_paths(const Program& program) {
        const auto folder = program.code ? code_ : local_path(base_, ".");
        if (!folder) return;
        for (const auto& written : absolute_paths(program.command)) {
            const auto path = fs::path(written).lexically_normal();
            std::error_code failed;
            if (!is_below(path, *folder) || !fs::exists(path, failed)) continue;
            warn_of_program(
                {"command"},
                "file",
                localize("“{}” is a path of this machine, which the container does not have: "
                         "write it relative to “code”.",
                         written));
        }
    }

    void check_logging(const fs::path& script) {
        if (script.extension() != ".py" || !may_lose_metrics(read_script(script))) return;
        warn_of_program(
            {"command"},
            "metrics",
            localize("“{}” may end before its metrics have been sent: add “run.flush()” "
                     "as its last line.",
                     script.filename().string()));
    }

    /// A sweep compares by a metric that some trial has to log.
    void check_metric(const fs::path& script) {
        const auto* metric = document_.at({"objective", "primary_metric"});
        if (!std::holds_alternative<SweepJob>(job_) || metric == nullptr) return;
        const auto source = read_script(script);
        const auto logged = logged_metrics(source);
        const bool is_logged =
            std::find(logged.names.begin(), logged.names.end(), metric->text) != logged.names.end();
        if (is_logged || logged.names.empty() || !logged.complete) return;
        // A file beside it may log.
        for (const auto& module : imported_modules(source)) {
            std::error_code failed;
            const auto beside = script.parent_path() / module.substr(0, module.find('.'));
            if (fs::exists(beside, failed) || fs::exists(beside.string() + ".py", failed)) return;
        }
        findings_.warning(metric->span,
                          "metrics",
                          "objective.primary_metric",
                          localize("“{}” logs no “{}”, but {}: trials could not be compared.",
                                   script.filename().string(),
                                   metric->text,
                                   fmt::format("{}", fmt::join(logged.names, ", "))));
    }

    void check_packages(const fs::path& script, const PackageList& packages) {
        if (script.extension() != ".py") return;
        const auto source = read_script(script);
        const auto warn = [this](std::string message) {
            warn_of_program({"environment", "conda_file"}, "packages", std::move(message));
        };
        for (const auto& missing : missing_packages(imported_modules(source), packages)) {
            warn(localize("“{}” imports {}, which needs the package {}: add it to the packages.",
                          script.filename().string(),
                          missing.module,
                          missing.requirement));
        }
        for (auto& conflict : package_conflicts(source, packages)) warn(std::move(conflict));
    }

    void check_environment(const InlineEnvironment& environment) {
        if (environment.conda_path && is_local(*environment.conda_path))
            check_conda_file(local_path(base_, *environment.conda_path));
        if (environment.conda) packages_ = from_json(*environment.conda);
        if (!environment.build || !is_local(environment.build->path)) return;
        const auto folder = local_path(base_, environment.build->path);
        if (const auto problem = folder_problem(folder, environment.build->path)) {
            error_of_program({"environment", "build", "path"}, *problem);
            return;
        }
        const auto dockerfile = environment.build->dockerfile_path.value_or("Dockerfile");
        const auto key = environment.build->dockerfile_path ? "dockerfile_path" : "path";
        std::error_code failed;
        const auto status = fs::status(folder / dockerfile, failed);
        if (fs::is_directory(status)) {
            error_of_program({"environment", "build", key},
                             localize("“{}” is a folder: name a file in it.", dockerfile));
        } else if (!fs::is_regular_file(status)) {
            error_of_program(
                {"environment", "build", key},
                localize("There is no {} in “{}”.", dockerfile, environment.build->path));
        }
    }

    void check_conda_file(const fs::path& conda) {
        try {
            packages_ = read_package_file({conda, PackageFile::Format::Conda});
        } catch (const Error& failure) {
            error_of_program({"environment", "conda_file"}, failure.message());
            return;
        }
        for (const auto& section : packages_->ignored) {
            warn_of_program(
                {"environment", "conda_file"},
                "unknownKey",
                localize("{}: {}", conda.filename().string(), ignored_section(section)));
        }
    }

    void check_input(const std::vector<std::string>& key, const DataInput& input) {
        if (!is_local(input.path)) return;
        const auto path = local_path(file_, input.path);
        std::error_code failed;
        const auto status = fs::status(path, failed);
        if (!fs::exists(status)) {
            error(key, localize("“{}” does not exist ({}).", input.path, path.string()));
        } else if (input.type == "uri_file" && fs::is_directory(status)) {
            error(key, localize("“{}” is a folder: use the type uri_folder.", input.path));
        } else if (input.type == "uri_folder" && !fs::is_directory(status)) {
            error(key, localize("“{}” is a file: use the type uri_file.", input.path));
        }
    }

    const Document& document_;
    const Job& job_;
    const fs::path& file_;
    /// The file that the program's paths are relative to.
    fs::path base_;
    Findings findings_;
    /// The key that holds the program that is looked at.
    std::string place_;
    /// The key that names its file, if it has one of its own.
    std::vector<std::string> component_;
    std::map<std::string, Component> of_files_;
    std::optional<fs::path> code_;
    /// The Python script that the command runs, when it is there.
    std::optional<fs::path> script_;
    /// Of an environment that is written into the configuration.
    std::optional<PackageList> packages_;
};

}  // namespace

bool is_local(std::string_view path) {
    return path.find("://") == std::string_view::npos && !path.starts_with("azureml:") &&
           !path.starts_with("/subscriptions/") && !path.starts_with("git+");
}

fs::path local_path(const fs::path& file, std::string_view path) {
    const std::string_view scheme = "file:";
    if (path.starts_with(scheme)) path.remove_prefix(scheme.size());
    auto result = (fs::absolute(file).parent_path() / path).lexically_normal();
    if (!result.has_filename()) result = result.parent_path();
    return result;
}

std::vector<Diagnostic> check_files(const Analysis& analysis, const std::filesystem::path& file) {
    return FileChecks(analysis, file).run();
}

std::vector<PlacedProgram> programs_of(const RunConfiguration& configuration) {
    std::vector<PlacedProgram> programs;
    if (const auto* program = program_of(configuration.job))
        programs.push_back({program, configuration.file});
    const auto* pipeline = std::get_if<PipelineJob>(&configuration.job);
    if (pipeline == nullptr) return programs;
    for (const auto& step : pipeline->steps) {
        if (!step.component) continue;
        const auto& file = step.component->file;
        programs.push_back({&step.component->program, file.empty() ? configuration.file : file});
    }
    return programs;
}

std::optional<std::filesystem::path> code_folder(const PlacedProgram& program) {
    const auto& code = program.program->code;
    if (!code || !is_local(*code)) return std::nullopt;
    return local_path(program.file, *code);
}

std::optional<std::filesystem::path> code_folder(const RunConfiguration& configuration) {
    const auto* program = program_of(configuration.job);
    if (program == nullptr) return std::nullopt;
    return code_folder(PlacedProgram{program, configuration.file});
}

std::optional<std::filesystem::path> script_of(const RunConfiguration& configuration) {
    std::error_code failed;
    const auto folder = code_folder(configuration);
    const auto* program = program_of(configuration.job);
    const auto script = program != nullptr ? script_in_command(program->command) : std::nullopt;
    if (folder && script) {
        auto path = (*folder / script->path).lexically_normal();
        if (fs::exists(path, failed)) return path;
    }
    if (!is_run_configuration(configuration.file.string())) return std::nullopt;
    auto name = configuration.file.stem().stem().string();
    auto beside = local_path(configuration.file, name + ".py");
    if (fs::exists(beside, failed)) return beside;
    return std::nullopt;
}

}  // namespace aml::runconfig
