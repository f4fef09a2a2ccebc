#include "platform/stream.hpp"

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <string>
#include <thread>

using namespace aml;
using platform::InputStream;
using platform::OutputStream;

namespace {

// The descriptors stay open: the program ends soon.
struct PipeStreams {
    platform::PipeEnds ends = platform::make_pipe();
    InputStream input{ends.read};
    OutputStream output{ends.write};
};

}  // namespace

TEST_CASE("bytes pass unchanged, a line end and a zero among them") {
    PipeStreams pipe;
    const std::string bytes("a\r\nb\n\x1a\0c", 8);
    CHECK(pipe.output.write(bytes));
    std::array<char, 100> buffer{};
    CHECK(pipe.input.read(buffer.data(), buffer.size()) == bytes.size());
    CHECK(std::string(buffer.data(), bytes.size()) == bytes);
}

TEST_CASE("a reader that waits is woken, and reads again once it may rest") {
    PipeStreams pipe;
    std::array<char, 10> buffer{};
    std::optional<std::size_t> got = 99;
    std::jthread reader([&] { got = pipe.input.read(buffer.data(), buffer.size()); });
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    pipe.input.wake();
    reader.join();
    CHECK_FALSE(got.has_value());
    CHECK_FALSE(pipe.input.read(buffer.data(), buffer.size()).has_value());
    pipe.input.rest();
    CHECK(pipe.output.write("x"));
    CHECK(pipe.input.read(buffer.data(), buffer.size()) == 1);
}

TEST_CASE("a writer whose pipe is full is woken") {
    PipeStreams pipe;
    bool all = true;
    std::jthread writer([&] { all = pipe.output.write(std::string(std::size_t{3} << 20U, 'x')); });
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    pipe.output.wake();
    writer.join();
    CHECK_FALSE(all);
}
