#include "runconfig/package_files.hpp"

#include "support/error.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

namespace aml::runconfig {

namespace {

[[noreturn]] void reject(std::string message) {
    throw Error(ErrorKind::Rejected, std::move(message));
}

std::string place(const YAML::Mark& mark) {
    if (mark.is_null()) return {};
    return fmt::format("line {}, column {}: ", mark.line + 1, mark.column + 1);
}

std::string scalar(const YAML::Node& node, std::string_view what) {
    if (!node.IsScalar() || node.Scalar().empty()) {
        reject(fmt::format("{}{} must be text.", place(node.Mark()), what));
    }
    return node.Scalar();
}

void read_pip(const YAML::Node& entry, PackageList& packages) {
    if (entry.size() != 1 || !entry["pip"]) {
        reject(fmt::format("{}only “pip” may hold a list inside “dependencies”.",
                           place(entry.Mark())));
    }
    if (!packages.pip.empty()) reject(fmt::format("{}“pip” is there twice.", place(entry.Mark())));
    const auto list = entry["pip"];
    if (list.IsNull()) return;
    if (!list.IsSequence()) reject(fmt::format("{}“pip” must be a list.", place(list.Mark())));
    for (const auto& item : list) packages.pip.push_back(scalar(item, "a pip package"));
}

void read_list(const YAML::Node& list, std::string_view what, std::vector<std::string>& into) {
    if (!list.IsSequence()) reject(fmt::format("{}“{}” must be a list.", place(list.Mark()), what));
    for (const auto& item : list)
        into.push_back(scalar(item, fmt::format("an entry of “{}”", what)));
}

void read_entry(const std::string& key, const YAML::Node& value, PackageList& packages) {
    if (key == "name") {
        packages.name = scalar(value, "“name”");
    } else if (key == "channels" && !value.IsNull()) {
        read_list(value, key, packages.channels);
    } else if (key == "dependencies" && !value.IsNull()) {
        if (!value.IsSequence())
            reject(fmt::format("{}“dependencies” must be a list.", place(value.Mark())));
        for (const auto& item : value) {
            if (item.IsMap()) {
                read_pip(item, packages);
            } else {
                packages.conda.push_back(scalar(item, "a package"));
            }
        }
    } else if (key != "prefix" && key != "variables" && key != "channels" &&
               key != "dependencies") {
        reject(fmt::format(
            "{}“{}” is not part of a conda specification (name, channels, dependencies).",
            place(value.Mark()),
            key));
    }
}

}  // namespace

PackageList parse_conda(std::string_view text) {
    YAML::Node root;
    try {
        root = YAML::Load(std::string(text));
    } catch (const YAML::Exception& error) {
        reject(fmt::format("{}this is not YAML: {}.", place(error.mark), error.msg));
    }
    if (!root.IsMap()) reject("Expected a conda specification with “dependencies”.");
    PackageList packages;
    for (const auto& entry : root) read_entry(scalar(entry.first, "a key"), entry.second, packages);
    if (!root["dependencies"]) reject("Expected a conda specification with “dependencies”.");
    return packages;
}

nlohmann::ordered_json to_json(const PackageList& packages) {
    nlohmann::ordered_json specification = nlohmann::ordered_json::object();
    if (packages.name) specification["name"] = *packages.name;
    specification["channels"] = packages.channels;
    auto dependencies = nlohmann::ordered_json::array();
    for (const auto& package : packages.conda) dependencies.push_back(package);
    if (!packages.pip.empty()) {
        nlohmann::ordered_json pip = nlohmann::ordered_json::object();
        pip["pip"] = packages.pip;
        dependencies.push_back(std::move(pip));
    }
    specification["dependencies"] = std::move(dependencies);
    return specification;
}

PackageList from_json(const nlohmann::ordered_json& specification) {
    // Flow-style YAML is a superset of JSON as far as conda files go.
    return parse_conda(specification.dump());
}

namespace {

constexpr std::array conda_names{"conda.yml",
                                 "conda.yaml",
                                 "conda_dependencies.yml",
                                 "conda_dependencies.yaml",
                                 "conda-env.yml",
                                 "conda-env.yaml",
                                 "conda_env.yml",
                                 "conda_env.yaml",
                                 "environment.yml",
                                 "environment.yaml"};

bool is_requirements_name(std::string_view name) {
    return name.starts_with("requirements") && name.ends_with(".txt");
}

}  // namespace

std::vector<PackageFile> find_package_files(const std::filesystem::path& folder) {
    std::vector<PackageFile> found;
    std::error_code failed;
    for (auto entry = std::filesystem::directory_iterator(folder, failed);
         !failed && entry != end(entry);
         entry.increment(failed)) {
        std::error_code ignored;
        if (!entry->is_regular_file(ignored)) continue;
        const auto name = entry->path().filename().string();
        if (std::find(conda_names.begin(), conda_names.end(), name) != conda_names.end()) {
            found.push_back({entry->path(), PackageFile::Format::Conda});
        } else if (is_requirements_name(name)) {
            found.push_back({entry->path(), PackageFile::Format::Requirements});
        }
    }
    std::sort(
        found.begin(), found.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    return found;
}

PackageList read_package_file(const PackageFile& file) {
    std::error_code ignored;
    if (!std::filesystem::exists(file.path, ignored)) {
        throw Error(ErrorKind::NotFound, fmt::format("{} does not exist.", file.path.string()));
    }
    std::ifstream stream(file.path, std::ios::binary);
    std::stringstream text;
    text << stream.rdbuf();
    if (!stream || std::filesystem::is_directory(file.path, ignored)) {
        throw Error(ErrorKind::Unavailable, fmt::format("{} cannot be read.", file.path.string()));
    }
    try {
        return file.format == PackageFile::Format::Conda ? parse_conda(text.str())
                                                         : parse_requirements(text.str());
    } catch (const Error& error) {
        throw error.with_context(file.path.filename().string());
    }
}

}  // namespace aml::runconfig
