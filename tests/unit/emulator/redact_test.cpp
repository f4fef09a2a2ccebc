#include "web/redact.hpp"

#include "support/temporary_directory.hpp"
#include "web/faults.hpp"
#include "web/recorder.hpp"

#include <doctest/doctest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace aml::emulator::redact_test {

TEST_CASE("signatures and secrets in parameters are hidden, the rest stays") {
    CHECK(redact_parameters("http://h/a?sv=1&sig=abc%3D&se=2") ==
          "http://h/a?sv=1&sig=REDACTED&se=2");
    CHECK(redact_parameters("SIG=x") == "SIG=REDACTED");
    CHECK(redact_parameters("design=x&sigma=y") == "design=x&sigma=y");
    CHECK(redact_parameters("client_secret=s&scope=a") == "client_secret=REDACTED&scope=a");
    CHECK(redact_parameters("token eyJhbGciOi.eyJhdWQ.c2ln end") == "token REDACTED end");
    CHECK(redact_parameters("eyJ alone") == "eyJ alone");
}

TEST_CASE("secrets in JSON are hidden at any depth and a metric's key is not one") {
    const json body{{"access_token", "t"},
                    {"list", json::array({{{"key", "accuracy"}, {"value", 1}}})},
                    {"key", "01234567890123456789012345678901234567890123456789=="},
                    {"logFiles", {{"a.txt", "http://h/a.txt?sr=b&sig=s"}}}};
    const auto shown = redact_json(body);
    CHECK(shown["access_token"] == "REDACTED");
    CHECK(shown["key"] == "REDACTED");
    CHECK(shown["list"][0]["key"] == "accuracy");
    CHECK(shown["logFiles"]["a.txt"] == "http://h/a.txt?sr=b&sig=REDACTED");
}

TEST_CASE("a recorded exchange is one JSON line without secrets") {
    const aml::test::TemporaryDirectory folder;
    const auto file = folder.path() / "exchanges.jsonl";
    {
        Recorder recorder(file);
        Request request;
        request.method = "PUT";
        request.base_url = "http://127.0.0.1:1";
        request.target = "/c/b?sig=secret";
        request.headers.add("Authorization", "Bearer secret");
        request.headers.add("Secret", "of the managed identity");
        request.headers.add("Content-Type", "application/octet-stream");
        request.body = "bytes";
        recorder.write(
            request, nullptr, Reply::of_json({{"sasToken", "secret"}, {"ok", true}}, 201), nullptr);
        auto injected = Reply::of_json({{"ok", false}}, 503);
        injected.headers.set(fault_note, "status 503");
        recorder.write(request, nullptr, injected, nullptr);
    }
    std::ifstream input(file);
    std::string line;
    std::getline(input, line);
    CHECK(line.find("secret") == std::string::npos);
    const auto entry = json::parse(line);
    CHECK(entry["url"] == "http://127.0.0.1:1/c/b?sig=REDACTED");
    CHECK(entry["status"] == 201);
    CHECK(entry["requestBody"]["length"] == 5);
    CHECK(entry["requestBody"]["sha256"].get<std::string>().size() == 64);
    CHECK(entry["responseBody"]["ok"] == true);
    CHECK(entry["requestHeaders"]["Authorization"] == "REDACTED");
    CHECK(entry["requestHeaders"]["Secret"] == "REDACTED");
    CHECK_FALSE(entry.contains("fault"));
    std::getline(input, line);
    const auto second = json::parse(line);
    CHECK(second["fault"] == "status 503");
    CHECK_FALSE(second["responseHeaders"].contains(std::string(fault_note)));
}

TEST_CASE("a record goes on where it was, without the line that a kill has cut off") {
    const aml::test::TemporaryDirectory folder;
    const auto lines_after = [&](const std::string& before) {
        const auto file = folder.write("record.jsonl", before);
        Recorder(file).write({}, nullptr, Reply::of_json({}, 200), nullptr);
        std::ifstream input(file);
        std::vector<json> lines;
        for (std::string line; std::getline(input, line);) lines.push_back(json::parse(line));
        return lines;
    };
    CHECK(lines_after("").size() == 1);
    CHECK(lines_after("{\"url\":\"whole\"}\n").size() == 2);
    CHECK(lines_after("{\"url\":\"whole\"}\n{\"url\":\"cut o").size() == 2);
    CHECK(lines_after("{\"url\":\"cut o").size() == 1);
}

TEST_CASE("a body nested beyond reason is recorded by its hash and refused as a request") {
    Request request;
    request.headers.add("Content-Type", "application/json");
    for (int i = 0; i < 100'000; ++i) request.body += "[";
    CHECK(Recorder::body_entry(request.headers, request.body)["length"] == 100'000);
    CHECK_THROWS_AS(request.json_body(), Refused);
}

}  // namespace aml::emulator::redact_test
