#pragma once

#include "support/localize.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aml::runconfig {

/// The packages of an environment: a conda specification in parts.
struct PackageList {
    std::optional<std::string> name;
    std::vector<std::string> channels;
    /// Conda packages, e.g. "python=3.11", "pip".
    std::vector<std::string> conda;
    /// Lines of pip's part, e.g. "scikit-learn>=1.4".
    std::vector<std::string> pip;
    /// Sections of a conda file that conda does not know, e.g. "platforms".
    std::vector<std::string> ignored{};

    bool operator==(const PackageList&) const = default;
};

/// Reads a conda YAML (or JSON) text. Throws: Rejected naming line and column when it is not YAML,
/// not a conda specification (a mapping whose `dependencies` is a list of texts and at most one
/// `pip` list), or pip needs a file of this machine (`check_pip_line`).
PackageList parse_conda(std::string_view text);

/// What a user should know of a section in `PackageList::ignored`. Source: `conda env create`,
/// which warns of it.
LocalizedText ignored_section(std::string_view section);

/// Reads pip's requirements format: comments, blank lines, continuations and environment markers
/// are understood; option lines (`--index-url …`) are kept as they are.
/// Throws: Rejected naming the line when it needs a file of this machine (`check_pip_line`).
/// The result runs Python `python` from conda-forge.
PackageList parse_requirements(std::string_view text, std::string_view python = "3.11");

/// The conda specification as the value of `conda_file`.
nlohmann::ordered_json to_json(const PackageList& packages);

/// The inverse of `to_json`, for a specification written inline. Throws: Rejected as `parse_conda`.
PackageList from_json(const nlohmann::ordered_json& specification);

/// A conda or requirements file a user may choose from.
struct PackageFile {
    std::filesystem::path path;
    enum class Format { Conda, Requirements };
    Format format = Format::Conda;
};

/// conda.yml, environment.yml, requirements.txt and their usual variants in `folder`, sorted.
/// Blocking.
std::vector<PackageFile> find_package_files(const std::filesystem::path& folder);

/// Reads and parses one. Blocking. Throws: as `read_text_file`, or Rejected with the file's name
/// before what is wrong in it.
PackageList read_package_file(const PackageFile& file);

}  // namespace aml::runconfig
