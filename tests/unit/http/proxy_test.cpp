#include "http/proxy.hpp"

#include <doctest/doctest.h>

#include <map>

using namespace aml;

namespace {

std::optional<http::Proxy> proxy(const std::string& url,
                                 const std::map<std::string, std::string>& variables) {
    const auto environment = [&variables](const char* name) {
        const auto found = variables.find(name);
        return found == variables.end() ? std::string() : found->second;
    };
    return http::proxy_for(*http::parse_url(url), environment);
}

}  // namespace

TEST_CASE("the proxy comes from the environment, with its account") {
    CHECK_FALSE(proxy("https://a.com", {}));
    CHECK(proxy("https://a.com", {{"https_proxy", "proxy:8080"}})->address == "http://proxy:8080");
    CHECK(proxy("https://a.com", {{"HTTPS_PROXY", "http://proxy:8080/"}})->address ==
          "http://proxy:8080");
    CHECK(proxy("https://a.com", {{"ALL_PROXY", "http://all"}})->address == "http://all");
    const auto account = proxy("https://a.com", {{"HTTPS_PROXY", "http://ada:p%40ss@proxy:8080"}});
    CHECK(account->user == "ada");
    CHECK(account->password == Secret("p@ss"));
    CHECK(account->address == "http://proxy:8080");
    CHECK_FALSE(proxy("https://a.com", {{"HTTPS_PROXY", "http://proxy:port"}}));
}

TEST_CASE("this machine, plain http and excluded hosts need no proxy") {
    const std::string http_proxy = "http://proxy";
    CHECK_FALSE(proxy("http://127.0.0.1:80", {{"https_proxy", http_proxy}}));
    CHECK_FALSE(proxy("https://localhost", {{"https_proxy", http_proxy}}));
    for (const auto* list : {"*", "azureml.ms", ".azureml.ms", "x, EASTUS.api.azureml.ms ,y"}) {
        CHECK_FALSE(proxy("https://eastus.api.azureml.ms",
                          {{"https_proxy", http_proxy}, {"NO_PROXY", list}}));
    }
    CHECK(
        proxy("https://xazureml.ms", {{"https_proxy", http_proxy}, {"no_proxy", "azureml.ms, ,"}}));
}
