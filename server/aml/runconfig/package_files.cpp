#include "runconfig/package_files.hpp"

#include "runconfig/package_spec.hpp"
#include "runconfig/text_file.hpp"
#include "support/error.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <utility>

namespace aml::runconfig {

namespace {

/// What conda knows in a file; it leaves out the rest. Source: conda, `conda env create`.
constexpr std::array<std::string_view, 5> conda_sections{
    "name", "channels", "dependencies", "variables", "prefix"};

/// Whether a message says where in the text a fault is.
enum class Places { Told, Untold };

/// Reads a conda specification. Throws: Rejected.
class CondaReader final {
public:
    explicit CondaReader(Places places)
        : places_(places) {}

    PackageList read(std::string_view text) {
        const auto root = load(text);
        const auto incomplete = [&] {
            reject(YAML::Mark::null_mark(),
                   localize("Expected a conda specification with “dependencies”."));
        };
        if (!root.IsMap()) incomplete();
        for (const auto& entry : root)
            read_entry(scalar(entry.first, localize("a key")), entry.second);
        if (!root["dependencies"]) incomplete();
        return std::move(packages_);
    }

private:
    [[noreturn]] void reject(const YAML::Mark& mark, LocalizedText what) const {
        if (places_ == Places::Told && !mark.is_null())
            what = localize("line {}, column {}: {}", mark.line + 1, mark.column + 1, what);
        throw Error(ErrorKind::Rejected, std::move(what));
    }

    YAML::Node load(std::string_view text) const {
        try {
            return YAML::Load(std::string(text));
        } catch (const YAML::Exception& error) {
            reject(error.mark, localize("this is not YAML: {}.", error.msg));
        }
    }

    std::string scalar(const YAML::Node& node, const LocalizedText& what) const {
        if (!node.IsScalar() || node.Scalar().empty())
            reject(node.Mark(), localize("{} must be text.", what));
        return node.Scalar();
    }

    void read_pip(const YAML::Node& entry) {
        if (entry.size() != 1 || !entry["pip"]) {
            reject(entry.Mark(), localize("only “pip” may hold a list inside “dependencies”."));
        }
        if (!packages_.pip.empty()) reject(entry.Mark(), localize("“pip” is there twice."));
        const auto list = entry["pip"];
        if (list.IsNull()) {
            reject(entry.Mark(),
                   localize("“pip:” has no list: name the packages, or write “pip” without the "
                            "colon."));
        }
        check_list(list, "pip");
        for (const auto& item : list) {
            auto line = scalar(item, localize("a pip package"));
            if (auto problem = check_pip_line(line))
                reject(item.Mark(), LocalizedText(std::move(*problem)));
            packages_.pip.push_back(std::move(line));
        }
    }

    void check_list(const YAML::Node& list, std::string_view name) const {
        if (!list.IsSequence()) reject(list.Mark(), localize("“{}” must be a list.", name));
    }

    void read_entry(const std::string& key, const YAML::Node& value) {
        if (key == "name") {
            packages_.name = scalar(value, LocalizedText("“name”"));
        } else if (key == "channels" && !value.IsNull()) {
            check_list(value, key);
            for (const auto& item : value)
                packages_.channels.push_back(scalar(item, localize("an entry of “{}”", key)));
        } else if (key == "dependencies" && !value.IsNull()) {
            check_list(value, key);
            for (const auto& item : value) {
                if (item.IsMap()) {
                    read_pip(item);
                } else {
                    packages_.conda.push_back(scalar(item, localize("a package")));
                }
            }
        } else if (std::find(conda_sections.begin(), conda_sections.end(), key) ==
                   conda_sections.end()) {
            packages_.ignored.push_back(key);
        }
    }

    Places places_;
    PackageList packages_;
};

}  // namespace

PackageList parse_conda(std::string_view text) {
    return CondaReader(Places::Told).read(text);
}

LocalizedText ignored_section(std::string_view section) {
    const auto known = fmt::format("{}", fmt::join(conda_sections, ", "));
    return localize("conda ignores “{}”: the sections it knows are {}.", section, known);
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
    // Flow-style YAML is a superset of JSON as far as conda files go. Places in the text made here
    // would mean nothing to anybody.
    return CondaReader(Places::Untold).read(specification.dump());
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
    const auto text = read_text_file(file.path);
    try {
        return file.format == PackageFile::Format::Conda ? parse_conda(text)
                                                         : parse_requirements(text);
    } catch (const Error& error) {
        throw error.with_context(file.path.filename().string());
    }
}

}  // namespace aml::runconfig
