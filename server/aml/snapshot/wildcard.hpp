#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace aml::snapshot {

/// What a wildcard pattern is matched against.
enum class Scope {
    /// A path: `*`, `?` and sets stay within one folder, `**` crosses folders.
    Path,
    /// A single name: there is no '/' to stop at.
    Name,
};

/// A compiled git pattern: `*`, `?`, `[…]`, `**`, `\`. Works on bytes, as git does.
/// Matching takes time proportional to pattern times text, whatever the pattern: no backtracking.
/// Source: gitignore(5), "PATTERN FORMAT"; git's behaviour where the page is silent.
class Wildcard final {
public:
    Wildcard(std::string_view pattern, Scope scope);

    bool matches(std::string_view text) const;

private:
    using Set = std::bitset<256>;

    struct Step {
        enum class Kind : std::uint8_t {
            Byte,
            Set,
            /// Any bytes but '/', none included.
            Run,
            /// Any bytes, none included.
            Anything,
            /// Nothing, or any bytes up to and including a '/'.
            Folders,
        };
        Kind kind;
        unsigned char byte = 0;
        std::uint32_t set = 0;
    };

    void compile(std::string_view pattern, Scope scope);
    /// The number of bytes the stars at `at` take up.
    std::size_t compile_stars(std::string_view pattern, std::size_t at, Scope scope);
    void add_set(Set set, Scope scope);
    void skip_optional(std::vector<bool>& active) const;
    bool accepts(const Step& step, unsigned char byte) const;

    std::vector<Step> steps_;
    std::vector<Set> sets_;
    /// A pattern that git gives up on, such as an unfinished set: it matches nothing.
    bool hopeless_ = false;
};

}  // namespace aml::snapshot
