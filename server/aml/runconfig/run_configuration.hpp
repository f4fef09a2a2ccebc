#pragma once

#include "runconfig/diagnostic.hpp"
#include "runconfig/document.hpp"
#include "runconfig/job.hpp"
#include "runconfig/setting.hpp"
#include "runconfig/sweep_wish.hpp"
#include "support/localize.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aml::runconfig {

/// What a text says and what is wrong with it.
struct Analysis {
    std::shared_ptr<const Document> document;
    /// Absent while there is an error in what it says. A type of job that this version does not
    /// submit is an error, and read nevertheless.
    std::optional<Job> job;
    /// In the order of the text.
    std::vector<Diagnostic> diagnostics;

    bool has_errors() const;
};

/// Reads and checks a run configuration without touching any file.
Analysis analyse(std::shared_ptr<const Document> document);
Analysis analyse(std::string text, Syntax syntax = Syntax::Json);

/// Checks what the job names on disk, relative to `file`: the code folder exists, is a folder and
/// is readable, the script the command starts lies in it, conda file, build context and local
/// inputs exist and can be read. Touches the disk: call it on the blocking pool. `analysis` must
/// have a job.
std::vector<Diagnostic> check_files(const Analysis& analysis, const std::filesystem::path& file);

/// A run configuration ready to submit.
struct RunConfiguration {
    std::filesystem::path file;
    /// Of a type that this version submits.
    Job job;
    /// Never errors.
    std::vector<Diagnostic> warnings;
    /// What it was read from, and what stands for parts of that.
    std::shared_ptr<const Document> document{};
    std::vector<Setting> settings{};
};

/// Checks `text` as the contents of `file`, whose name says the language, and what it names on
/// disk. Blocking.
/// With `settings`, which stand for what is in the file, and as the sweep that is wished for, if
/// any. Throws: Rejected with every error as `file:line:column: key: message`, one a line, of a
/// setting as `--set key=value: message`; InvalidParams for a setting that leads nowhere.
RunConfiguration check(std::string text,
                       std::filesystem::path file,
                       const std::vector<Setting>& settings = {},
                       const std::optional<SweepWish>& sweep = std::nullopt);

/// Reads `file` and checks it. Blocking. Throws: NotFound; Unavailable when it cannot be read;
/// Rejected and InvalidParams as `check`.
RunConfiguration load(std::filesystem::path file,
                      const std::vector<Setting>& settings = {},
                      const std::optional<SweepWish>& sweep = std::nullopt);

/// What is wrong with the value of a key, with the place where it was said: `file:line:column: key:
/// message`, or `--set key=value: message`.
std::string located(const RunConfiguration& configuration,
                    const std::string& key,
                    std::string message);

/// A cluster cannot have so many nodes, in words.
LocalizedText too_many_nodes(std::int64_t wanted, std::string_view compute, std::int64_t most);

/// What a job runs somewhere, and the file that its paths are relative to: the configuration's own,
/// or that of a component.
struct PlacedProgram {
    const Program* program = nullptr;
    std::filesystem::path file{};
};

/// All of a job: one, or those of a pipeline's steps but for components that Azure has. Points into
/// the configuration.
std::vector<PlacedProgram> programs_of(const RunConfiguration& configuration);

/// Absolute folder to upload for a program, as below.
std::optional<std::filesystem::path> code_folder(const PlacedProgram& program);

/// Absolute folder to upload (`code` against the file's folder, normalised); absent when the job
/// has no code, or it is an asset reference or an address.
std::optional<std::filesystem::path> code_folder(const RunConfiguration& configuration);

/// Whether a path names something on disk: neither an address nor a reference to something in
/// Azure.
bool is_local(std::string_view path);

/// The place of a local path that `file` names, absolute and normalised; without a scheme `file:`.
std::filesystem::path local_path(const std::filesystem::path& file, std::string_view path);

/// `train.py` -> `train.job.json` in the same folder.
std::filesystem::path configuration_path(const std::filesystem::path& script);

/// The script a configuration is for: the first Python file its command starts, else the `.py`
/// beside it of the same name. Absent when neither exists. Touches the disk.
std::optional<std::filesystem::path> script_of(const RunConfiguration& configuration);

/// Whether a file is called like one: its name ends in `.job.json`, `.job.yml` or `.job.yaml`.
bool is_run_configuration(std::string_view path);

/// Whether a document is one: it is called so, or has a `$schema` of Azure ML, or is YAML with the
/// `type` of a job and what such a job runs; and it does not say that it is something else.
bool is_run_configuration(std::string_view path, const Document& document);

/// The same of a file on the disk, of which JSON is only known by its name. Blocking; false for
/// what cannot be read.
bool is_run_configuration_file(const std::filesystem::path& file);

/// Whether a text of this language may be one, at a glance: most files of an editor are not.
bool may_be_run_configuration(std::string_view text, Syntax syntax);

}  // namespace aml::runconfig
