#include "support/unicode.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace aml;
using namespace std::string_view_literals;

TEST_CASE("only well-formed UTF-8 decodes") {
    CHECK(decode_utf8("aé€𐐀") == std::u32string{U'a', 0xE9, 0x20AC, 0x10400});
    for (const std::string bad :
         {"\xC3", "\x80", "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\xFF"}) {
        CHECK_FALSE(decode_utf8(bad));
    }
}

TEST_CASE("what editors save as text is read as text") {
    for (const auto bytes :
         {"d/\r\né€"sv,
          "\xEF\xBB\xBF"
          "d/\r\né€"sv,
          "\xFF\xFE"
          "d\0/\0\r\0\n\0\xE9\0\xAC\x20"sv,
          "\xFE\xFF\0d\0/\0\r\0\n\0\xE9\x20\xAC"sv,
          "d\0/\0\r\0\n\0\xE9\0\xAC\x20"sv,
          "\0d\0/\0\r\0\n\0\xE9\x20\xAC"sv,
          "\xFF\xFE\0\0d\0\0\0/\0\0\0\r\0\0\0\n\0\0\0\xE9\0\0\0\xAC\x20\0\0"sv,
          "\0\0\xFE\xFF\0\0\0d\0\0\0/\0\0\0\r\0\0\0\n\0\0\0\xE9\0\0\x20\xAC"sv}) {
        CHECK(text_from_bytes(bytes) == "d/\r\né€");
    }
    CHECK(text_from_bytes("\xFF\xFE\x01\xD8\0\xDC"sv) == "𐐀");
    CHECK(text_from_bytes("") == "");
    CHECK(text_from_bytes("caf\xE9") == "caf\xE9");
}

TEST_CASE("what is no text is no text") {
    for (const auto bytes : {"a\0b"sv,
                             "\0"sv,
                             "\xFF\xFE\x61"sv,
                             "\xFF\xFE\0\xDC"sv,
                             "\xFF\xFE\x01\xD8"sv,
                             "ELF\0\0\0"sv,
                             "\0\0\xFE\xFF\0\x11\0\0"sv}) {
        CHECK_FALSE(text_from_bytes(bytes));
    }
}
