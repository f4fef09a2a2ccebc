// pip's requirements format. Source: pip documentation, "Requirements File Format".
#include "runconfig/package_files.hpp"
#include "runconfig/package_spec.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

namespace aml::runconfig {

namespace {

/// A `#` starts a comment at the line's start or after a blank; elsewhere it belongs to an address.
std::string_view without_comment(std::string_view line) {
    for (std::size_t at = 0; (at = line.find('#', at)) != std::string_view::npos; ++at) {
        if (at == 0 || line[at - 1] == ' ' || line[at - 1] == '\t') return line.substr(0, at);
    }
    return line;
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
            if (const auto problem = check_pip_line(requirement))
                throw Error(ErrorKind::Rejected, localize("line {}: {}", first, *problem));
            packages.pip.emplace_back(requirement);
        }
        joined.clear();
    }
    return packages;
}

}  // namespace aml::runconfig
