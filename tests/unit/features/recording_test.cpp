#include "features/recording.hpp"

#include "support/error.hpp"
#include "support/memory_transport.hpp"
#include "support/run.hpp"
#include "support/scripted_http.hpp"
#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

using namespace aml;
using nlohmann::json;
using test::run;

namespace {

std::string text_of(const std::filesystem::path& file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

http::Request get(const char* url) {
    http::Request request;
    request.url = url;
    return request;
}

}  // namespace

TEST_CASE("a recording mirrors the session as a transcript, without secrets") {
    const test::TemporaryDirectory directory;
    const auto file = directory.path() / "session.transcript";
    asio::io_context loop(1);
    test::MemoryTransport client(loop.get_executor());
    test::ScriptedHttp network;
    network.expect_get("https://h.example/a?sig=s3cret")
        .reply(200, {{"access_token", "s3cret"}, {"n", 1}});
    network.expect_get("https://h.example/b").fail(Error(ErrorKind::Unavailable, "No route."));
    {
        const auto recording = features::Recording::to_file(file.string());
        features::RecordedClient recorded(client, recording.get());
        features::RecordedHttp http(network, recording.get(), {});
        run(loop,
            recorded.send(json::parse(
                R"({"jsonrpc":"2.0","id":1,"method":"auth/getToken","params":{"scopes":["s"]}})")));
        client.deliver(
            json::parse(R"({"jsonrpc":"2.0","id":1,"result":{"token":"s3cret","account":"ada"}})"));
        const auto passed = run(loop, recorded.receive({}));
        CHECK(std::get<json>(*passed)["result"]["token"] == "s3cret");
        CHECK(run(loop, http.send(get("https://h.example/a?sig=s3cret"), {})).body.find("s3cret") !=
              std::string::npos);
        CHECK_THROWS_AS(run(loop, http.send(get("https://h.example/b"), {})), Error);
    }
    const auto text = text_of(file);
    CHECK(text.find("s3cret") == std::string::npos);
    CHECK(text.find(R"(<-- {"id":1,"method":"auth/getToken","params":{"scopes":["s"]}})") == 0);
    CHECK(text.find(R"(--> {"id":1,"result":{"account":"ada","token":"[secret]"}})") !=
          std::string::npos);
    CHECK(text.find("http> GET https://h.example/a") != std::string::npos);
    CHECK(text.find("<http 200 {") != std::string::npos);
    CHECK(text.find("<http ! No route.") != std::string::npos);
}

TEST_CASE("without a recording everything passes as it is") {
    asio::io_context loop(1);
    test::MemoryTransport client(loop.get_executor());
    features::RecordedClient recorded(client, nullptr);
    run(loop, recorded.send(json{{"id", 1}}));
    CHECK(client.take() == std::vector<json>{{{"id", 1}}});
    client.close();
    CHECK_FALSE(run(loop, recorded.receive({})).has_value());
}

TEST_CASE("a recording that cannot be written says so") {
    CHECK_THROWS_WITH_AS(
        features::Recording::to_file("/nowhere/s.transcript"),
        "Cannot write the recording /nowhere/s.transcript: No such file or directory.",
        Error);
}
