#include "snapshot/normal_form.hpp"

#include "support/command.hpp"
#include "support/temporary_directory.hpp"
#include "support/unicode.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <random>
#include <string>
#include <string_view>

using namespace aml;
using snapshot::normal_form_c;

namespace {

/// Characters of all blocks but the large ones that nothing is to be done about, and lines of those
/// that combine.
std::string lines_to_normalize() {
    std::string text;
    for (char32_t code = 0x80; code < 0x2FA20; ++code) {
        if (code == 0x3400) code = 0xA000;
        if (code == 0xD800) code = 0xF900;
        if (code == 0x17000) code = 0x1CF00;
        if (code == 0x20000) code = 0x2F800;
        append_utf8(text, code);
        text += '\n';
    }
    constexpr std::array<char32_t, 18> combining{U'a',
                                                 U'e',
                                                 U'O',
                                                 0x300,
                                                 0x301,
                                                 0x307,
                                                 0x323,
                                                 0x327,
                                                 0x338,
                                                 0x31B,
                                                 0x345,
                                                 0x1100,
                                                 0x1161,
                                                 0x11A8,
                                                 0xAC00,
                                                 0xC5,
                                                 0x1EA1,
                                                 0x9C7};
    std::minstd_rand dice(1);
    for (int line = 0; line < 20'000; ++line) {
        for (int letter = 0; letter < 6; ++letter)
            append_utf8(text, combining.at(dice() % combining.size()));
        text += '\n';
    }
    return text;
}

}  // namespace

TEST_CASE("an accent behind a letter becomes one character with it") {
    CHECK(normal_form_c("plain ASCII.py") == "plain ASCII.py");
    CHECK(normal_form_c("cafe\u0301") == "caf\u00E9");
    CHECK(normal_form_c("caf\u00E9") == "caf\u00E9");
    CHECK(normal_form_c("a\u0323\u0302") == "\u1EAD");
    CHECK(normal_form_c("a\u0302\u0323") == "\u1EAD");
    CHECK(normal_form_c("\u1112\u1161\u11AB") == "\uD55C");
    CHECK(normal_form_c("数据") == "数据");
    CHECK(normal_form_c("bad\xFF\u0301") == "bad\xFF\u0301");
}

TEST_CASE("normal form C agrees with Python's") {
    const test::TemporaryDirectory folder;
    const auto python = test::has_program("python3") ? test::shell(
                                                           "python3 -c 'import unicodedata as u; "
                                                           "print(u.unidata_version, end=\"\")'")
                                                           .output
                                                     : std::string();
    if (python != "14.0.0") {
        MESSAGE("no Python with Unicode 14 to compare with");
        return;
    }
    const auto text = lines_to_normalize();
    const auto input = folder.write("text", text);
    const auto script = folder.write("nfc.py",
                                     "import sys, unicodedata\n"
                                     "text = open(sys.argv[1], newline='').read()\n"
                                     "for line in text.split('\\n')[:-1]:\n"
                                     "    print(unicodedata.normalize('NFC', line))\n");
    const auto expected =
        test::shell("PYTHONUTF8=1 python3 '" + script.string() + "' '" + input.string() + "'")
            .output;
    std::string result;
    for (std::size_t start = 0; start < text.size();) {
        const auto end = text.find('\n', start);
        result += normal_form_c(std::string_view(text).substr(start, end - start)) + '\n';
        start = end + 1;
    }
    CHECK((result == expected));
}
