#include "runconfig/package_spec.hpp"

#include "support/localize.hpp"
#include "support/text.hpp"

#include <algorithm>
#include <array>
#include <regex>

namespace aml::runconfig {
namespace {

using Complaint = std::optional<std::string>;

bool is_package_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

std::string_view skip_blanks(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    return text;
}

std::string_view take_name(std::string_view& text) {
    std::size_t length = 0;
    while (length < text.size() && is_package_character(text[length])) ++length;
    const auto name = text.substr(0, length);
    text.remove_prefix(length);
    return name;
}

Complaint check_package_name(std::string_view name, std::string_view text) {
    if (name.empty()) return localize("“{}” does not start with the name of a package.", text);
    if (name.front() == '-' || name.front() == '.' || name.front() == '_') {
        return localize("“{}”: a package name starts with a letter or a digit.", name);
    }
    if (name.back() == '-' || name.back() == '.' || name.back() == '_') {
        return localize("“{}”: a package name ends with a letter or a digit.", name);
    }
    return std::nullopt;
}

Complaint check_extras(std::string_view& rest) {
    if (rest.empty() || rest.front() != '[') return std::nullopt;
    const auto end = rest.find(']');
    if (end == std::string_view::npos)
        return localize("The list of extras is not closed: “]” is missing.");
    auto inside = skip_blanks(rest.substr(1, end - 1));
    while (!inside.empty()) {
        if (take_name(inside).empty())
            return localize("Extras are names separated by commas, as in package[extra1,extra2].");
        inside = skip_blanks(inside);
        if (inside.empty()) break;
        if (inside.front() != ',')
            return localize("Extras are names separated by commas, as in package[extra1,extra2].");
        inside = skip_blanks(inside.substr(1));
    }
    rest = skip_blanks(rest.substr(end + 1));
    return std::nullopt;
}

std::string_view take_operator(std::string_view& text) {
    constexpr std::array<std::string_view, 8> operators{
        "===", "==", "~=", "!=", "<=", ">=", "<", ">"};
    for (const auto op : operators) {
        if (text.substr(0, op.size()) == op) {
            text.remove_prefix(op.size());
            return op;
        }
    }
    return {};
}

/// Whether what an option or a requirement names is an address that any machine can reach.
bool is_address(std::string_view named) {
    const auto end = named.find("://");
    if (end == std::string_view::npos) return false;
    const auto scheme = named.substr(0, end);
    return scheme != "file" && !scheme.ends_with("+file");
}

/// pip puts environment variables of the machine it runs on in, as in `${WHEELS}/a.whl`.
bool has_variable(std::string_view text) {
    return text.find("${") != std::string_view::npos;
}

/// What follows an option that reads a file or folder; nothing when the line has no such option.
std::optional<std::string_view> file_option(std::string_view line) {
    constexpr std::array<std::string_view, 6> options{
        "-r", "--requirement", "-c", "--constraint", "-e", "--editable"};
    for (const auto option : options) {
        if (!line.starts_with(option)) continue;
        const auto rest = line.substr(option.size());
        const bool is_short = option.size() == 2;
        if (is_short || rest.empty() || rest.front() == '=' || is_blank(rest.front()))
            return rest.starts_with('=') ? trimmed_view(rest.substr(1)) : trimmed_view(rest);
    }
    return std::nullopt;
}

/// Whether pip takes the first word of `text` for a file or folder.
bool is_path(std::string_view text) {
    const auto word = text.substr(0, text.find_first_of(" \t;"));
    if (word.empty() || is_address(word) || has_variable(word)) return false;
    if (word.starts_with("file:") || word.find("://") != std::string_view::npos) return true;
    if (word.find_first_of("./~") == 0 || word.find('\\') != std::string_view::npos) return true;
    constexpr std::array<std::string_view, 6> archives{
        ".whl", ".zip", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz"};
    for (const auto archive : archives) {
        if (word.ends_with(archive)) return true;
    }
    return word.find('/') != std::string_view::npos && word.find(':') == std::string_view::npos;
}

// PEP 440, loosely: epoch, release, pre, post, dev, local; a wildcard only for == and !=.
bool is_version(const std::string& version, bool wildcard) {
    static const std::regex pattern(
        R"(v?(\d+!)?\d+(\.\d+)*([-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?\d*)?(-\d+|[-_.]?(post|rev|r)[-_.]?\d*)?([-_.]?dev[-_.]?\d*)?(\+[a-z0-9]+([-_.][a-z0-9]+)*)?)",
        std::regex::icase);
    static const std::regex prefix(R"(v?(\d+!)?\d+(\.\d+)*\.\*)", std::regex::icase);
    return std::regex_match(version, pattern) || (wildcard && std::regex_match(version, prefix));
}

Complaint check_one_version(std::string_view clause, std::string_view text) {
    clause = skip_blanks(clause);
    const auto whole = trimmed(clause);
    const auto op = take_operator(clause);
    if (op.empty()) {
        if (!whole.empty() && whole.front() == '=') {
            return localize(
                "“{}”: pip writes an exact version with two equal signs, as in name==1.2.", text);
        }
        return localize("“{}” is not a version condition such as >=1.2, ==1.2.3 or ~=1.4.", whole);
    }
    const auto version = trimmed(clause);
    if (version.empty()) return localize("A version is missing after “{}”.", op);
    const bool wildcard = op == "==" || op == "!=";
    const bool fine = op == "===" ? version.find_first_of(" \t") == std::string::npos
                                  : is_version(version, wildcard);
    if (!fine) return localize("“{}” is not a version number.", version);
    return std::nullopt;
}

Complaint check_versions(std::string_view clauses, std::string_view text) {
    if (!clauses.empty() && clauses.front() == '(') {
        const auto inside = trimmed(clauses);
        if (inside.back() != ')')
            return localize("The version condition is not closed: “)” is missing.");
        const std::string conditions = inside.substr(1, inside.size() - 2);
        return check_versions(conditions, text);
    }
    for (;;) {
        const auto comma = clauses.find(',');
        if (auto complaint = check_one_version(clauses.substr(0, comma), text)) return complaint;
        if (comma == std::string_view::npos) return std::nullopt;
        clauses.remove_prefix(comma + 1);
        if (trimmed(clauses).empty()) return std::nullopt;
    }
}

Complaint check_marker(std::string_view marker) {
    static const std::regex form(
        R"([\s(]*(os_name|sys_platform|platform_machine|platform_python_implementation|platform_release|platform_system|platform_version|python_version|python_full_version|implementation_name|implementation_version|extra|'[^']*'|"[^"]*")\s*(===|==|~=|!=|<=|>=|<|>|in|not\s+in)[\s\S]+)");
    const auto text = trimmed(marker);
    if (text.empty()) return localize("A condition is missing after “;”.");
    if (!std::regex_match(text, form)) {
        return localize("“{}” is not a condition such as python_version < \"3.12\".", text);
    }
    return std::nullopt;
}

Complaint check_url(std::string_view url) {
    const auto text = trimmed(url);
    if (text.empty()) return localize("An address is missing after “@”.");
    static const std::regex form(R"([A-Za-z][A-Za-z0-9+.-]*:\S+(\s+;.*)?)");
    if (!std::regex_match(text, form))
        return localize("“{}” is not an address such as https://….", text);
    return std::nullopt;
}

}  // namespace

std::optional<std::string> check_pip_line(std::string_view given) {
    const auto line = trimmed_view(given);
    if (const auto named = file_option(line)) {
        if (is_address(*named) || has_variable(*named)) return std::nullopt;
        return localize(
            "“{}” points to another file, which is not there when the environment is built in "
            "Azure. Write the packages themselves.",
            line);
    }
    if (line.starts_with('-')) return std::nullopt;
    // `name @ address`; an address may have an @ of its own.
    const auto at = line.find('@');
    const bool names_address = at != std::string_view::npos && at < line.find("://");
    const bool local =
        is_path(line) || (names_address && is_path(trimmed_view(line.substr(at + 1))));
    if (!local) return std::nullopt;
    return localize(
        "“{}” is a local path, which is not there when the environment is built in Azure. Write "
        "the packages themselves.",
        line);
}

std::optional<std::string> check_pip_requirement(std::string_view given) {
    const auto text = trimmed(given);
    if (text.empty()) return localize("Type a package, for example scikit-learn>=1.5.");
    if (auto complaint = check_pip_line(text)) return complaint;
    std::string_view rest = text;
    if (auto complaint = check_package_name(take_name(rest), text)) return complaint;
    rest = skip_blanks(rest);
    if (auto complaint = check_extras(rest)) return complaint;
    if (rest.empty()) return std::nullopt;
    if (rest.front() == '@') return check_url(rest.substr(1));
    const auto semicolon = rest.find(';');
    const auto versions = trimmed(rest.substr(0, semicolon));
    if (!versions.empty()) {
        if (auto complaint = check_versions(versions, text)) return complaint;
    }
    if (semicolon == std::string_view::npos) return std::nullopt;
    return check_marker(rest.substr(semicolon + 1));
}

std::optional<std::string> check_conda_dependency(std::string_view given) {
    const auto text = trimmed(given);
    if (text.empty()) return localize("Type a package, for example python=3.11.");
    static const std::regex form(
        R"(([A-Za-z0-9_.\/-]+::)?[A-Za-z0-9_][A-Za-z0-9_.-]*(\s*(==?|~=|!=|<=|>=|<|>)\s*[A-Za-z0-9_.*+!|,<>=~-]+)?(\s+[A-Za-z0-9_.*]+){0,2})");
    if (!std::regex_match(text, form)) {
        return localize("“{}” is not a conda package such as python=3.11 or numpy>=2.", text);
    }
    return std::nullopt;
}

std::string package_name(std::string_view text) {
    text = skip_blanks(text);
    if (const auto channel = text.find("::"); channel != std::string_view::npos)
        text.remove_prefix(channel + 2);
    std::string normal;
    for (const char c : take_name(text)) {
        const bool dash = c == '-' || c == '_' || c == '.';
        if (!dash) {
            normal += c;
        } else if (!normal.empty() && normal.back() != '-') {
            normal += '-';
        }
    }
    return lower(normal);
}

}  // namespace aml::runconfig
