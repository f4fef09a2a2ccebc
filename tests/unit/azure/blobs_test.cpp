#include "azure/blobs.hpp"

#include "azure/blob_list.hpp"
#include "azure/xml.hpp"
#include "unit/azure/fixture.hpp"

#include <doctest/doctest.h>

using namespace aml;
using azure::Overwrite;
using test::AzureFixture;

namespace {

const azure::BlobAddress container{
    Secret("https://sa1.blob.core.windows.net:443/c?sv=2021&sig=a%2Bb")};
const azure::BlobAddress blob{Secret("https://sa1.blob.core.windows.net:443/c/f.txt?sig=x")};
constexpr auto path = "/c/f.txt?sig=x";

}  // namespace

TEST_CASE("a blob's address keeps the container's SAS and encodes its path") {
    CHECK(azure::blobs::address(container, "proj/a b#ü.py").url.reveal() ==
          "https://sa1.blob.core.windows.net:443/c/proj/a%20b%23%C3%BC.py?sv=2021&sig=a%2Bb");
    const auto plain = azure::blobs::address({Secret("https://h/c/"), "s1"}, "x");
    CHECK(plain.url.reveal() == "https://h/c/x");
    CHECK(plain.subscription == "s1");
}

TEST_CASE_FIXTURE(AzureFixture,
                  "a blob is put once, without a token; one that exists is no error") {
    server.expect_put(path)
        .with_header("x-ms-blob-type", "BlockBlob")
        .with_header("If-None-Match", "*")
        .with_header("x-ms-version", "2021-08-06")
        .with_body("hello")
        .reply_text(201);
    CHECK(
        run(azure::blobs::put_blob(client, blob, http::Body("hello"), Overwrite::No, {})).created);
    CHECK_FALSE(server.requests().front().headers.contains("Authorization"));
    server.expect_put(path).reply_text(409, "", {{"x-ms-error-code", "BlobAlreadyExists"}});
    CHECK_FALSE(
        run(azure::blobs::put_blob(client, blob, http::Body("hello"), Overwrite::No, {})).created);
    server.expect_put(path).reply_fixture(403, "azure/error_blob.xml");
    const auto error =
        failure(azure::blobs::put_blob(client, blob, http::Body("x"), Overwrite::Yes, {}));
    CHECK(error.kind() == ErrorKind::Forbidden);
    CHECK(error.details().azure_code == "AuthenticationFailed");
    CHECK(error.message().find("sig=") == std::string::npos);
}

TEST_CASE_FIXTURE(AzureFixture, "without a right in the address, the identity's token goes along") {
    client.remember_identity(test::subscription, {"guest-tenant", ""});
    const azure::BlobAddress own{Secret("https://sa1.blob.core.windows.net/c/f.txt"),
                                 test::subscription};
    server.expect_put("/c/f.txt")
        .with_header("Authorization", "Bearer token")
        .with_header("x-ms-version", "2021-08-06")
        .reply_text(201);
    CHECK(run(azure::blobs::put_blob(client, own, http::Body("hello"), Overwrite::No, {})).created);
    CHECK(credential.scopes == std::vector<std::string>{"https://storage.azure.com/.default"});
    CHECK(credential.tenants == std::vector<std::string>{"guest-tenant"});
    CHECK(server.requests().front().headers.get("x-ms-date")->ends_with(" GMT"));
    const azure::BlobAddress elsewhere{Secret("https://sa1.example.com/c/f.txt"),
                                       test::subscription};
    CHECK(failure(azure::blobs::put_blob(client, elsewhere, http::Body(), Overwrite::No, {}))
              .message()
              .starts_with("Refusing to send a sign-in token to https://sa1.example.com"));
}

TEST_CASE_FIXTURE(AzureFixture, "storage that accepts no keys gets the identity's token instead") {
    const azure::BlobAddress own{Secret("https://sa1.blob.core.windows.net/c/f.txt?sv=1&sig=x"),
                                 test::subscription};
    const http::Headers refused{{"x-ms-error-code", "KeyBasedAuthenticationNotPermitted"}};
    server.expect_put("/c/f.txt?sv=1&sig=x").reply_text(403, "", refused);
    server.expect_put("/c/f.txt").with_header("Authorization", "Bearer token").reply_text(201);
    CHECK(run(azure::blobs::put_blob(client, own, http::Body("hello"), Overwrite::No, {})).created);
    // What follows does not try the key again.
    server.expect_put("/c/f.txt?comp=block&blockid=MDAwMQ%3D%3D")
        .with_header("Authorization", "Bearer token")
        .reply_text(201);
    run(azure::blobs::put_block(client, own, "0001", http::Body("part"), {}));
    // An address that is not ours to use otherwise stays refused.
    const azure::BlobAddress log{Secret("https://sa2.blob.core.windows.net/c/log?sig=x"), {}};
    server.expect_get("/c/log?sig=x").reply_text(403, "", refused);
    CHECK(failure(azure::blobs::get_range(client, log, 0, 9, {})).kind() == ErrorKind::Forbidden);
}

TEST_CASE_FIXTURE(AzureFixture, "a large blob is made of blocks") {
    server.expect_put("/c/f.txt?sig=x&comp=block&blockid=MDAwMQ%3D%3D")
        .with_body("part")
        .reply_text(201);
    run(azure::blobs::put_block(client, blob, "0001", http::Body("part"), {}));
    server.expect_put("/c/f.txt?sig=x&comp=blocklist")
        .with_body(
            R"(<?xml version="1.0" encoding="utf-8"?><BlockList><Latest>MDAwMQ==</Latest><Latest>MDAwMg==</Latest></BlockList>)")
        .reply_text(201);
    const std::vector<std::string> ids{"0001", "0002"};
    CHECK(run(azure::blobs::put_block_list(client, blob, ids, Overwrite::Yes, {})).created);
}

TEST_CASE_FIXTURE(AzureFixture, "metadata is set and read, whatever the case of its name") {
    server.expect_put("/c/f.txt?sig=x&comp=metadata")
        .with_header("x-ms-meta-upload_status", "completed")
        .reply_text(200);
    const std::map<std::string, std::string> metadata{{"upload_status", "completed"}};
    run(azure::blobs::set_metadata(client, blob, metadata, {}));
    server.expect(http::Method::Head, path)
        .reply_text(
            200,
            "",
            {{"Content-Length", "12"}, {"ETag", "e"}, {"X-MS-Meta-Upload_Status", "completed"}});
    const auto properties = run(azure::blobs::head(client, blob, {}));
    CHECK(properties->size == 12);
    CHECK(properties->metadata == metadata);
    server.expect(http::Method::Head, path)
        .reply_text(404, "", {{"x-ms-error-code", "BlobNotFound"}});
    CHECK_FALSE(run(azure::blobs::head(client, blob, {})));
}

TEST_CASE_FIXTURE(
    AzureFixture,
    "a growing blob is read by range: new bytes, nothing new, replaced, not there yet") {
    server.expect_get(path)
        .with_header("x-ms-range", "bytes=3-12")
        .reply_text(206, "lo", {{"Content-Range", "bytes 3-4/5"}});
    auto range = run(azure::blobs::get_range(client, blob, 3, 10, {}));
    CHECK(range.bytes == "lo");
    CHECK(range.total == 5);
    server.expect_get(path).reply_text(
        416, "", {{"Content-Range", "bytes */5"}, {"x-ms-error-code", "InvalidRange"}});
    range = run(azure::blobs::get_range(client, blob, 5, 10, {}));
    CHECK(range.bytes.empty());
    CHECK(range.total == 5);
    server.expect_get(path).reply_text(416, "", {{"Content-Range", "bytes */2"}});
    CHECK(run(azure::blobs::get_range(client, blob, 5, 10, {})).total == 2);
    server.expect_get(path).reply_text(404);
    CHECK(run(azure::blobs::get_range(client, blob, 0, 10, {})).missing);
    server.expect_get(path).reply_text(200, "0123456789");
    range = run(azure::blobs::get_range(client, blob, 8, 10, {}));
    CHECK(range.bytes == "89");
    CHECK(range.total == 10);
    server.expect_get(path).reply_text(403);
    CHECK(failure(azure::blobs::get_range(client, blob, 0, 1, {})).kind() == ErrorKind::Forbidden);
}

TEST_CASE_FIXTURE(AzureFixture, "blobs are listed through every marker, folders left out") {
    const std::string list =
        "/c?sv=2021&sig=a%2Bb&restype=container&comp=list&include=metadata&prefix=azureml%2F";
    server.expect_get(list).reply_fixture(200, "azure/blob_list.xml");
    server.expect_get(list + "&marker=2%2172%21next")
        .reply_text(200,
                    "<EnumerationResults><Blobs><Blob><Name>b</Name><Properties><Content-MD5>"
                    "AAECAwQFBgcICQoLDA0O/w==</Content-MD5></Properties></Blob></Blobs><NextMarker "
                    "/></EnumerationResults>");
    auto page = run(azure::blobs::list(client, container, "azureml/", {}));
    REQUIRE(page.items.size() == 1);
    CHECK(page.items[0].name == "azureml/a & b.csv");
    CHECK(page.items[0].size == 26);
    const auto all = run(azure::collect(std::move(page), {}));
    REQUIRE(all.size() == 2);
    CHECK(all[1].md5 == "000102030405060708090a0b0c0d0eff");
}

TEST_CASE("what is no list of blobs is refused") {
    CHECK_THROWS_AS(azure::parse_blob_list("<html>"), Error);
    CHECK(
        azure::parse_blob_list("<EnumerationResults><Blobs/></EnumerationResults>").items.empty());
    CHECK(azure::parse_blob_list("<EnumerationResults><Blobs><Blob><Name>x</Blobs>").items.empty());
}

TEST_CASE("entities of XML become letters; what is none stays") {
    CHECK(azure::xml_unescape("a &amp;&lt;&gt;&quot;&apos;&#39;&#x27; b") == "a &<>\"''' b");
    CHECK(azure::xml_unescape("R&D; &nbsp; &#300; & &") == "R&D; &nbsp; &#300; & &");
    CHECK(azure::xml_element("<a><b>x</b><b>y</b></a>", "b") == "x");
    CHECK(azure::xml_element("<a>", "a") == "");
}
