#pragma once

#include "http/headers.hpp"
#include "support/localize.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace aml::http {

enum class Method { Get, Head, Put, Post, Patch, Delete };

/// The method as it stands on the wire, e.g. "GET".
std::string_view to_string(Method method);

/// Immutable bytes that are shared, never copied: a retried 8 MiB block costs its memory once.
class Body final {
public:
    Body() = default;

    explicit Body(std::string bytes)
        : bytes_(std::make_shared<const std::string>(std::move(bytes))) {}

    explicit Body(std::shared_ptr<const std::string> bytes)
        : bytes_(std::move(bytes)) {}

    std::string_view view() const {
        return bytes_ ? std::string_view(*bytes_) : std::string_view();
    }

    std::size_t size() const { return view().size(); }

private:
    // Shared by the request, its repetitions and the socket that sends it.
    std::shared_ptr<const std::string> bytes_;
};

/// Whether a failed request may be sent again.
enum class Repeat {
    /// GET, HEAD, PUT and DELETE always; POST and PATCH only when the service refused it and said
    /// when to come back.
    ByMethod,
    /// The caller knows that repeating does no harm, e.g. a POST that only reads.
    Safe,
    /// The first failure says enough.
    Never,
};

/// One HTTP request, before the pipeline has added its headers.
struct Request {
    Method method = Method::Get;
    /// Absolute. May hold a SAS signature: log only `redact_url(url)`.
    std::string url;
    Headers headers{};
    Body body{};
    /// For one attempt, from connecting to the last byte of the answer.
    std::chrono::milliseconds timeout = std::chrono::seconds(100);
    /// What it is for, as an infinitive: "create the job"; for logs and messages.
    LocalizedText operation{};
    /// OAuth scope of the bearer token; empty sends none (SAS addresses, discovery, sign-in).
    std::string scope{};
    /// Scope of the token with which the service itself is to act for the user; mostly empty.
    std::string user_scope{};
    /// Tenant the tokens must be for; empty means the credential's own.
    std::string tenant{};
    /// Account the tokens must be for, as in `TokenRequest`; empty means the usual one.
    std::string account{};
    Repeat repeat = Repeat::ByMethod;
};

/// Asks for JSON, compressed where the service can do that. Not for a range of bytes.
void accept_json(Request& request);

/// Any status is a normal answer at this level.
struct Response {
    int status = 0;
    Headers headers{};
    std::string body{};
    /// How often the request was sent until this answer came; what the service or the way there
    /// refused before counts.
    int attempts = 1;
    /// The tenant that a challenge has named, and whose token was taken then; empty: the request's
    /// own.
    std::string tenant{};
};

/// True for 200 … 299.
bool succeeded(const Response& response);

}  // namespace aml::http
