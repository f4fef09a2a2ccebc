#include "core/message.hpp"

#include "core/errors.hpp"
#include "core/text.hpp"

#include <fmt/format.h>

namespace aml::emulator {

namespace {

/// Deeper documents would overflow the stack of whoever walks them.
constexpr int deepest_json = 128;

bool is_too_deep(std::string_view text) {
    int depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (in_string) {
            if (c == '\\') ++i;
            if (c == '"') in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > deepest_json) return true;
        } else if (c == '}' || c == ']') {
            --depth;
        }
    }
    return false;
}

Refused bad_content(const Request& request, std::string_view why) {
    return surface_error(
        request,
        request.surface,
        400,
        "InvalidRequestContent",
        fmt::format("The request content was invalid and could not be deserialized: {}.", why));
}

}  // namespace

std::optional<json> parse_json(std::string_view text) {
    if (is_too_deep(text)) return std::nullopt;
    auto parsed = json::parse(text, nullptr, false);
    if (parsed.is_discarded()) return std::nullopt;
    return parsed;
}

std::string json_text(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string text_at(const json& object, std::string_view key) {
    if (!object.is_object()) return {};
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Query Query::parse(std::string_view text) {
    Query query;
    while (!text.empty()) {
        const auto end = text.find('&');
        const auto item = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (item.empty()) continue;
        const auto equals = item.find('=');
        auto value = equals == std::string_view::npos
                         ? std::string()
                         : percent_decode(item.substr(equals + 1), true);
        query.items_.emplace_back(percent_decode(item.substr(0, equals), true), std::move(value));
    }
    return query;
}

bool Query::has(std::string_view name) const {
    for (const auto& [key, value] : items_) {
        if (same_text(key, name)) return true;
    }
    return false;
}

const std::string& Query::get(std::string_view name) const {
    static const std::string none;
    for (const auto& [key, value] : items_) {
        if (same_text(key, name)) return value;
    }
    return none;
}

const std::string& Request::param(std::string_view name) const {
    static const std::string none;
    const auto found = params.find(name);
    return found == params.end() ? none : found->second;
}

json Request::json_body() const {
    if (body.empty()) throw bad_content(*this, "the body is empty, a JSON object is expected");
    auto parsed = parse_json(body);
    if (!parsed) throw bad_content(*this, "it is not JSON, or nested too deeply");
    if (!parsed->is_object()) throw bad_content(*this, "a JSON object is expected");
    return std::move(*parsed);
}

Reply Reply::empty(int status) {
    Reply reply;
    reply.status = status;
    return reply;
}

Reply Reply::of_json(const json& body, int status) {
    return of_text(json_text(body), "application/json; charset=utf-8", status);
}

Reply Reply::of_text(std::string text, std::string content_type, int status) {
    Reply reply;
    reply.status = status;
    reply.headers.set("Content-Type", std::move(content_type));
    reply.body = std::move(text);
    return reply;
}

}  // namespace aml::emulator
