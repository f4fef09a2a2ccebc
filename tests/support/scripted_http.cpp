#include "support/scripted_http.hpp"

#include "http/url.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>
#include <iterator>

namespace aml::test {
namespace {

std::string path_and_query(const std::string& address) {
    const auto url = http::parse_url(address);
    if (!url) return address;
    return url->query.empty() ? url->path : url->path + '?' + url->query;
}

std::string line(const http::Request& request) {
    return fmt::format("{} {}", http::to_string(request.method), path_and_query(request.url));
}

}  // namespace

ExpectedCall& ExpectedCall::with_header(std::string name, std::string value) {
    headers_.set(std::move(name), std::move(value));
    return *this;
}

ExpectedCall& ExpectedCall::with_json(nlohmann::json body) {
    json_ = std::move(body);
    return *this;
}

ExpectedCall& ExpectedCall::with_body(std::string body) {
    body_ = std::move(body);
    return *this;
}

ExpectedCall& ExpectedCall::reply(int status, nlohmann::json body, http::Headers headers) {
    if (!headers.contains("Content-Type")) {
        headers.set("Content-Type", "application/json; charset=utf-8");
    }
    return reply_text(status, body.dump(), std::move(headers));
}

ExpectedCall& ExpectedCall::reply_text(int status, std::string body, http::Headers headers) {
    response_ = http::Response{status, std::move(headers), std::move(body)};
    return *this;
}

ExpectedCall& ExpectedCall::reply_fixture(int status,
                                          const std::string& path,
                                          http::Headers headers) {
    return reply_text(status, fixture(path), std::move(headers));
}

ExpectedCall& ExpectedCall::fail(Error error) {
    error_ = std::move(error);
    return *this;
}

ExpectedCall& ExpectedCall::hold() {
    held_ = true;
    return *this;
}

ExpectedCall& ExpectedCall::any_times() {
    any_times_ = true;
    return *this;
}

void ExpectedCall::release() {
    released_ = true;
    if (gate_) gate_->set();
}

bool ExpectedCall::matches(const http::Request& request) const {
    if (served_ > 0 && !any_times_) return false;
    if (request.method != method_) return false;
    const auto address = url_.starts_with('/') ? path_and_query(request.url) : request.url;
    if (address != url_) return false;
    for (const auto& [name, value] : headers_) {
        if (request.headers.get(name) != value) return false;
    }
    if (body_ && request.body.view() != *body_) return false;
    return !json_ || nlohmann::json::parse(request.body.view(), nullptr, false) == *json_;
}

std::string ExpectedCall::describe() const {
    auto result = fmt::format("{} {}", http::to_string(method_), url_);
    for (const auto& [name, value] : headers_) result += fmt::format(" [{}: {}]", name, value);
    if (json_) result += ' ' + json_->dump();
    if (body_) result += ' ' + *body_;
    return result;
}

ScriptedHttp::~ScriptedHttp() {
    verify();
}

ExpectedCall& ScriptedHttp::expect(http::Method method, std::string url) {
    auto& call = calls_.emplace_back();
    call.method_ = method;
    call.url_ = std::move(url);
    return call;
}

ExpectedCall* ScriptedHttp::match(const http::Request& request) {
    for (auto& call : calls_) {
        if (call.matches(request)) return &call;
    }
    return nullptr;
}

asio::awaitable<http::Response> ScriptedHttp::send(http::Request request, std::stop_token stop) {
    requests_.push_back(request);
    if (stop.stop_requested()) throw cancelled();
    auto* call = match(request);
    if (call == nullptr) {
        std::string message = fmt::format(
            "unscripted call: {} {}", line(request), request.body.view().substr(0, 2000));
        for (const auto& expected : calls_) {
            if (expected.served_ == 0) message += "\n  still expected: " + expected.describe();
        }
        FAIL_CHECK(message);
        throw Error(ErrorKind::InternalError, message);
    }
    ++call->served_;
    if (call->held_ && !call->released_) {
        if (!call->gate_)
            call->gate_ = std::make_shared<async::Event>(co_await asio::this_coro::executor);
        const auto gate = call->gate_;
        co_await gate->wait(std::move(stop));
    }
    if (call->error_) throw *call->error_;
    co_return call->response_.value_or(http::Response{200, {}, {}});
}

std::vector<std::string> ScriptedHttp::log() const {
    std::vector<std::string> result;
    for (const auto& request : requests_) result.push_back(line(request));
    return result;
}

void ScriptedHttp::verify() {
    for (const auto& call : calls_) {
        if (call.served_ == 0 && !call.any_times_)
            FAIL_CHECK("expected call never came: " << call.describe());
    }
}

std::string fixture(const std::string& path) {
    std::ifstream file(std::string(AML_SOURCE_DIR "/tests/fixtures/") + path, std::ios::binary);
    if (!file) throw Error(ErrorKind::NotFound, "No fixture " + path);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace aml::test
