#include "http/url.hpp"

#include "http/base64.hpp"
#include "http/redact.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace aml;

TEST_CASE("an address is taken apart") {
    const auto url = http::parse_url("HTTPS://Sa1.Blob.core.windows.net:443/c/a%20b?sig=x%2By#f");
    REQUIRE(url);
    CHECK(url->origin() == "https://sa1.blob.core.windows.net");
    CHECK(url->path == "/c/a%20b");
    CHECK(url->query == "sig=x%2By");
    CHECK(http::parse_url("http://127.0.0.1:8080")->origin() == "http://127.0.0.1:8080");
    CHECK(http::parse_url("http://127.0.0.1:8080")->path == "/");
    CHECK(http::parse_url("http://[::1]:80/x")->origin() == "http://[::1]");
}

TEST_CASE("what is not an absolute http address is refused") {
    for (const auto* text : {"",
                             "/relative",
                             "ftp://host/",
                             "https://",
                             "https://user@host/",
                             "https://host:0/",
                             "https://host:99999/",
                             "https://host:12x/"}) {
        CHECK_FALSE(http::parse_url(text));
    }
}

TEST_CASE("only addresses of this machine are loopback") {
    for (const auto* host :
         {"localhost", "sa.blob.core.localhost", "127.0.0.1", "127.8.9.1", "[::1]"})
        CHECK(http::is_loopback(host));
    for (const auto* host :
         {"localhost.evil.com", "evillocalhost", "127.0.0.1.evil.com", "10.0.0.1", "[::2]"}) {
        CHECK_FALSE(http::is_loopback(host));
    }
}

TEST_CASE("the same origin needs scheme, host and port") {
    CHECK(http::same_origin("https://a.com/x", "https://A.com:443/y?z"));
    CHECK_FALSE(http::same_origin("https://a.com", "http://a.com"));
    CHECK_FALSE(http::same_origin("https://a.com", "https://a.com:444"));
    CHECK_FALSE(http::same_origin("a.com", "a.com"));
}

TEST_CASE("names are percent-encoded as UTF-8 bytes") {
    CHECK(http::percent_encode("a b/ü~") == "a%20b%2F%C3%BC~");
    CHECK(http::percent_encode_path("dir/a b.txt") == "dir/a%20b.txt");
    CHECK(http::with_query("https://h/p?x=1", {{"a", "1 2"}, {"b", ""}, {"$top", "3"}}) ==
          "https://h/p?x=1&a=1%202&$top=3");
}

TEST_CASE("a SAS signature never survives redaction") {
    CHECK(
        http::redact_url("https://h/c/b?comp=block&blockid=QQ%3D%3D&sv=2021&se=2026&sig=abc%2B") ==
        "https://h/c/b?comp=block&blockid=QQ%3D%3D&sv=***&se=***&sig=***");
    CHECK(http::redact_url("https://h/p?api-version=2025-12-01&$skip=abc") ==
          "https://h/p?api-version=2025-12-01&$skip=***");
    CHECK(http::redact_url("https://h/p") == "https://h/p");
}

TEST_CASE("headers and bodies are redacted by allowlist and by name") {
    const http::Headers headers{{"Authorization", "Bearer abc"},
                                {"x-ms-request-id", "r1"},
                                {"Azure-AsyncOperation", "https://h/o?t=secret&api-version=1"}};
    CHECK(http::redact_headers(headers) ==
          "Authorization: ***, x-ms-request-id: r1, Azure-AsyncOperation: "
          "https://h/o?t=***&api-version=1");
    const auto body = http::redact_body(
        R"({"credential":{"sasUri":"https://h/c?sig=a"},"key":"k","access_token":"t","list":["https://h/?sig=q",1]})");
    CHECK(
        body ==
        R"({"access_token":"***","credential":{"sasUri":"https://h/c?sig=***"},"key":"***","list":["https://h/?sig=***",1]})");
    CHECK(http::redact_body("client_secret=x") == "15 bytes");
    CHECK(http::redact_body("") == "no body");
}

TEST_CASE("base64 is written with padding and read in both alphabets") {
    CHECK(http::base64_encode("") == "");
    CHECK(http::base64_encode("f") == "Zg==");
    CHECK(http::base64_encode("fo") == "Zm8=");
    CHECK(http::base64_encode("foo\xff\xfe") == "Zm9v//4=");
    CHECK(http::base64_decode("Zm9v__4") == "foo\xff\xfe");
    CHECK(http::base64_decode("Zm9v//4=") == "foo\xff\xfe");
    CHECK_FALSE(http::base64_decode("Zm9v*"));
    CHECK_FALSE(http::base64_decode("Z"));
}
