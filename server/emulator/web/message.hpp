#pragma once

#include "async/asio.hpp"
#include "core/json.hpp"
#include "core/time.hpp"
#include "core/tokens.hpp"

#include <chrono>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace aml::emulator {

/// An ordered list of HTTP header fields whose names compare without regard to case.
class Headers final {
public:
    using Field = std::pair<std::string, std::string>;

    Headers() = default;
    Headers(std::initializer_list<Field> fields);

    /// Replaces every field of that name by one, or adds it.
    void set(std::string_view name, std::string value);
    /// Adds a field even if the name is there already.
    void add(std::string_view name, std::string value);
    void erase(std::string_view name);

    bool has(std::string_view name) const;
    /// The first value of that name, or "" when there is none.
    const std::string& get(std::string_view name) const;

    auto begin() const { return fields_.begin(); }

    auto end() const { return fields_.end(); }

    bool empty() const { return fields_.empty(); }

private:
    std::vector<Field> fields_;
};

/// The parameters after `?`, decoded. Names compare without regard to case (ARM accepts `$Top` for
/// `$top`).
class Query final {
public:
    Query() = default;
    /// Decodes `a=1&b=2`; '+' stands for a space.
    static Query parse(std::string_view text);

    bool has(std::string_view name) const;
    /// The first value, or "" when the parameter is absent.
    const std::string& get(std::string_view name) const;

    const std::vector<std::pair<std::string, std::string>>& items() const { return items_; }

private:
    std::vector<std::pair<std::string, std::string>> items_;
};

/// Which of Azure's front doors a route belongs to: decides error shape, reply headers and token
/// audiences.
enum class Surface { Arm, DataPlane, Blob, Entra, Page };

/// One HTTP request as handlers see it.
struct Request {
    /// Upper case.
    std::string method;
    /// As received: path and query.
    std::string target;
    /// As received, still percent-encoded, without the query.
    std::string path;
    Query query;
    Headers headers;
    /// The whole body; empty for routes that stream theirs.
    std::string body;
    /// Values of the pattern's `{name}` segments, decoded; `{name*}` holds the rest of the path.
    std::map<std::string, std::string, std::less<>> params;
    /// Set on routes with `Auth::Bearer`.
    Caller caller;
    /// The route's surface; Arm until a route is found.
    Surface surface = Surface::Arm;
    /// Value of `x-ms-request-id` in the reply.
    std::string request_id;
    /// `http://host:port` or `https://host:port` as the client addressed us; links in replies start
    /// with it.
    std::string base_url;
    Time received;

    /// A path parameter; "" if the pattern has none of that name.
    const std::string& param(std::string_view name) const;
    /// The body as a JSON object. Throws: Refused with 400 in the route's error shape.
    json json_body() const;
};

/// A part of a file as a reply's body; the file is opened when the reply is sent.
struct FileBody {
    std::filesystem::path path;
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
};

/// Deliberate damage done to a reply on its way out (faults only).
enum class Damage { None, Reset, Truncate };

/// One HTTP reply. Content-Length is set by the server.
struct Reply {
    int status = 200;
    Headers headers;
    std::variant<std::string, FileBody> body;
    Damage damage = Damage::None;
    /// Only for replies to HEAD whose length is known without a body.
    std::optional<std::uint64_t> head_length;

    static Reply empty(int status);
    static Reply of_json(const json& body, int status = 200);
    static Reply of_text(std::string text, std::string content_type, int status = 200);
};

/// Thrown by a handler that answers with an error: it carries the reply. Made by the functions in
/// errors.hpp. An emulator's failures are themselves replies in Azure's shapes, which `aml::Error`
/// cannot hold.
class Refused final : public std::exception {
public:
    explicit Refused(Reply reply)
        : reply_(std::move(reply)) {}

    const Reply& reply() const noexcept { return reply_; }

    const char* what() const noexcept override { return "request refused"; }

private:
    Reply reply_;
};

/// The body of a request, pulled by a streaming handler. Sends `100 Continue` on the first read if
/// the client waits for it.
class BodyReader {
public:
    virtual ~BodyReader() = default;
    /// The next piece (at most 64 KiB), or "" at the end. Throws: Refused with 400 when the client
    /// breaks off.
    virtual asio::awaitable<std::string> read() = 0;
    /// Declared length; absent with chunked transfer.
    virtual std::optional<std::uint64_t> length() const = 0;
};

}  // namespace aml::emulator
