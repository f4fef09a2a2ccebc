#include "execution/environment_plan.hpp"

#include "support/error.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>
#include <openssl/sha.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace aml::execution {

namespace {

// Conda packages that pip does not have or does not need.
constexpr std::array<std::string_view, 14> not_for_pip{"pip",
                                                       "setuptools",
                                                       "wheel",
                                                       "cudatoolkit",
                                                       "cudnn",
                                                       "pytorch-cuda",
                                                       "cpuonly",
                                                       "gcc",
                                                       "gxx",
                                                       "openmpi",
                                                       "openjdk",
                                                       "openssl",
                                                       "libgcc",
                                                       "git"};

constexpr std::array<std::pair<std::string_view, std::string_view>, 3> pip_names{
    {{"pytorch", "torch"}, {"tensorflow-gpu", "tensorflow"}, {"py-xgboost", "xgboost"}}};

struct CondaPackage {
    std::string name;
    /// As pip writes it: `==1.2.*`, `>=1.2`; "" for any.
    std::string version;
};

bool is_version_sign(char c) {
    return c == '=' || c == '<' || c == '>' || c == '!' || c == '~';
}

// `channel::name=1.2=build`, `name>=1.2`, `name 1.2.*`, `name==1.2`.
CondaPackage read_package(std::string text) {
    if (const auto channel = text.find("::"); channel != std::string::npos)
        text.erase(0, channel + 2);
    const auto end = text.find_first_of("=<>!~ ");
    CondaPackage package{text.substr(0, end), ""};
    if (end == std::string::npos) return package;
    auto version = text.substr(end);
    std::erase(version, ' ');
    const bool single = version.size() > 1 && version[0] == '=' && version[1] != '=';
    if (single) {
        version = version.substr(1, version.find('=', 1) - 1);
        package.version = version.ends_with("*") ? "==" + version : "==" + version + ".*";
    } else {
        package.version = is_version_sign(version.front()) ? version : "==" + version;
    }
    return package;
}

// `==3.11.*` and `>=3.8` are both a wish that a minor version answers.
std::string minor_version(const std::string& version) {
    const auto start = version.find_first_of("0123456789");
    if (start == std::string::npos) return "";
    const auto dot = version.find('.', start);
    if (dot == std::string::npos) return "";
    const auto end = version.find_first_not_of("0123456789", dot + 1);
    return version.substr(start, end - start);
}

void add_package(EnvironmentPlan& plan, const std::string& text) {
    auto package = read_package(text);
    if (package.name == "python") {
        plan.python_version = minor_version(package.version);
        return;
    }
    if (std::ranges::find(not_for_pip, package.name) != not_for_pip.end()) {
        if (package.name != "pip" && package.name != "setuptools" && package.name != "wheel") {
            plan.notes.push_back(
                fmt::format("The conda package '{}' is left out: pip has no such package.", text));
        }
        return;
    }
    for (const auto& [conda, pip] : pip_names) {
        if (package.name == conda) package.name = pip;
    }
    plan.requirements.push_back(package.name + package.version);
    plan.notes.push_back(fmt::format(
        "The conda package '{}' is installed with pip as '{}'.", text, plan.requirements.back()));
}

void add_pip(EnvironmentPlan& plan, const YAML::Node& lines) {
    if (!lines.IsSequence())
        throw Error(ErrorKind::Rejected,
                    localize("The conda file's 'pip' must be a list of packages."));
    for (const auto& line : lines) {
        if (!line.IsScalar())
            throw Error(ErrorKind::Rejected,
                        localize("The conda file's 'pip' list must hold texts."));
        plan.requirements.push_back(line.as<std::string>());
    }
}

void add_dependencies(EnvironmentPlan& plan, const YAML::Node& dependencies) {
    if (!dependencies.IsDefined() || dependencies.IsNull()) return;
    if (!dependencies.IsSequence()) {
        throw Error(ErrorKind::Rejected,
                    localize("The conda file's 'dependencies' must be a list."));
    }
    for (const auto& dependency : dependencies) {
        if (dependency.IsScalar()) {
            add_package(plan, dependency.as<std::string>());
        } else if (dependency.IsMap() && dependency["pip"]) {
            add_pip(plan, dependency["pip"]);
        } else {
            throw Error(ErrorKind::Rejected,
                        localize("The conda file's 'dependencies' may hold package names and one "
                                 "'pip' list only."));
        }
    }
}

}  // namespace

std::string EnvironmentPlan::key() const {
    const auto text = fmt::format("1\n{}\n{}", python_version, fmt::join(requirements, "\n"));
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    ::SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
    return fmt::format("{:02x}", fmt::join(digest.begin(), digest.begin() + 16, ""));
}

EnvironmentPlan plan_environment(std::string_view conda_file) {
    EnvironmentPlan plan;
    if (conda_file.empty()) return plan;
    try {
        const auto document = YAML::Load(std::string(conda_file));
        if (document.IsNull()) return plan;
        if (!document.IsMap())
            throw Error(ErrorKind::Rejected, localize("The conda file must be a mapping."));
        add_dependencies(plan, document["dependencies"]);
    } catch (const YAML::Exception& error) {
        throw Error(ErrorKind::Rejected,
                    localize("The conda file is not valid YAML: {}.", error.what()));
    }
    return plan;
}

}  // namespace aml::execution
