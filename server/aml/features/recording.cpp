#include "features/recording.hpp"

#include "http/redact.hpp"
#include "http/url.hpp"
#include "platform/file.hpp"
#include "protocol/codec.hpp"
#include "rpc/wire_log.hpp"
#include "support/error.hpp"
#include "support/system_text.hpp"

#include <fmt/format.h>

#include <system_error>
#include <utility>

namespace aml::features {
namespace {

using nlohmann::json;

/// A body as a transcript writes it: redacted JSON, else only its size.
std::string body_text(std::string_view body) {
    if (body.empty()) return "";
    auto parsed = json::parse(body, nullptr, false);
    if (parsed.is_discarded()) return " " + json(fmt::format("{} bytes", body.size())).dump();
    return " " + rpc::to_text(http::redact_json(std::move(parsed)));
}

}  // namespace

std::unique_ptr<Recording> Recording::to_file(const std::string& path) {
    try {
        return std::make_unique<Recording>(platform::open_stream(path, platform::Before::Cut));
    } catch (const std::system_error& error) {
        const auto reason = system_text(error.code()).english();
        throw Error(ErrorKind::Unavailable,
                    fmt::format("Cannot write the recording {}: {}.", path, reason));
    }
}

Recording::~Recording() {
    std::fclose(file_);
}

void Recording::line(std::string_view sigil, const std::string& text) {
    fmt::print(file_, "{} {}\n", sigil, text);
    std::fflush(file_);
}

json Recording::redacted(json message, Methods& asked, Methods& answered) {
    if (!message.is_object()) return message;
    message.erase("jsonrpc");
    const auto id = message.contains("id") ? message["id"].dump() : "";
    const auto method = message.find("method");
    if (method != message.end() && method->is_string()) {
        if (!id.empty()) asked[id] = method->get<std::string>();
        if (message.contains("params")) {
            message["params"] = protocol::redact(
                method->get<std::string>(), "params", std::move(message["params"]));
        }
    } else if (message.contains("result")) {
        message["result"] = protocol::redact(answered[id], "result", std::move(message["result"]));
        answered.erase(id);
    }
    return message;
}

void Recording::from_client(const json& message) {
    line("-->", rpc::to_text(redacted(message, from_client_, to_client_)));
}

void Recording::to_client(const json& message) {
    line("<--", rpc::to_text(redacted(message, to_client_, from_client_)));
}

void Recording::call(const http::Request& request) {
    line("http>",
         fmt::format("{} {}{}",
                     http::to_string(request.method),
                     http::redact_url(request.url),
                     body_text(request.body.view())));
}

void Recording::answer(const http::Response& response) {
    line("<http", fmt::format("{}{}", response.status, body_text(response.body)));
}

void Recording::no_answer(const std::string& why) {
    line("<http", "! " + why);
}

asio::awaitable<std::optional<rpc::Incoming>> RecordedClient::receive(std::stop_token stop) {
    auto incoming = co_await inner_.receive(std::move(stop));
    const auto* message = incoming ? std::get_if<json>(&*incoming) : nullptr;
    if (recording_ != nullptr && message != nullptr) recording_->from_client(*message);
    co_return incoming;
}

asio::awaitable<void> RecordedClient::send(json message) {
    if (recording_ != nullptr) recording_->to_client(message);
    co_await inner_.send(std::move(message));
}

asio::awaitable<http::Response> RecordedHttp::send(http::Request request, std::stop_token stop) {
    const auto span = trace_.span(
        fmt::format("{} {}", http::to_string(request.method), http::redact_url(request.url)));
    if (recording_ == nullptr) co_return co_await inner_.send(std::move(request), std::move(stop));
    recording_->call(request);
    try {
        auto response = co_await inner_.send(std::move(request), std::move(stop));
        recording_->answer(response);
        co_return response;
    } catch (const Error& error) {
        recording_->no_answer(error.message());
        throw;
    }
}

}  // namespace aml::features
