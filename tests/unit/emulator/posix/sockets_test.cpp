#include "unit/emulator/http_fixture.hpp"

#include <doctest/doctest.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <optional>
#include <sys/socket.h>

namespace aml::emulator::sockets_test {

namespace {

constexpr int most_descriptors = 1'024;

std::optional<unsigned short> local_port(int descriptor) {
    sockaddr_in address{};
    socklen_t length = sizeof address;
    if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &length) != 0)
        return std::nullopt;
    if (address.sin_family != AF_INET) return std::nullopt;
    return ntohs(address.sin_port);
}

}  // namespace

TEST_CASE("what the emulator starts inherits none of its sockets") {
    test::LoopbackServer server;
    server.start();
    test::Client client(server.port);
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    client.reply();
    int sockets = 0;
    for (int descriptor = 0; descriptor < most_descriptors; ++descriptor) {
        if (local_port(descriptor) != server.port) continue;
        ++sockets;
        CHECK((::fcntl(descriptor, F_GETFD) & FD_CLOEXEC) != 0);
    }
    // The one that listens, and the connection.
    CHECK(sockets == 2);
}

}  // namespace aml::emulator::sockets_test
