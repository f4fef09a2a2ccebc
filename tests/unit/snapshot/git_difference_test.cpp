// Compares our choice of files with that of the real git on random trees and random ignore files.
#include "snapshot/listing.hpp"
#include "support/command.hpp"
#include "support/error.hpp"
#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <random>
#include <string>
#include <vector>

using namespace aml;
using test::TemporaryDirectory;

namespace {

class Dice final {
public:
    explicit Dice(std::uint64_t seed)
        : engine_(seed) {}

    std::size_t below(std::size_t limit) { return engine_() % limit; }

    bool one_in(std::size_t count) { return below(count) == 0; }

    const std::string& pick(const std::vector<std::string>& values) {
        return values[below(values.size())];
    }

private:
    std::mt19937_64 engine_;
};

const std::vector<std::string> names{"a",    "b",  "ab", "a.c",      "b.c", "abc", "A",     "a b",
                                     "a ",   " a", "!a", "#a",       "*",   "a*b", "[a]",   "]",
                                     "a\\b", "\\", "-",  "\xC3\xBC", "a?",  "foo", "foo.d", "1",
                                     "x_",   "^",  ".h", "..a",      "ba",  "aab", "a-b"};

const std::vector<std::string> tokens{"a",
                                      "b",
                                      "c",
                                      "ab",
                                      ".c",
                                      "*",
                                      "*",
                                      "**",
                                      "**",
                                      "***",
                                      "?",
                                      "/",
                                      "/",
                                      "/",
                                      "/**/",
                                      "**/",
                                      "/**",
                                      "\\",
                                      "\\ ",
                                      " ",
                                      "[ab]",
                                      "[!a]",
                                      "[^b]",
                                      "[a-c]",
                                      "[]a]",
                                      "[!]a]",
                                      "[a\\]]",
                                      "[[:alpha:]]",
                                      "[[:digit:]_]",
                                      "[[:bad:]]",
                                      "[[:punct:]]",
                                      "[a",
                                      "[a-]",
                                      "[-a]",
                                      "[\\a-c]",
                                      "[[:a]",
                                      "[z-a]",
                                      "[A-Z]",
                                      "!",
                                      "#",
                                      "\t",
                                      "\r",
                                      "\xC3\xBC",
                                      "\xC3",
                                      "foo",
                                      "\\*",
                                      "\\?",
                                      "\\[",
                                      "\\\\",
                                      "[[:upper:]]",
                                      "[/]",
                                      "[!/]",
                                      "[a/b]",
                                      ".",
                                      "-",
                                      "^",
                                      "[[:space:]]",
                                      "[*-?]",
                                      "[a-",
                                      "*.c",
                                      "a*",
                                      "\\/"};

std::string random_pattern(Dice& dice) {
    std::string line;
    if (dice.one_in(4)) line += "!";
    if (dice.one_in(5)) line += "/";
    for (auto count = 1 + dice.below(5); count > 0; --count) {
        line += dice.one_in(3) ? dice.pick(names) : dice.pick(tokens);
    }
    if (dice.one_in(5)) line += "/";
    if (dice.one_in(8)) line += " ";
    if (dice.one_in(8)) line += "\r";
    return line;
}

std::string random_rules(Dice& dice) {
    std::string text = dice.one_in(10) ? "\xEF\xBB\xBF" : "";
    for (auto count = dice.below(7); count > 0; --count) text += random_pattern(dice) + "\n";
    if (dice.one_in(4)) text += random_pattern(dice);
    return text;
}

/// Makes a tree and lists its folders.
void fill(const std::filesystem::path& folder,
          int depth,
          Dice& dice,
          std::vector<std::filesystem::path>& folders) {
    std::filesystem::create_directories(folder);
    folders.push_back(folder);
    for (auto count = 2 + dice.below(6); count > 0; --count) {
        const auto path = folder / dice.pick(names);
        if (std::filesystem::exists(path)) continue;
        if (depth < 4 && dice.one_in(2)) {
            fill(path, depth + 1, dice, folders);
        } else {
            std::ofstream(path) << "x";
        }
    }
}

void write_rules(const std::vector<std::filesystem::path>& folders,
                 const std::string& name,
                 Dice& dice) {
    for (const auto& folder : folders) {
        std::filesystem::remove(folder / ".gitignore");
        std::filesystem::remove(folder / ".amlignore");
        if (folder == folders.front() || dice.one_in(3))
            std::ofstream(folder / name) << random_rules(dice);
    }
}

/// Absent where the ignore files above leave out the folder itself, which git has no word for.
std::optional<std::vector<std::string>> ours(const std::filesystem::path& root) {
    std::vector<std::string> paths;
    try {
        auto listing = snapshot::list_files(root, {});
        for (const auto& note : listing.notes) {
            if (note.find("is ignored as a whole") != std::string::npos) return std::nullopt;
        }
        for (auto& file : listing.files) paths.push_back(std::move(file.path));
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::Rejected) throw;
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

std::vector<std::string> gits(const std::filesystem::path& root, const std::string& rules_name) {
    const auto result = test::shell(
        "cd '" + root.string() + "' && GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null " +
        "git ls-files -z --others --exclude-per-directory=" + rules_name);
    std::vector<std::string> paths;
    for (std::size_t at = 0; at < result.output.size();) {
        const auto end = result.output.find('\0', at);
        paths.push_back(result.output.substr(at, end - at));
        at = end + 1;
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

std::string all_rules(const std::filesystem::path& root, const std::string& rules_name) {
    std::string text;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
        if (entry.path().filename() != rules_name) continue;
        std::ifstream file(entry.path());
        text += entry.path().string() + ":\n" +
                std::string(std::istreambuf_iterator<char>(file), {}) + "\n";
    }
    return text;
}

std::size_t compare(const std::filesystem::path& root,
                    const std::string& rules_name,
                    std::uint64_t seed) {
    const auto expected = gits(root, rules_name);
    const auto listed = ours(root);
    if (!listed) return 0;
    const auto& got = *listed;
    if (got == expected) return got.size();
    std::vector<std::string> difference;
    std::set_symmetric_difference(
        got.begin(), got.end(), expected.begin(), expected.end(), std::back_inserter(difference));
    const auto rules = all_rules(root, rules_name);
    CAPTURE(seed);
    CAPTURE(rules);
    CAPTURE(difference.front());
    REQUIRE(got == expected);
    return 0;
}

std::uint64_t number(const char* variable, std::uint64_t otherwise) {
    const char* value = std::getenv(variable);
    return value == nullptr ? otherwise : std::strtoull(value, nullptr, 10);
}

}  // namespace

TEST_CASE("random trees with random ignore files give the files that git gives") {
    if (!test::has_program("git")) {
        MESSAGE("git is not installed: nothing to compare with");
        return;
    }
    // AML_FUZZ_TREES and AML_FUZZ_SEED search further.
    const auto first = number("AML_FUZZ_SEED", 1);
    const auto last = first + number("AML_FUZZ_TREES", 4);
    std::size_t kept = 0;
    for (auto seed = first; seed < last; ++seed) {
        const TemporaryDirectory directory;
        test::shell("cd '" + directory.path().string() + "' && git init -q . 2>/dev/null");
        Dice dice(seed);
        std::vector<std::filesystem::path> folders;
        fill(directory.path(), 0, dice, folders);
        for (int round = 0; round < 10; ++round) {
            const std::string rules_name = dice.one_in(3) ? ".amlignore" : ".gitignore";
            write_rules(folders, rules_name, dice);
            kept += compare(directory.path(), rules_name, seed);
            // The ignore files above a folder count for it, too.
            kept += compare(folders[dice.below(folders.size())], rules_name, seed);
        }
    }
    CHECK(kept > 0);
}
