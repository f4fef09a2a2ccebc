#include "http/proxy.hpp"

#include "support/error_of.hpp"
#include "unit/http/tls_world.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <map>

using namespace aml;
using test::ConnectProxy;
using test::TlsServer;
using test::TlsWorld;
using test::Variables;

namespace {

using Values = std::map<std::string, std::string>;

std::optional<http::Proxy> proxy(const std::string& url,
                                 const Values& variables,
                                 const http::ProxySettings& settings = {}) {
    const auto environment = [&variables](const char* name) {
        const auto found = variables.find(name);
        return found == variables.end() ? std::string() : found->second;
    };
    return http::proxy_for(*http::parse_url(url), settings, environment);
}

bool excludes(const std::string& entry, const std::string& url) {
    return http::proxy_excludes(entry, *http::parse_url(url));
}

/// A service that only the proxy can reach, because no such name exists.
struct Office : TlsWorld {
    Office() { configure({}); }

    void configure(http::ProxySettings settings) {
        transport.configure(
            {.proxy = std::move(settings), .ca_file = file("r.pem", authority.certificate)});
    }

    test::Identity authority = test::self_signed({"Contoso Root"});
    TlsServer server{loop, test::signed_by(authority, {"service.example"})};
    ConnectProxy office{loop, server.port()};
};

}  // namespace

TEST_CASE("the proxy comes from the settings, else from the environment, with its account") {
    CHECK_FALSE(proxy("https://a.com", {}));
    CHECK(proxy("https://a.com", {{"https_proxy", "proxy:8080"}})->address == "http://proxy:8080");
    CHECK(proxy("https://a.com", {{"HTTPS_PROXY", "http://proxy:8080/"}})->address ==
          "http://proxy:8080");
    CHECK(proxy("https://a.com", {{"ALL_PROXY", "http://all"}})->address == "http://all:80");
    CHECK(proxy("https://a.com", {{"HTTP_PROXY", "http://one"}})->address == "http://one:80");
    CHECK(proxy("https://a.com", {{"HTTP_PROXY", "one"}, {"HTTPS_PROXY", "two"}})->address ==
          "http://two:80");
    const http::ProxySettings set{.address = Secret("http://set:3128"), .excluded = {}};
    CHECK(proxy("https://a.com", {{"HTTPS_PROXY", "proxy"}}, set)->address == "http://set:3128");
    const auto account = proxy("https://a.com", {{"HTTPS_PROXY", "http://ada:p%40ss@proxy:8080"}});
    CHECK(account->user == "ada");
    CHECK(account->password == Secret("p@ss"));
    CHECK(account->address == "http://proxy:8080");
}

TEST_CASE("an address that is no proxy we can use is named, without its password") {
    for (const auto* text : {"http://ada:s3cret@proxy:port",
                             "socks5://ada:s3cret@proxy:1080",
                             "https://ada:s3cret@proxy"}) {
        CAPTURE(text);
        const auto error = test::error_of([&] { proxy("https://a.com", {{"HTTPS_PROXY", text}}); });
        CHECK(error.kind() == ErrorKind::Rejected);
        CHECK(error.message().find("in HTTPS_PROXY cannot be used; write it as http://") !=
              std::string::npos);
        CHECK(error.message().find("s3cret") == std::string::npos);
    }
    const http::ProxySettings set{.address = Secret("socks5://p"), .excluded = {}};
    CHECK_THROWS_WITH_AS(
        proxy("https://a.com", {}, set), doctest::Contains("in the setting http.proxy"), Error);
}

TEST_CASE("this machine, plain http and excluded hosts need no proxy") {
    CHECK_FALSE(proxy("http://127.0.0.1:80", {{"https_proxy", "p"}}));
    CHECK_FALSE(proxy("https://localhost", {{"https_proxy", "p"}}));
    const auto* host = "https://eastus.api.azureml.ms";
    for (const auto* list :
         {"*", "azureml.ms", ".azureml.ms", "x, EASTUS.api.azureml.ms ,y", "x *.azureml.ms"}) {
        CAPTURE(list);
        CHECK_FALSE(proxy(host, {{"https_proxy", "p"}, {"NO_PROXY", list}}));
        const http::ProxySettings set{.address = {}, .excluded = {"other", list}};
        CHECK_FALSE(proxy(host, {{"https_proxy", "p"}}, set));
    }
    CHECK(proxy("https://xazureml.ms", {{"https_proxy", "p"}, {"no_proxy", "azureml.ms, ,"}}));
}

TEST_CASE("each form of an exclusion means what it says") {
    CHECK(excludes("a.com:443", "https://b.a.com"));
    CHECK_FALSE(excludes("a.com:8443", "https://a.com"));
    CHECK(excludes("a.com:8443", "https://a.com:8443"));
    CHECK(excludes("10.0.0.0/8", "https://10.1.2.3"));
    CHECK_FALSE(excludes("10.0.0.0/8", "https://11.1.2.3"));
    CHECK(excludes("10.1.2.3", "https://10.1.2.3"));
    CHECK_FALSE(excludes("1.2.3", "https://10.1.2.3"));
    CHECK(excludes("fd00::/8", "https://[fd12::1]"));
    CHECK_FALSE(excludes("fd00::/8", "https://[2001:db8::1]"));
    CHECK(excludes("[fd12::1]:443", "https://[fd12::1]"));
    CHECK(excludes("fd12::1", "https://[fd12::1]"));
    CHECK_FALSE(excludes("10.0.0.0/8", "https://a.com"));
    CHECK_FALSE(excludes("10.0.0.0/99", "https://10.1.2.3"));
    CHECK_FALSE(excludes("", "https://a.com"));
    CHECK_FALSE(excludes(".", "https://a.com"));
}

TEST_CASE_FIXTURE(Office, "connections are tunnelled through the proxy of the environment") {
    const Variables variables{{"HTTPS_PROXY", office.address()}};
    CHECK(get("https://service.example/x").body == "ok");
    REQUIRE(office.requests.size() == 1);
    CHECK(office.requests[0].starts_with("CONNECT service.example:443 HTTP/1.1\r\n"));
    CHECK(office.requests[0].find("Proxy-Authorization") == std::string::npos);
    CHECK(server.requests.at(0).starts_with("GET /x HTTP/1.1\r\n"));
    CHECK(server.requests.at(0).find("Proxy-") == std::string::npos);
}

TEST_CASE_FIXTURE(Office, "a changed setting counts from the next request on") {
    configure({.address = Secret("http://127.0.0.1:1"), .excluded = {}});
    const auto error = failure("https://service.example/");
    CHECK(error.kind() == ErrorKind::Unavailable);
    CHECK(error.message() ==
          "The proxy http://127.0.0.1:1 cannot be reached; check the network, and the setting "
          "http.proxy or HTTPS_PROXY.");
    configure({.address = Secret(office.address()), .excluded = {}});
    CHECK(get("https://service.example/").body == "ok");
}

TEST_CASE_FIXTURE(Office, "a proxy that wants an account gets the one in its address") {
    office.account = "ada:p@ss";
    const auto host = office.address().substr(7);
    configure({.address = Secret("http://ada:p%40ss@" + host), .excluded = {}});
    CHECK(get("https://service.example/").body == "ok");

    configure({.address = Secret("http://" + host), .excluded = {}});
    const auto missing = failure("https://service.example/");
    CHECK(missing.kind() == ErrorKind::Rejected);
    CHECK(missing.message() ==
          fmt::format("The proxy http://{} asks for a user name and password; write them into its "
                      "address, http://user:password@host:port, in the setting http.proxy or in "
                      "HTTPS_PROXY.",
                      host));

    configure({.address = Secret("http://ada:wrong@" + host), .excluded = {}});
    const auto wrong = failure("https://service.example/");
    CHECK(wrong.kind() == ErrorKind::Rejected);
    CHECK(wrong.message().find("does not accept the user name and password in its address") !=
          std::string::npos);
    CHECK(wrong.message().find("wrong@") == std::string::npos);
    CHECK(server.requests.size() == 1);
}

TEST_CASE_FIXTURE(Office, "what a proxy refuses, and what it cannot reach, differ") {
    configure({.address = Secret(office.address()), .excluded = {}});
    office.refusal = "403 Forbidden";
    const auto forbidden = failure("https://service.example/");
    CHECK(forbidden.kind() == ErrorKind::Rejected);
    CHECK(forbidden.message().find("does not allow connections to https://service.example") !=
          std::string::npos);
    office.refusal = "503 Service Unavailable";
    const auto down = failure("https://service.example/");
    CHECK(down.kind() == ErrorKind::Unavailable);
    CHECK(down.message().find("cannot reach https://service.example") != std::string::npos);
}

TEST_CASE_FIXTURE(Office,
                  "a proxy that inspects connections is refused until its root is trusted") {
    const auto inspector = test::self_signed({"Contoso Inspection"});
    const TlsServer inspecting(loop, test::signed_by(inspector, {"service.example"}));
    const ConnectProxy through(loop, inspecting.port());
    configure({.address = Secret(through.address()), .excluded = {}});
    CHECK(failure("https://service.example/").message().find("issued by Contoso Inspection") !=
          std::string::npos);
    transport.configure({.proxy = {.address = Secret(through.address()), .excluded = {}},
                         .ca_file = file("both.pem", inspector.certificate)});
    CHECK(get("https://service.example/").body == "ok");
}
