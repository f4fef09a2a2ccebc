#include "runconfig/json_reader.hpp"

#include "support/localize.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace aml::runconfig {

namespace {

constexpr int max_depth = 64;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Whether `token` is a number by the grammar of RFC 8259 section 6.
bool is_json_number(std::string_view token) {
    std::size_t at = 0;
    const auto digits = [&] {
        const auto start = at;
        while (at < token.size() && is_digit(token[at])) ++at;
        return at - start;
    };
    if (at < token.size() && token[at] == '-') ++at;
    const bool leading_zero = at < token.size() && token[at] == '0';
    const auto whole = digits();
    if (whole == 0 || (leading_zero && whole > 1)) return false;
    if (at < token.size() && token[at] == '.') {
        ++at;
        if (digits() == 0) return false;
    }
    if (at < token.size() && (token[at] == 'e' || token[at] == 'E')) {
        ++at;
        if (at < token.size() && (token[at] == '+' || token[at] == '-')) ++at;
        if (digits() == 0) return false;
    }
    return at == token.size();
}

}  // namespace

void JsonReader::report(std::size_t begin, std::size_t end, std::string message, bool tolerated) {
    problems_.push_back({{begin, std::max(begin, end)}, std::move(message), tolerated});
}

Reading read_json(std::string_view text) {
    JsonReader reader(text);
    auto root = reader.read();
    return {std::move(root), reader.take_problems()};
}

std::vector<SyntaxProblem> JsonReader::take_problems() {
    return std::move(problems_);
}

Node JsonReader::read() {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
    skip_space();
    if (at_end()) {
        report(
            0,
            0,
            localize(
                "The file is empty: write a run configuration, or run the script as an experiment "
                "to create one."));
        return {};
    }
    auto root = read_value();
    skip_space();
    if (!at_end())
        report(at_,
               text_.size(),
               localize("Unexpected text after the end of the configuration: remove it."));
    return root;
}

Node JsonReader::read_value() {
    if (peek() == '{' || peek() == '[') {
        if (open_objects_ + open_arrays_ == max_depth) {
            const auto start = at_;
            skip_nested();
            report(start,
                   at_,
                   localize("Nested deeper than {} levels; this part is not read.", max_depth));
            Node skipped;
            skipped.span = {start, at_};
            return skipped;
        }
        return peek() == '{' ? read_object() : read_array();
    }
    if (peek() == '"' || peek() == '\'') return read_string();
    if (is_digit(peek()) || peek() == '-' || peek() == '+' || peek() == '.') return read_number();
    if (is_letter(peek())) return read_word();
    Node missing;
    missing.span = {at_, at_};
    const bool delimiter =
        at_end() || std::string_view(",:]}").find(peek()) != std::string_view::npos;
    if (!delimiter) ++at_;
    report(missing.span.begin,
           at_,
           localize("Expected a value: text in double quotes, a number, true, false, {{ or [."));
    return missing;
}

Node JsonReader::read_object() {
    Node object;
    object.type = NodeType::Object;
    object.span.begin = at_++;
    ++open_objects_;
    read_members(object);
    --open_objects_;
    close(object, '}');
    report_duplicates(object);
    return object;
}

void JsonReader::read_members(Node& object) {
    for (;;) {
        if (ends_here('}')) return;
        const bool key = peek() == '"' || peek() == '\'' || is_letter(peek()) || is_digit(peek());
        if (!key) {
            report(at_,
                   at_ + 1,
                   localize("Unexpected “{}”: expected a key in double quotes.",
                            peek() == ',' || peek() == ':' ? std::string(1, peek()) : "character"));
            ++at_;
            continue;
        }
        object.members.push_back(read_member());
        if (!read_separator('}')) return;
    }
}

Member JsonReader::read_member() {
    Member member;
    const auto start = at_;
    if (peek() == '"' || peek() == '\'') {
        member.key = read_string().text;
    } else {
        while (!at_end() && (is_letter(peek()) || is_digit(peek()) || peek() == '-')) ++at_;
        member.key = std::string(text_.substr(start, at_ - start));
        report(start, at_, localize("Put the key in double quotes: \"{}\".", member.key));
    }
    member.key_span = {start, at_};
    read_member_value(member);
    return member;
}

void JsonReader::read_member_value(Member& member) {
    skip_space();
    if (lacks_only_colon(member)) {
        report(member.key_span.end,
               member.key_span.end,
               localize("Expected “:” between \"{}\" and its value.", member.key));
        member.value = read_value();
        return;
    }
    if (peek() != ':' || at_end()) {
        member.value.span = {member.key_span.end, member.key_span.end};
        report(member.key_span.begin,
               member.key_span.end,
               localize("Expected “:” and a value after \"{}\".", member.key));
        return;
    }
    const auto after_colon = ++at_;
    skip_space();
    const bool nothing = at_end() || peek() == ',' || peek() == '}' || peek() == ']';
    if (nothing || next_line_starts_a_member(after_colon)) {
        at_ = after_colon;
        member.value.span = {after_colon, after_colon};
        report(member.key_span.begin,
               after_colon,
               localize("Expected a value for \"{}\".", member.key));
        return;
    }
    member.value = read_value();
}

bool JsonReader::lacks_only_colon(const Member& member) const {
    if (at_end() || starts_a_member()) return false;
    const auto gap = text_.substr(member.key_span.end, at_ - member.key_span.end);
    const bool value = is_digit(peek()) || is_letter(peek()) ||
                       std::string_view("\"'{[-").find(peek()) != std::string_view::npos;
    return value && gap.find('\n') == std::string_view::npos;
}

bool JsonReader::next_line_starts_a_member(std::size_t after_colon) const {
    const auto gap = text_.substr(after_colon, at_ - after_colon);
    return gap.find('\n') != std::string_view::npos && starts_a_member();
}

bool JsonReader::starts_a_member() const {
    if (at_end() || peek() != '"') return false;
    auto end = at_ + 1;
    while (end < text_.size() && text_[end] != '"' && text_[end] != '\n')
        end += text_[end] == '\\' ? 2U : 1U;
    if (end >= text_.size() || text_[end] != '"') return false;
    ++end;
    while (end < text_.size() && is_space(text_[end])) ++end;
    return end < text_.size() && text_[end] == ':';
}

Node JsonReader::read_array() {
    Node array;
    array.type = NodeType::Array;
    array.span.begin = at_++;
    ++open_arrays_;
    while (!ends_here(']')) {
        const auto before = at_;
        array.items.push_back(read_value());
        if (!read_separator(']')) break;
        // A stray ':' is neither value nor separator.
        if (at_ == before) ++at_;
    }
    --open_arrays_;
    close(array, ']');
    return array;
}

bool JsonReader::ends_here(char close) {
    for (;;) {
        skip_space();
        if (at_end() || peek() == close) return true;
        if (peek() != '}' && peek() != ']') return false;
        if (peek() == '}' ? open_objects_ > 0 : open_arrays_ > 0) return true;
        report(at_, at_ + 1, localize("Unexpected “{}”: nothing is open that it closes.", peek()));
        ++at_;
    }
}

bool JsonReader::read_separator(char close) {
    const auto end_of_item = at_;
    if (ends_here(close)) return false;
    if (peek() != ',') {
        report(end_of_item, end_of_item, localize("Expected a comma here."));
        return true;
    }
    const auto comma = at_++;
    skip_space();
    if (peek() == close)
        report(comma, comma + 1, localize("Remove this comma: nothing follows it."), true);
    return true;
}

void JsonReader::close(Node& container, char bracket) {
    container.closed = peek() == bracket;
    if (container.closed) ++at_;
    container.span.end = at_;
    if (container.closed) return;
    report(container.span.begin,
           container.span.begin + 1,
           localize("This bracket is never closed: “{}” is missing.", bracket));
}

void JsonReader::report_duplicates(const Node& object) {
    std::set<std::string_view> seen;
    for (const auto& member : object.members) {
        if (seen.insert(member.key).second) continue;
        report(member.key_span.begin,
               member.key_span.end,
               localize("\"{}\" is here twice: keep one of them.", member.key));
    }
}

void JsonReader::skip_nested() {
    int open = 0;
    do {
        if (peek() == '"') {
            read_string();
            continue;
        }
        if (peek() == '{' || peek() == '[') ++open;
        if (peek() == '}' || peek() == ']') --open;
        ++at_;
    } while (!at_end() && open > 0);
}

void JsonReader::skip_space() {
    while (!at_end()) {
        if (is_space(peek())) {
            ++at_;
        } else if (peek() == '#' || (peek() == '/' && at_ + 1 < text_.size() &&
                                     (text_[at_ + 1] == '/' || text_[at_ + 1] == '*'))) {
            skip_comment();
        } else {
            return;
        }
    }
}

void JsonReader::skip_comment() {
    const auto start = at_;
    const bool block = peek() == '/' && text_[at_ + 1] == '*';
    const auto end = block ? text_.find("*/", at_ + 2) : text_.find('\n', at_);
    at_ = end == std::string_view::npos ? text_.size() : end + (block ? 2U : 0U);
    if (block && end == std::string_view::npos) {
        report(start, at_, localize("This comment is never closed: “*/” is missing."));
    } else {
        report(start,
               at_,
               localize("JSON has no comments; other tools that read this file may refuse it. Use "
                        "\"description\" instead."),
               true);
    }
}

Node JsonReader::read_word() {
    Node node;
    const auto start = at_;
    while (!at_end() && (is_letter(peek()) || is_digit(peek()))) ++at_;
    const auto word = text_.substr(start, at_ - start);
    node.span = {start, at_};
    node.text = std::string(word);
    if (word == "true" || word == "false") {
        node.type = NodeType::Boolean;
    } else if (word == "null") {
        node.type = NodeType::Null;
    } else {
        node.type = NodeType::String;
        report(start, at_, localize("Put text in double quotes: \"{}\".", word));
    }
    return node;
}

Node JsonReader::read_number() {
    Node node;
    const auto start = at_;
    const auto part = [](char c) {
        return is_digit(c) || is_letter(c) || c == '.' || c == '-' || c == '+';
    };
    while (!at_end() && part(peek())) ++at_;
    node.span = {start, at_};
    node.text = std::string(text_.substr(start, at_ - start));
    if (is_json_number(node.text)) {
        node.type = NodeType::Number;
    } else {
        node.type = NodeType::String;
        report(start, at_, localize("“{}” is not a number; put text in double quotes.", node.text));
    }
    return node;
}

}  // namespace aml::runconfig
