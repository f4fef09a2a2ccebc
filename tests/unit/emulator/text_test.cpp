#include "core/text.hpp"

#include "core/digest.hpp"
#include "core/time.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string>

namespace aml::emulator::text_test {

TEST_CASE("percent coding goes both ways and leaves broken escapes alone") {
    CHECK(percent_decode("a%20b%2Fc+d") == "a b/c+d");
    CHECK(percent_decode("a+b", true) == "a b");
    CHECK(percent_decode("%zz%4") == "%zz%4");
    CHECK(percent_encode("a b/\xC3\xA9") == "a%20b%2F%C3%A9");
    CHECK(percent_encode("a/b", "/") == "a/b");
}

TEST_CASE("UTF-8 is told from other bytes") {
    CHECK(is_utf8("plain \xC3\xA9 \xF0\x9F\x98\x80"));
    CHECK_FALSE(is_utf8("\xC3"));
    CHECK_FALSE(is_utf8("\xC0\xAF"));
    CHECK_FALSE(is_utf8("\xED\xA0\x80"));
    CHECK_FALSE(is_utf8("\xF5\x80\x80\x80"));
}

TEST_CASE("Base64 is strict") {
    CHECK(base64_encode("hello!?") == "aGVsbG8hPw==");
    CHECK(base64_decode("aGVsbG8hPw==") == "hello!?");
    CHECK_FALSE(base64_decode("aGVsbG8hPw="));
    CHECK_FALSE(base64_decode("aGVs bG8="));
    CHECK(base64url_decode(base64url_encode("\xFF\xFE\xFD?>")) == "\xFF\xFE\xFD?>");
    CHECK_FALSE(base64url_decode("a+b/"));
}

TEST_CASE("digests are the known ones") {
    CHECK(hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(hex(md5("abc")) == "900150983cd24fb0d6963f7d28e17f72");
    CHECK(hex(hmac_sha256("key", "The quick brown fox jumps over the lazy dog")) ==
          "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8");
}

TEST_CASE("times are written in the forms of ARM, SAS and HTTP") {
    const auto time = from_millis(1767254655015);
    CHECK(iso_time(time) == "2026-01-01T08:04:15.0150000+00:00");
    CHECK(iso_seconds(time) == "2026-01-01T08:04:15Z");
    CHECK(http_time(time) == "Thu, 01 Jan 2026 08:04:15 GMT");
}

TEST_CASE("times are read with any fraction and zone") {
    const auto expected = from_millis(1767254655000);
    CHECK(parse_iso_time("2026-01-01T08:04:15Z") == expected);
    CHECK(parse_iso_time("2026-01-01T10:04:15.0000000+02:00") == expected);
    CHECK(parse_iso_time("2026-01-01 08:04:15") == expected);
    CHECK(parse_iso_time("2026-01-01T08:04:15.5Z") == from_millis(1767254655500));
    CHECK(parse_iso_time("2026-01-01") == from_millis(1767225600000));
    for (const auto* wrong : {"",
                              "2026",
                              "2026-13-01",
                              "2026-02-30",
                              "2026-01-01T25:00:00Z",
                              "2026-01-01T08:04:15X",
                              "2026-01-01T08:04:15.Z"}) {
        CHECK_FALSE(parse_iso_time(wrong));
    }
}

TEST_CASE("a time that cannot be counted is none, and a number of milliseconds is brought near") {
    CHECK_FALSE(parse_iso_time("9999-12-31T23:59:59Z"));
    CHECK_FALSE(parse_iso_time("0001-01-01"));
    CHECK(parse_iso_time("2250-12-31T23:59:59Z"));
    CHECK(iso_seconds(from_millis(std::numeric_limits<std::int64_t>::max())) ==
          "2223-07-06T14:13:20Z");
    CHECK(iso_seconds(from_millis(std::numeric_limits<std::int64_t>::min())) ==
          "1716-06-28T09:46:40Z");
    std::string long_duration = "P";
    for (int i = 0; i < 200'000; ++i) long_duration += "99999999W";
    CHECK_FALSE(parse_iso_duration(long_duration));
}

TEST_CASE("durations are days to seconds and nothing else") {
    using std::chrono::seconds;
    CHECK(parse_iso_duration("PT120S") == seconds(120));
    CHECK(parse_iso_duration("P1DT2H3M4S") == seconds(93784));
    for (const auto* wrong : {"", "P", "PT", "120", "PT5", "P1M", "PTS", "PT-5S", "PT1.5S"})
        CHECK_FALSE(parse_iso_duration(wrong));
}

}  // namespace aml::emulator::text_test
