#include "web/compression.hpp"

#include "http_fixture.hpp"

#include <doctest/doctest.h>
#include <zlib.h>

namespace aml::emulator::compression_test {

using test::Client;

namespace {

const std::string rows(4000, 'r');

Reply answer(std::string text = rows, std::string type = "application/json; charset=utf-8") {
    return Reply::of_text(std::move(text), std::move(type));
}

/// `Content-Encoding` and `Vary` of what is answered to a request that accepts gzip.
std::string headers(Reply reply, Surface surface = Surface::Arm, std::string accepts = "gzip") {
    Request request;
    request.surface = surface;
    request.headers.set("Accept-Encoding", std::move(accepts));
    const bool packs = negotiate_compression(request, reply);
    CHECK(packs == reply.headers.has("Content-Encoding"));
    return reply.headers.get("Content-Encoding") + "|" + reply.headers.get("Vary");
}

std::string unpack(const std::string& packed) {
    z_stream stream{};
    REQUIRE(inflateInit2(&stream, MAX_WBITS + 16) == Z_OK);
    auto input = packed;
    std::string text(1'000'000, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = reinterpret_cast<Bytef*>(text.data());
    stream.avail_out = static_cast<uInt>(text.size());
    CHECK(inflate(&stream, Z_FINISH) == Z_STREAM_END);
    text.resize(stream.total_out);
    inflateEnd(&stream);
    return text;
}

}  // namespace

TEST_CASE("text of some length is compressed for whoever asks, but nothing of blob storage") {
    CHECK(headers(answer()) == "gzip|Accept-Encoding");
    CHECK(headers(answer(), Surface::DataPlane) == "gzip|Accept-Encoding");
    CHECK(headers(answer(rows, "text/html; charset=utf-8"), Surface::Page) ==
          "gzip|Accept-Encoding");
    CHECK(headers(answer(), Surface::Arm, "identity") == "|Accept-Encoding");
    CHECK(headers(answer(), Surface::Arm, "") == "|Accept-Encoding");
    CHECK(headers(answer(), Surface::Blob) == "|");
    CHECK(headers(answer("short")) == "|");
    CHECK(headers(answer(rows, "image/png")) == "|");
    CHECK(headers(Reply::empty(204)) == "|");
    Reply file;
    file.body = FileBody{"somewhere", 0, 1'000'000};
    file.headers.set("Content-Type", "text/plain");
    CHECK(headers(file) == "|");
}

TEST_CASE("what a client accepts is read with its weights") {
    for (const auto* text : {"gzip", "deflate, GZIP;q=0.5", "*", "br;q=1.0, *;q=0.1", "x-gzip"}) {
        CAPTURE(text);
        CHECK(accepts_gzip(text));
    }
    for (const auto* text : {"", "identity", "br", "gzip;q=0", "*;q=0", "gzip;q=0, *"}) {
        CAPTURE(text);
        CHECK_FALSE(accepts_gzip(text));
    }
}

TEST_CASE("what was compressed is what it was") {
    std::string text;
    for (int i = 0; i < 20'000; ++i) text += "run " + std::to_string(i) + ", ";
    CHECK(gzip(text).size() < text.size() / 3);
    CHECK(unpack(gzip(text)) == text);
    CHECK(unpack(gzip("")).empty());
}

TEST_CASE("GET and HEAD have the same headers when compressed") {
    test::LoopbackServer server;
    server.add("GET", "/rows", SyncHandler([](const Request&) { return answer(); }));
    server.start();
    Client client(server.port);
    const std::string rest = " /rows HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n";
    client.send("GET" + rest);
    const auto reply = client.reply();
    CHECK(reply.find("Content-Encoding: gzip\n") != std::string::npos);
    const auto body = reply.substr(reply.find("\n\n") + 2);
    CHECK(unpack(body) == rows);
    client.send("HEAD" + rest);
    const auto head = client.reply(false);
    CHECK(head.find("Content-Encoding: gzip\n") != std::string::npos);
    CHECK(head.find("Content-Length: " + std::to_string(body.size()) + "\n") != std::string::npos);
    client.send("GET /rows HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const auto plain = client.reply();
    CHECK(plain.find("Content-Encoding") == std::string::npos);
    CHECK(plain.substr(plain.find("\n\n") + 2) == rows);
}

}  // namespace aml::emulator::compression_test
