#pragma once

#include "async/event.hpp"
#include "http/transport.hpp"
#include "support/error.hpp"

#include <nlohmann/json.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace aml::test {

class ScriptedHttp;

/// One expected call and its answer; set up in the order of the sentence "expect … with … reply …".
class ExpectedCall final {
public:
    /// Also compares this request header.
    ExpectedCall& with_header(std::string name, std::string value);
    /// Also compares the request's JSON body.
    ExpectedCall& with_json(nlohmann::json body);
    /// Also compares the request's bytes.
    ExpectedCall& with_body(std::string body);

    ExpectedCall& reply(int status, nlohmann::json body, http::Headers headers = {});
    ExpectedCall& reply_text(int status, std::string body = {}, http::Headers headers = {});
    /// Answers with a file below tests/fixtures.
    ExpectedCall& reply_fixture(int status, const std::string& path, http::Headers headers = {});
    /// Fails as the transport does, e.g. `Error(ErrorKind::Unavailable, "…")`.
    ExpectedCall& fail(Error error);
    /// Answers only after `release()`; a call that is stopped meanwhile ends as Cancelled.
    ExpectedCall& hold();
    /// Serves any number of calls instead of one, none included.
    ExpectedCall& any_times();

    void release();

    /// How many requests it has served (or is holding).
    int served() const { return served_; }

private:
    friend class ScriptedHttp;

    bool matches(const http::Request& request) const;
    std::string describe() const;

    http::Method method_ = http::Method::Get;
    std::string url_;
    http::Headers headers_;
    std::optional<nlohmann::json> json_;
    std::optional<std::string> body_;
    std::optional<http::Response> response_;
    std::optional<Error> error_;
    bool held_ = false;
    bool released_ = false;
    bool any_times_ = false;
    int served_ = 0;
    // Set by `release`; made when the first held call arrives, because it needs the loop.
    std::shared_ptr<async::Event> gate_;
};

/// A transport whose every call is scripted. A call that is not ends as InternalError and fails the
/// test; so does an expected call that never came, when this object goes (or at `verify`).
class ScriptedHttp final : public http::Transport {
public:
    ScriptedHttp() = default;
    ScriptedHttp(const ScriptedHttp&) = delete;
    ScriptedHttp& operator=(const ScriptedHttp&) = delete;
    ~ScriptedHttp() override;

    /// `url` is compared with the request's whole address; one that starts with '/' with its path
    /// and query. Calls may come in any order; of several that match, the first unused one answers.
    /// Default answer: 200, empty. The reference stays good as long as this object.
    ExpectedCall& expect(http::Method method, std::string url);

    ExpectedCall& expect_get(std::string url) { return expect(http::Method::Get, std::move(url)); }

    ExpectedCall& expect_put(std::string url) { return expect(http::Method::Put, std::move(url)); }

    ExpectedCall& expect_post(std::string url) {
        return expect(http::Method::Post, std::move(url));
    }

    asio::awaitable<http::Response> send(http::Request request, std::stop_token stop) override;

    /// All requests in order of arrival.
    const std::deque<http::Request>& requests() const { return requests_; }

    /// "GET /path?query" of each request, in order of arrival.
    std::vector<std::string> log() const;

    /// Fails the test for every expected call that has not come.
    void verify();

private:
    ExpectedCall* match(const http::Request& request);

    std::deque<ExpectedCall> calls_;
    std::deque<http::Request> requests_;
};

/// A file below tests/fixtures. Throws: NotFound.
std::string fixture(const std::string& path);

}  // namespace aml::test
