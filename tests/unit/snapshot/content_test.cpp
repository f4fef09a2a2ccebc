#include "snapshot/content.hpp"

#include "snapshot/lowercase.hpp"
#include "support/command.hpp"
#include "support/error.hpp"
#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <utility>

using namespace aml;
using test::TemporaryDirectory;

namespace {

std::vector<std::string> paths(const snapshot::Listing& listing) {
    std::vector<std::string> out;
    for (const auto& file : listing.files) out.push_back(file.path);
    return out;
}

std::string hash(const std::filesystem::path& root) {
    return snapshot::content_hash(snapshot::list_files(root, {}), nullptr, {});
}

// The definition, written down in the language it comes from.
constexpr auto python_hash = R"(
import hashlib, os, sys
root = sys.argv[1]
files = sorted(((os.path.join(d, f), os.path.relpath(os.path.join(d, f), root))
                for d, _, names in os.walk(root, followlinks=True) for f in names), key=lambda p: p[1])
files.sort(key=lambda p: p[1].lower())
h = hashlib.sha256()
h.update(str(len(files)).encode('ascii'))
for path, name in files:
    h.update(('#' + name + '#').encode('utf-8'))
    h.update(str(os.path.getsize(path)).encode('ascii'))
for path, name in files:
    with open(path, 'rb') as f:
        h.update(f.read())
sys.stdout.write(h.hexdigest())
)";

std::string hash_of_python(const TemporaryDirectory& scripts, const std::filesystem::path& root) {
    const auto script = scripts.write("hash.py", python_hash);
    return test::shell("PYTHONUTF8=1 python3 '" + script.string() + "' '" + root.string() + "'")
        .output;
}

std::string lower_of_python(const TemporaryDirectory& scripts, const std::string& text) {
    const auto input = scripts.write("text", text);
    return test::shell("PYTHONUTF8=1 python3 -c 'import sys; sys.stdout.write(open(\"" +
                       input.string() + "\", newline=\"\").read().lower())'")
        .output;
}

std::string all_letters() {
    std::string text;
    for (char32_t code = 0x80; code < 0x1FFFF; ++code) {
        if (code >= 0xD800 && code <= 0xDFFF) continue;
        const auto byte = [&](unsigned lead, unsigned shift) {
            text += static_cast<char>(lead | ((code >> shift) & (lead == 0x80U ? 0x3FU : 0x1FU)));
        };
        if (code < 0x800) {
            byte(0xC0, 6);
        } else if (code < 0x10000) {
            text += static_cast<char>(0xE0U | (code >> 12U));
            byte(0x80, 6);
        } else {
            text += static_cast<char>(0xF0U | (code >> 18U));
            byte(0x80, 12);
            byte(0x80, 6);
        }
        byte(0x80, 0);
        text += "\n";
    }
    return text;
}

}  // namespace

TEST_CASE("the published test vector has its order and hash") {
    const TemporaryDirectory directory;
    directory.write("train.py", "print(\"hi\")\n");
    directory.write("sub/B.txt", "x=1\n");
    directory.write("empty.txt", "");
    const auto listing = snapshot::list_files(directory.path(), {});
    CHECK(paths(listing) == std::vector<std::string>{"empty.txt", "sub/B.txt", "train.py"});
    CHECK(listing.bytes == 16);
    CHECK(snapshot::content_hash(listing, nullptr, {}) ==
          "087f3c5f5b528624107409710628ad87242f01a9a5f1328705a78d7aa8e86918");
}

TEST_CASE("names of every kind have the same order and hash on every system") {
    const TemporaryDirectory directory;
    // One é is a character and the other an e with an accent behind it, as some systems store it.
    for (const auto* name :
         {"caf\u00E9.txt", "e\u0301te/mod\u00E8le.py", "数据/训练 集.csv", "A b.txt", "a/B/c.txt"})
        directory.write(name, "x\n");
    const auto listing = snapshot::list_files(directory.path(), {});
    CHECK(paths(listing) == std::vector<std::string>{"A b.txt",
                                                     "a/B/c.txt",
                                                     "caf\u00E9.txt",
                                                     "\u00E9te/mod\u00E8le.py",
                                                     "数据/训练 集.csv"});
    CHECK(snapshot::content_hash(listing, nullptr, {}) ==
          "47dbd064cc350c4ff09f5aa7746e50a6f065156cbe6aedcc2d285f1e57c2c219");
    CHECK(snapshot::read_part(listing, listing.files[3], 0, 1) == "x");
}

TEST_CASE("lower case is Python's, with the final sigma and the dotted capital I") {
    CHECK(snapshot::python_lower("ABC/Def.TXT") == "abc/def.txt");
    CHECK(snapshot::python_lower("ÀÉÎ ΑΣ ΑΣΑ Σ") == "àéî ας ασα σ");
    CHECK(snapshot::python_lower("Α'Σ.Σ") == "α'σ.ς");
    CHECK(snapshot::python_lower("İstanbul") == "i̇stanbul");
    CHECK(snapshot::python_lower("ẞ Ǆ Ა 𐐀 Ꭰ") == "ß ǆ ა 𐐨 ꭰ");
}

TEST_CASE("lower case and hash agree with Python itself") {
    if (!test::has_program("python3")) {
        MESSAGE("python3 is not installed: nothing to compare with");
        return;
    }
    const TemporaryDirectory scripts;
    const auto unicode =
        test::shell("python3 -c 'import unicodedata as u; print(u.unidata_version, end=\"\")'")
            .output;
    if (unicode == "14.0.0") {
        const auto text = all_letters();
        CHECK((snapshot::python_lower(text) == lower_of_python(scripts, text)));
    }
    const std::string sigmas = "aΣ Σ aΣb a.Σ.b ΣΣ a\u0301Σ\u0301 1Σ aʰΣ ͺΣ aΣ\u00ADb";
    CHECK(snapshot::python_lower(sigmas) == lower_of_python(scripts, sigmas));

    const TemporaryDirectory tree;
    for (const auto* name : {"a",
                             "B",
                             "Z/z",
                             "z.a/x",
                             "Zz",
                             "É",
                             "é2",
                             "ΑΣ",
                             "ας1",
                             "İ",
                             "i̇x",
                             "_",
                             "[",
                             "a b",
                             "A-b",
                             "sub/Deep/X.py"}) {
        tree.write(name, std::string(name) + " content\n");
    }
    tree.write("big.bin", std::string(700'001, 'x'));
    std::filesystem::create_directory_symlink("sub", tree.path() / "link");
    CHECK(hash(tree.path()) == hash_of_python(scripts, tree.path()));
}

TEST_CASE("the hash changes with a name, a size and a byte, and not with a time") {
    const TemporaryDirectory directory;
    const auto file = directory.write("a.py", "one");
    directory.write("b.py", "two");
    const auto first = hash(directory.path());
    directory.write("a.py", "oNe");
    CHECK(hash(directory.path()) != first);
    directory.write("a.py", "one");
    CHECK(hash(directory.path()) == first);
    // By way of a third name: on Windows these two are one.
    std::filesystem::rename(directory.path() / "b.py", directory.path() / "c.py");
    std::filesystem::rename(directory.path() / "c.py", directory.path() / "B.py");
    CHECK(hash(directory.path()) != first);
}

TEST_CASE("progress counts bytes and files up to the totals") {
    const TemporaryDirectory directory;
    directory.write("a", std::string(600'000, 'a'));
    directory.write("b", "b");
    std::vector<std::pair<std::uint64_t, std::uint64_t>> seen;
    auto note = [&](std::uint64_t files, std::uint64_t bytes) { seen.emplace_back(files, bytes); };
    snapshot::content_hash(snapshot::list_files(directory.path(), {}), note, {});
    REQUIRE(seen.size() >= 4);
    CHECK(std::is_sorted(seen.begin(), seen.end()));
    CHECK(seen.back() == std::pair<std::uint64_t, std::uint64_t>{2, 600'001});
}

TEST_CASE("a file that changes while it is read fails with its name") {
    const TemporaryDirectory directory;
    directory.write("data.csv", std::string(600'000, 'a'));
    const auto listing = snapshot::list_files(directory.path(), {});
    bool changed = false;
    auto change_once = [&](std::uint64_t, std::uint64_t) {
        if (!std::exchange(changed, true))
            std::ofstream(directory.path() / "data.csv", std::ios::app) << "more";
    };
    CHECK_THROWS_WITH_AS(snapshot::content_hash(listing, change_once, {}),
                         doctest::Contains("data.csv changed while it was being read"),
                         Error);
}

TEST_CASE("a file that was changed, shortened or removed since the listing is not read") {
    const TemporaryDirectory directory;
    directory.write("a.py", "0123456789");
    const auto listing = snapshot::list_files(directory.path(), {});
    CHECK(snapshot::read_part(listing, listing.files[0], 3, 4) == "3456");
    directory.write("a.py", "01234");
    CHECK_THROWS_WITH_AS(snapshot::read_part(listing, listing.files[0], 0, 5),
                         doctest::Contains("a.py changed"),
                         Error);
    std::filesystem::remove(directory.path() / "a.py");
    CHECK_THROWS_WITH_AS(snapshot::read_part(listing, listing.files[0], 0, 5),
                         doctest::Contains("a.py changed"),
                         Error);
}

TEST_CASE("hashing stops when asked to") {
    const TemporaryDirectory directory;
    directory.write("a.py", "x");
    std::stop_source stop;
    stop.request_stop();
    const auto listing = snapshot::list_files(directory.path(), {});
    CHECK_THROWS_AS(snapshot::content_hash(listing, nullptr, stop.get_token()), Error);
    CHECK_THROWS_AS(snapshot::list_files(directory.path(), stop.get_token()), Error);
}

TEST_CASE("a fingerprint sees every change and trusts only times that have settled") {
    const TemporaryDirectory directory;
    directory.write("a.py", "one");
    const auto first = snapshot::list_files(directory.path(), {});
    CHECK(snapshot::fingerprint(first) ==
          snapshot::fingerprint(snapshot::list_files(directory.path(), {})));
    const auto changed = first.files[0].stamp.changed_ns;
    CHECK_FALSE(snapshot::is_settled(first, changed + 1'000'000'000));
    CHECK(snapshot::is_settled(first, changed + 3'000'000'000));
    directory.write("a.py", "two");
    CHECK(snapshot::fingerprint(first) !=
          snapshot::fingerprint(snapshot::list_files(directory.path(), {})));
}
