#include "blob/signing.hpp"

#include "core/time.hpp"

#include <doctest/doctest.h>

#include <chrono>

namespace aml::emulator::signing_test {

using namespace std::chrono_literals;

namespace {

// The well-known key of the storage emulator.
const std::string key =
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
const Time now = *parse_iso_time("2026-01-01T12:00:00Z");

SharedAccessUse use(std::string_view container,
                    std::string_view blob,
                    std::string_view permission,
                    Time time = now) {
    return {"devstoreaccount1", key, container, blob, permission, time};
}

std::string sas(SharedAccessScope scope, std::string permissions) {
    return sign_shared_access(
        {scope, std::move(permissions), "c1", "a/b c.txt", now - 5min, now + 1h},
        "devstoreaccount1",
        key);
}

}  // namespace

TEST_CASE("a container signature allows its permissions on its container until it expires") {
    const auto query = Query::parse(sas(SharedAccessScope::Container, "rcwl"));
    CHECK(query.get("sr") == "c");
    CHECK_FALSE(check_shared_access(query, use("c1", "any", "cw")));
    CHECK_FALSE(check_shared_access(query, use("c1", "", "l")));
    CHECK(check_shared_access(query, use("c1", "any", "d")) ==
          SharedAccessRefusal::MissingPermission);
    CHECK(check_shared_access(query, use("c2", "any", "r")) == SharedAccessRefusal::BadSignature);
    CHECK(check_shared_access(query, use("c1", "any", "r", now + 1h)) ==
          SharedAccessRefusal::Expired);
    CHECK(check_shared_access(query, use("c1", "any", "r", now - 1h)) ==
          SharedAccessRefusal::NotYetValid);
}

TEST_CASE("a blob signature is good for one blob") {
    const auto query = Query::parse(sas(SharedAccessScope::Blob, "r"));
    CHECK_FALSE(check_shared_access(query, use("c1", "a/b c.txt", "r")));
    CHECK(check_shared_access(query, use("c1", "a/other", "r")) ==
          SharedAccessRefusal::BadSignature);
}

TEST_CASE("an account signature covers containers and blobs") {
    const auto query = Query::parse(sas(SharedAccessScope::Account, "rl"));
    CHECK_FALSE(check_shared_access(query, use("c1", "x", "r")));
    CHECK_FALSE(check_shared_access(query, use("c9", "", "l")));
}

TEST_CASE("a changed parameter breaks the signature") {
    auto text = sas(SharedAccessScope::Container, "r");
    text.replace(text.find("sp=r"), 4, "sp=rw");
    CHECK(check_shared_access(Query::parse(text), use("c1", "x", "w")) ==
          SharedAccessRefusal::BadSignature);
    CHECK(check_shared_access(Query::parse("sr=c&sp=r&se=2099-01-01"), use("c1", "x", "r")) ==
          SharedAccessRefusal::BadSignature);
}

TEST_CASE("the Shared Key text has the headers in order and the query sorted") {
    Request request;
    request.method = "PUT";
    request.path = "/devstoreaccount1/c1/b";
    request.query = Query::parse("timeout=20&comp=metadata");
    request.headers = {{"x-ms-version", "2021-08-06"},
                       {"Content-Length", "0"},
                       {"X-Ms-Date", "Thu, 01 Jan 2026 12:00:00 GMT"},
                       {"Content-Type", "text/plain"}};
    CHECK(shared_key_text(request, "devstoreaccount1") ==
          "PUT\n\n\n\n\ntext/plain\n\n\n\n\n\n\n"
          "x-ms-date:Thu, 01 Jan 2026 12:00:00 GMT\nx-ms-version:2021-08-06\n"
          "/devstoreaccount1/devstoreaccount1/c1/b\ncomp:metadata\ntimeout:20");
    // With the account in the host's name the client signs a path without it.
    request.target = "/c1/b?timeout=20&comp=metadata";
    CHECK(shared_key_text(request, "devstoreaccount1")
              .ends_with("\n/devstoreaccount1/c1/b\ncomp:metadata\ntimeout:20"));
}

}  // namespace aml::emulator::signing_test
