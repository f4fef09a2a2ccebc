#pragma once

#include "snapshot/wildcard.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aml::snapshot {

enum class EntryKind { File, Folder };

/// A line of an ignore file, counted from one.
struct IgnoreLine {
    std::size_t number = 0;
    std::string text{};

    bool operator==(const IgnoreLine&) const = default;
};

/// The rules of one ignore file.
/// Source: gitignore(5), "PATTERN FORMAT"; git's behaviour where the page is silent.
class IgnoreFile final {
public:
    /// Any text is a valid ignore file; rules git gives up on match nothing.
    explicit IgnoreFile(std::string_view text);

    /// What the last matching rule says about `path`, relative to the folder of the ignore file:
    /// true = ignored, false = kept by a `!` rule, empty = no rule matches. Parents are the
    /// caller's business.
    std::optional<bool> verdict(std::string_view path, EntryKind kind) const;

    /// The rule that `verdict` goes by.
    std::optional<IgnoreLine> line(std::string_view path, EntryKind kind) const;

private:
    struct Rule {
        bool negated = false;
        bool folders_only = false;
        /// Without a slash: matched against the last part of a path at any depth.
        bool name_only = false;
        /// The pattern up to its first special character, compared as it is; git matches the rest
        /// on its own.
        std::string prefix;
        /// Absent when the prefix is all.
        std::optional<Wildcard> rest;
        IgnoreLine line{};
    };

    static std::optional<Rule> parse_line(std::string_view line);
    static bool matches(const Rule& rule, std::string_view text);
    /// The last one that matches; null when there is none.
    const Rule* find(std::string_view path, EntryKind kind) const;

    std::vector<Rule> rules_;
};

}  // namespace aml::snapshot
