#include "web/message.hpp"

#include "core/text.hpp"
#include "web/errors.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace aml::emulator {

namespace {

Refused bad_content(const Request& request, std::string_view why) {
    return surface_error(
        request,
        request.surface,
        400,
        "InvalidRequestContent",
        fmt::format("The request content was invalid and could not be deserialized: {}.", why));
}

}  // namespace

Headers::Headers(std::initializer_list<Field> fields)
    : fields_(fields) {}

void Headers::set(std::string_view name, std::string value) {
    erase(name);
    add(name, std::move(value));
}

void Headers::add(std::string_view name, std::string value) {
    fields_.emplace_back(std::string(name), std::move(value));
}

void Headers::erase(std::string_view name) {
    std::erase_if(fields_, [&](const Field& field) { return same_text(field.first, name); });
}

bool Headers::has(std::string_view name) const {
    return std::any_of(fields_.begin(), fields_.end(), [&](const Field& field) {
        return same_text(field.first, name);
    });
}

const std::string& Headers::get(std::string_view name) const {
    static const std::string none;
    for (const auto& [key, value] : fields_) {
        if (same_text(key, name)) return value;
    }
    return none;
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
