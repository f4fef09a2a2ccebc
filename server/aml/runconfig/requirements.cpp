// pip's requirements format. Source: pip documentation, "Requirements File Format".
#include "runconfig/package_files.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <array>

namespace aml::runconfig {

namespace {

/// A `#` starts a comment at the line's start or after a blank; elsewhere it belongs to an address.
std::string_view without_comment(std::string_view line) {
    for (std::size_t at = 0; (at = line.find('#', at)) != std::string_view::npos; ++at) {
        if (at == 0 || line[at - 1] == ' ' || line[at - 1] == '\t') return line.substr(0, at);
    }
    return line;
}

bool has_option(std::string_view line, std::string_view option) {
    if (!line.starts_with(option)) return false;
    const auto next = line.size() > option.size() ? line[option.size()] : ' ';
    return next == ' ' || next == '=' || next == '\t' || (option.size() == 2 && option[1] != '-');
}

void refuse_local(std::string_view line, int number) {
    constexpr std::array options{"-r", "--requirement", "-c", "--constraint", "-e", "--editable"};
    for (const auto* option : options) {
        if (!has_option(line, option)) continue;
        throw Error(ErrorKind::Rejected,
                    localize("line {}: “{}” points to another file, which is not there when the "
                             "environment is built in Azure. Write the packages themselves.",
                             number,
                             line));
    }
    const bool path = line.starts_with("./") || line.starts_with("../") || line.starts_with("/") ||
                      line.find("file:") != std::string_view::npos;
    if (path) {
        throw Error(ErrorKind::Rejected,
                    localize("line {}: “{}” is a local path, which is not there when the "
                             "environment is built in Azure. Write the packages themselves.",
                             number,
                             line));
    }
}

}  // namespace

PackageList parse_requirements(std::string_view text, std::string_view python) {
    PackageList packages;
    packages.channels = {"conda-forge"};
    packages.conda = {fmt::format("python={}", python), "pip"};
    std::string joined;
    int number = 0;
    int first = 1;
    while (!text.empty()) {
        const auto end = text.find('\n');
        auto line = trimmed_view(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        ++number;
        if (joined.empty()) first = number;
        const bool continues = line.ends_with('\\') && !line.starts_with('#');
        if (continues) line.remove_suffix(1);
        joined += without_comment(line);
        if (continues && !text.empty()) continue;
        const auto requirement = trimmed_view(joined);
        if (!requirement.empty()) {
            refuse_local(requirement, first);
            packages.pip.emplace_back(requirement);
        }
        joined.clear();
    }
    return packages;
}

}  // namespace aml::runconfig
