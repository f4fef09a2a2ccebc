#pragma once

#include "http/transport.hpp"
#include "rpc/message.hpp"
#include "rpc/transport.hpp"
#include "support/trace.hpp"

#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace aml::features {

/// Mirrors a session as a transcript (`tests/transcripts`), with secrets replaced: the best bug
/// report there is. Used on the loop only.
class Recording final {
public:
    /// Throws: Unavailable when the file cannot be written.
    static std::unique_ptr<Recording> to_file(const std::string& path);

    explicit Recording(std::FILE* file)
        : file_(file) {}

    Recording(const Recording&) = delete;
    Recording& operator=(const Recording&) = delete;
    ~Recording();

    void from_client(const nlohmann::json& message);
    void to_client(const nlohmann::json& message);
    void call(const http::Request& request);
    void answer(const http::Response& response);
    void no_answer(const std::string& why);

private:
    using Methods = std::map<std::string, std::string>;

    void line(std::string_view sigil, const std::string& text);
    /// `asked` has the requests of the message's own side, `answered` those of the other side.
    nlohmann::json redacted(nlohmann::json message, Methods& asked, Methods& answered);

    std::FILE* file_;
    // Methods of requests that are not answered yet, by id, so that a secret in a result is known.
    Methods from_client_;
    Methods to_client_;
};

/// Passes on, and records when there is a recording.
class RecordedClient final : public rpc::Transport {
public:
    /// Keeps both; `recording` may be null.
    RecordedClient(rpc::Transport& inner, Recording* recording)
        : inner_(inner),
          recording_(recording) {}

    asio::awaitable<std::optional<rpc::Incoming>> receive(std::stop_token stop) override;
    asio::awaitable<void> send(nlohmann::json message) override;

private:
    rpc::Transport& inner_;
    Recording* recording_;
};

/// Passes on, records when there is a recording, and traces each attempt.
class RecordedHttp final : public http::Transport {
public:
    /// Keeps both; `recording` may be null.
    RecordedHttp(http::Transport& inner, Recording* recording, Trace trace)
        : inner_(inner),
          recording_(recording),
          trace_(std::move(trace)) {}

    asio::awaitable<http::Response> send(http::Request request, std::stop_token stop) override;

private:
    http::Transport& inner_;
    Recording* recording_;
    Trace trace_;
};

}  // namespace aml::features
