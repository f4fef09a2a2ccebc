#include "blob/blob_headers.hpp"
#include "blob/block_list.hpp"
#include "core/seeded_facts.hpp"
#include "emulator_fixture.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace aml::emulator::blob_test {

using aml::test::TemporaryDirectory;
using test::EmulatorParts;

namespace {

// An account with one container and a signature for it.
struct Storage {
    TemporaryDirectory folder;
    EmulatorParts emulator{folder.path()};
    std::string sas;

    Storage() {
        emulator.blobs.ensure_container("account", "c");
        sas = emulator.blobs.container_sas("account", "c", "racwdl", std::chrono::hours(1));
    }

    Reply send(const std::string& method,
               const std::string& blob,
               const std::string& query,
               std::string body = "",
               Headers headers = {}) {
        return emulator.send(method,
                             "/account/c" + blob + "?" + query + "&" + sas,
                             std::move(body),
                             std::move(headers));
    }

    Reply put(const std::string& name, std::string body, Headers more = {}) {
        more.set("x-ms-blob-type", "BlockBlob");
        return send("PUT", "/" + name, "", std::move(body), std::move(more));
    }

    std::string get(const std::string& name, Headers headers = {}) {
        const auto reply = send("GET", "/" + name, "", "", std::move(headers));
        const auto* file = std::get_if<FileBody>(&reply.body);
        if (file == nullptr) return reply.headers.get("x-ms-error-code");
        std::ifstream input(file->path);
        std::stringstream text;
        text << input.rdbuf();
        return text.str().substr(file->offset, file->length);
    }

    std::string list(const std::string& query) {
        return std::get<std::string>(send("GET", "", "restype=container&comp=list&" + query).body);
    }
};

}  // namespace

TEST_CASE("a blob is put once, checked by its MD5, and read in ranges") {
    Storage storage;
    CHECK(storage.put("a", "hello", {{"If-None-Match", "*"}}).status == 201);
    CHECK(storage.put("a", "other", {{"If-None-Match", "*"}}).headers.get("x-ms-error-code") ==
          "BlobAlreadyExists");
    CHECK(storage.put("b", "x", {{"Content-MD5", "AAAAAAAAAAAAAAAAAAAAAA=="}})
              .headers.get("x-ms-error-code") == "Md5Mismatch");
    CHECK(storage.get("a") == "hello");
    CHECK(storage.get("a", {{"x-ms-range", "bytes=1-2"}}) == "el");
    CHECK(storage.get("a", {{"Range", "bytes=3-"}}) == "lo");
    CHECK(storage.get("a", {{"Range", "bytes=5-"}}) == "InvalidRange");
    CHECK(storage.get("b") == "BlobNotFound");
    CHECK(storage.put("a", "again").status == 201);
    CHECK(storage.get("a") == "again");
}

TEST_CASE("a request without a right to it is refused") {
    Storage storage;
    const auto code = [&](const std::string& target) {
        return storage.emulator.send("GET", target).headers.get("x-ms-error-code");
    };
    CHECK(code("/account/c/a") == "NoAuthenticationInformation");
    CHECK(code("/account/c/a?sv=2021-08-06&sr=c&sp=r&se=2099-01-01&sig=AAAA") ==
          "AuthenticationFailed");
    const auto old =
        storage.emulator.blobs.container_sas("account", "c", "r", std::chrono::hours(-1));
    CHECK(code("/account/c/a?" + old) == "AuthenticationFailed");
    const auto lists =
        storage.emulator.blobs.container_sas("account", "c", "l", std::chrono::hours(1));
    CHECK(code("/account/c/a?" + lists) == "AuthorizationPermissionMismatch");
    CHECK(code("/nobody/c/a?" + lists) == "ResourceNotFound");
}

TEST_CASE("an account without shared keys takes nothing that its key has signed") {
    Storage storage;
    CHECK(storage.put("a", "hello").status == 201);
    storage.emulator.store.set_fact(keyless_fact("account"), "1");
    const auto refused = storage.put("b", "hello");
    CHECK(refused.status == 403);
    CHECK(refused.headers.get("x-ms-error-code") == "KeyBasedAuthenticationNotPermitted");
    // A single blob's address is signed by a delegate of Azure ML's own identity.
    const auto address = storage.emulator.blobs.blob_url("", {"account", "c", "a"}, "r");
    CHECK(storage.emulator.send("GET", address).status == 200);
}

TEST_CASE("blocks become a blob in the order of their list, and can be used again") {
    Storage storage;
    const auto block = [&](const std::string& id, std::string body) {
        return storage.send("PUT", "/big", "comp=block&blockid=" + id, std::move(body)).status;
    };
    CHECK(block("QQ==", "one") == 201);
    CHECK(block("Qg==", "two") == 201);
    const auto commit = [&](const std::string& entries) {
        return storage
            .send("PUT",
                  "/big",
                  "comp=blocklist",
                  "<?xml version=\"1.0\"?><BlockList>" + entries + "</BlockList>")
            .status;
    };
    CHECK(storage.get("big") == "BlobNotFound");
    CHECK(commit("<Latest>Qg==</Latest><Latest>QQ==</Latest>") == 201);
    CHECK(storage.get("big") == "twoone");
    CHECK(block("Qw==", "three") == 201);
    CHECK(commit("<Committed>QQ==</Committed><Uncommitted>Qw==</Uncommitted>") == 201);
    CHECK(storage.get("big") == "onethree");
    CHECK(commit("<Latest>Wg==</Latest>") == 400);
    CHECK(storage.get("big") == "onethree");
}

TEST_CASE("an append blob grows and its metadata stays") {
    Storage storage;
    CHECK(
        storage
            .send(
                "PUT", "/log", "", "", {{"x-ms-blob-type", "AppendBlob"}, {"x-ms-meta-Name", "n"}})
            .status == 201);
    CHECK(storage.send("PUT", "/log", "comp=appendblock", "one\n").status == 201);
    const auto second = storage.send("PUT", "/log", "comp=appendblock", "two\n");
    CHECK(second.headers.get("x-ms-blob-append-offset") == "4");
    CHECK(storage.get("log", {{"Range", "bytes=4-"}}) == "two\n");
    CHECK(storage.send("HEAD", "/log", "").headers.get("x-ms-meta-name") == "n");
    CHECK(
        storage.send("PUT", "/log", "comp=metadata", "", {{"x-ms-meta-upload_status", "completed"}})
            .status == 200);
    CHECK(storage.send("HEAD", "/log", "").headers.get("x-ms-meta-upload_status") == "completed");
    CHECK(storage.get("log") == "one\ntwo\n");
}

TEST_CASE("listing folds folders, pages with a marker and escapes names") {
    Storage storage;
    for (const char* name : {"a%26b", "d/1", "d/e/2", "d/e/3", "z"}) storage.put(name, "x");
    const auto top = storage.list("delimiter=/");
    CHECK(top.find("<Name>a&amp;b</Name>") != std::string::npos);
    CHECK(top.find("<BlobPrefix><Name>d/</Name></BlobPrefix>") != std::string::npos);
    CHECK(top.find("d/1") == std::string::npos);
    CHECK(top.find("<NextMarker />") != std::string::npos);
    const auto inner = storage.list("delimiter=/&prefix=d/&maxresults=1");
    CHECK(inner.find("<Name>d/1</Name>") != std::string::npos);
    CHECK(inner.find("<NextMarker>d/1</NextMarker>") != std::string::npos);
    const auto rest = storage.list("delimiter=/&prefix=d/&marker=d/1");
    CHECK(rest.find("<Name>d/e/</Name>") != std::string::npos);
    CHECK(rest.find("<Name>d/1</Name>") == std::string::npos);
}

TEST_CASE("blobs survive a restart and unfinished content is swept") {
    const TemporaryDirectory folder;
    std::string orphan;
    {
        EmulatorParts emulator(folder.path());
        emulator.blobs.ensure_container("account", "c");
        const auto sas = emulator.blobs.container_sas("account", "c", "cw", std::chrono::hours(1));
        CHECK(emulator
                  .send("PUT", "/account/c/kept?" + sas, "kept", {{"x-ms-blob-type", "BlockBlob"}})
                  .status == 201);
        orphan = emulator.blobs.store().new_content();
        std::ofstream(folder.path() / orphan) << "half";
    }
    EmulatorParts emulator(folder.path());
    const auto blob = emulator.blobs.store().find({"account", "c", "kept"});
    REQUIRE(blob);
    CHECK(std::filesystem::file_size(folder.path() / blob->content) == 4);
    CHECK_FALSE(std::filesystem::exists(folder.path() / orphan));
}

TEST_CASE("byte ranges are read as the blob service reads them") {
    CHECK(parse_byte_range("bytes=0-9") == ByteRange{0, 9});
    CHECK(parse_byte_range("bytes=5-")->first == 5);
    for (const char* text : {"", "bytes=-5", "bytes=9-5", "bytes=a-b", "items=0-1", "bytes=5"}) {
        CHECK_FALSE(parse_byte_range(text));
    }
    CHECK(clip({0, 100}, 10) == ByteRange{0, 9});
    CHECK_FALSE(clip({10, 20}, 10));
    CHECK_FALSE(clip({0, 20}, 0));
}

TEST_CASE("a block list that is not one is refused") {
    CHECK(parse_block_list("<BlockList/>")->empty());
    CHECK(parse_block_list("\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<BlockList>\n "
                           "<Latest>QQ==</Latest>\n</BlockList>") ==
          std::vector<ListedBlock>{{BlockSource::Latest, "QQ=="}});
    for (const char* text : {"",
                             "<BlockList>",
                             "<BlockList><Other>x</Other></BlockList>",
                             "<?xml",
                             "<BlockList><Latest>x</BlockList>"}) {
        CHECK_FALSE(parse_block_list(text));
    }
}

}  // namespace aml::emulator::blob_test
