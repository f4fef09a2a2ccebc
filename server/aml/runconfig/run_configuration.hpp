#pragma once

#include "runconfig/diagnostic.hpp"
#include "runconfig/job.hpp"
#include "runconfig/json_document.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aml::runconfig {

/// What a text says and what is wrong with it.
struct Analysis {
    std::shared_ptr<const JsonDocument> document;
    /// Absent while there is an error in what it says. A type of job that this version does not
    /// submit is an error, and read nevertheless.
    std::optional<Job> job;
    /// In the order of the text.
    std::vector<Diagnostic> diagnostics;

    bool has_errors() const;
};

/// Reads and checks a run configuration without touching any file.
Analysis analyse(std::shared_ptr<const JsonDocument> document);
Analysis analyse(std::string text);

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
};

/// Checks `text` as the contents of `file` and what it names on disk. Blocking.
/// Throws: Rejected with every error as `file:line:column: key: message`, one a line.
RunConfiguration check(std::string text, std::filesystem::path file);

/// Reads `file` and checks it. Blocking. Throws: NotFound; Unavailable when it cannot be read;
/// Rejected as `check`.
RunConfiguration load(std::filesystem::path file);

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

/// Whether a file is called like one: its name ends in `.job.json`.
bool is_run_configuration(std::string_view path);

/// Whether a document is one: it is called so, or has a `$schema` of Azure ML, and does not say
/// that it is something else.
bool is_run_configuration(std::string_view path, const JsonDocument& document);

}  // namespace aml::runconfig
