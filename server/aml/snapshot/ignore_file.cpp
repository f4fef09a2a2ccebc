#include "snapshot/ignore_file.hpp"

#include <algorithm>
#include <utility>

namespace aml::snapshot {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// Without trailing spaces, except one that a backslash keeps. A backslash at the very end keeps
/// everything.
std::string_view trim_trailing_spaces(std::string_view line) {
    std::size_t end = 0;
    for (std::size_t at = 0; at < line.size(); ++at) {
        if (line[at] == ' ') continue;
        if (line[at] == '\\' && ++at == line.size()) return line;
        end = at + 1;
    }
    return line.substr(0, end);
}

}  // namespace

IgnoreFile::IgnoreFile(std::string_view text) {
    if (text.substr(0, byte_order_mark.size()) == byte_order_mark)
        text.remove_prefix(byte_order_mark.size());
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto end = text.find('\n');
        auto line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        // Git reads lines as C strings.
        line = line.substr(0, line.find('\0'));
        auto rule = parse_line(line);
        if (!rule) continue;
        rule->line = {number, std::string(line)};
        rules_.push_back(std::move(*rule));
    }
}

std::optional<IgnoreFile::Rule> IgnoreFile::parse_line(std::string_view line) {
    if (line.empty() || line[0] == '#') return std::nullopt;
    line = trim_trailing_spaces(line);
    Rule rule;
    if (!line.empty() && line[0] == '!') {
        rule.negated = true;
        line.remove_prefix(1);
    }
    if (!line.empty() && line.back() == '/') {
        rule.folders_only = true;
        line.remove_suffix(1);
    }
    if (line.empty()) return std::nullopt;
    rule.name_only = line.find('/') == std::string_view::npos;
    if (line[0] == '/') line.remove_prefix(1);
    const auto special = std::min(line.find_first_of("*?[\\"), line.size());
    // The split is git's and shows: `a**/b` is "a" and then `**/b`.
    const bool whole_name = rule.name_only && special < line.size();
    rule.prefix = whole_name ? std::string() : std::string(line.substr(0, special));
    if (special < line.size()) {
        rule.rest.emplace(line.substr(rule.prefix.size()),
                          rule.name_only ? Scope::Name : Scope::Path);
    }
    return rule;
}

bool IgnoreFile::matches(const Rule& rule, std::string_view text) {
    if (text.substr(0, rule.prefix.size()) != rule.prefix) return false;
    const auto rest = text.substr(rule.prefix.size());
    return rule.rest ? rule.rest->matches(rest) : rest.empty();
}

const IgnoreFile::Rule* IgnoreFile::find(std::string_view path, EntryKind kind) const {
    const auto slash = path.rfind('/');
    const auto name = slash == std::string_view::npos ? path : path.substr(slash + 1);
    for (auto rule = rules_.rbegin(); rule != rules_.rend(); ++rule) {
        if (rule->folders_only && kind != EntryKind::Folder) continue;
        if (matches(*rule, rule->name_only ? name : path)) return &*rule;
    }
    return nullptr;
}

std::optional<bool> IgnoreFile::verdict(std::string_view path, EntryKind kind) const {
    const auto* rule = find(path, kind);
    return rule != nullptr ? std::optional(!rule->negated) : std::nullopt;
}

std::optional<IgnoreLine> IgnoreFile::line(std::string_view path, EntryKind kind) const {
    const auto* rule = find(path, kind);
    return rule != nullptr ? std::optional(rule->line) : std::nullopt;
}

}  // namespace aml::snapshot
