#include "runconfig/yaml_cursor.hpp"

#include "support/text.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace aml::runconfig {

namespace {

/// One line of YAML, as far as a line tells.
struct YamlLine {
    std::size_t begin = 0;
    std::size_t end = 0;
    /// Where the first thing stands, behind the dashes of a list.
    std::size_t start = 0;
    /// Where the first dash stands.
    std::optional<std::size_t> dash{};
    Span key{};
    /// Of the key; nothing when there is none.
    std::optional<std::size_t> colon{};
    bool is_comment = false;

    bool is_blank() const { return start == end && !dash; }

    std::size_t column() const { return start - begin; }

    std::size_t outer_column() const { return dash.value_or(start) - begin; }
};

/// The end of a key in quotes.
std::size_t end_of_quotes(std::string_view text, std::size_t begin, std::size_t end) {
    const auto close = text.find(text[begin], begin + 1);
    return close < end ? close + 1 : end;
}

void find_key(std::string_view text, YamlLine& line) {
    if (line.start == line.end) return;
    auto at = line.start;
    if (text[at] == '"' || text[at] == '\'') at = end_of_quotes(text, at, line.end);
    for (; at < line.end; ++at) {
        const bool is_colon = text[at] == ':' && (at + 1 == line.end || text[at + 1] == ' ');
        if (text[at] == '#' && at > line.start && text[at - 1] == ' ') break;
        if (!is_colon) continue;
        line.colon = at;
        break;
    }
    auto end = line.colon.value_or(at);
    while (end > line.start && text[end - 1] == ' ') --end;
    line.key = {line.start, end};
}

YamlLine yaml_line_at(std::string_view text, std::size_t offset) {
    YamlLine line;
    const auto before = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
    line.begin = before == std::string_view::npos ? 0 : before + 1;
    line.end = std::min(text.find_first_of("\r\n", line.begin), text.size());
    const auto after_blanks = [&](std::size_t at) {
        return std::min(text.find_first_not_of(' ', at), line.end);
    };
    line.start = after_blanks(line.begin);
    while (line.start < line.end && text[line.start] == '-' &&
           (line.start + 1 == line.end || text[line.start + 1] == ' ')) {
        if (!line.dash) line.dash = line.start;
        line.start = after_blanks(line.start + 1);
    }
    line.is_comment = line.start < line.end && text[line.start] == '#';
    if (!line.is_comment) find_key(text, line);
    return line;
}

/// Goes up from a line to the keys that it is below.
class Ancestors final {
public:
    Ancestors(std::string_view text, const YamlLine& line, std::size_t column)
        : text_(text),
          column_(column) {
        if (line.dash) enter_item(line);
        auto begin = line.begin;
        while (begin > 0 && (column_ > 0 || in_item_)) {
            const auto above = yaml_line_at(text_, begin - 1);
            begin = above.begin;
            if (!above.is_blank() && !above.is_comment) climb(above);
        }
        std::reverse(path_.begin(), path_.end());
    }

    /// From the root.
    const std::vector<std::string>& path() const { return path_; }

    /// Whether the line belongs to the text that the last key of the path has for its value.
    bool in_text() const { return in_text_; }

private:
    void climb(const YamlLine& above) {
        const bool is_sibling = above.dash && above.column() == column_ && !in_item_;
        const bool is_parent =
            above.colon &&
            (above.column() < column_ || (in_item_ && !above.dash && above.column() == column_));
        if (is_parent) {
            const auto value =
                trimmed_view(text_.substr(*above.colon + 1, above.end - *above.colon - 1));
            const bool has_text = !value.empty() && value.front() != '#' && value.front() != '&' &&
                                  value.front() != '!';
            if (has_text) {
                path_.clear();
                in_text_ = true;
            }
            path_.emplace_back(text_.substr(above.key.begin, above.key.end - above.key.begin));
            column_ = above.column();
            in_item_ = false;
        }
        if (above.dash && (is_parent || is_sibling)) enter_item(above);
    }

    void enter_item(const YamlLine& line) {
        // Which item it is tells nothing of what it may be.
        path_.emplace_back("0");
        column_ = line.outer_column();
        in_item_ = true;
    }

    std::string_view text_;
    std::size_t column_;
    bool in_item_ = false;
    bool in_text_ = false;
    std::vector<std::string> path_;
};

const Node& object_at(const Document& document, const std::vector<std::string>& path) {
    static const Node nothing{NodeType::Object, {}, {}, {}, {}};
    const auto* node = document.at(path);
    return node != nullptr ? *node : nothing;
}

/// The value that `path` leads to, if the cursor is in it.
Span value_under_cursor(const Document& document,
                        std::vector<std::string> path,
                        const std::string& key,
                        std::size_t offset) {
    path.push_back(key);
    const auto* value = document.at(path);
    const bool is_here = value != nullptr && value->type != NodeType::Object &&
                         value->type != NodeType::Array && value->span.touches(offset);
    return is_here ? value->span : Span{offset, offset};
}

}  // namespace

Cursor yaml_cursor(const Document& document, std::size_t offset) {
    const std::string_view text = document.text();
    Cursor cursor;
    cursor.replace = {offset, offset};
    const auto line = yaml_line_at(text, offset);
    if (offset < line.start && !line.is_blank()) return cursor;
    const auto column = line.is_blank() ? offset - line.begin : line.column();
    const Ancestors ancestors(text, line, column);
    cursor.container = ancestors.path();
    if (ancestors.in_text()) {
        cursor.place = Cursor::Place::Value;
        cursor.key = cursor.container.back();
        cursor.container.pop_back();
        cursor.replace = value_under_cursor(document, cursor.container, cursor.key, offset);
        cursor.node = &object_at(document, cursor.container);
        return cursor;
    }
    cursor.node = &object_at(document, cursor.container);
    const auto comment = text.substr(line.begin, offset - line.begin).find(" #");
    const bool in_comment = line.is_comment || comment != std::string_view::npos;
    if (in_comment) return cursor;
    cursor.key = std::string(text.substr(line.key.begin, line.key.end - line.key.begin));
    if (!line.colon || offset <= *line.colon) {
        const bool is_list_value = line.dash && !line.colon;
        cursor.place = is_list_value ? Cursor::Place::Elsewhere : Cursor::Place::Key;
        cursor.has_value = line.colon.has_value();
        if (!line.is_blank()) cursor.replace = line.key;
        return cursor;
    }
    cursor.place = Cursor::Place::Value;
    cursor.replace = value_under_cursor(document, cursor.container, cursor.key, offset);
    return cursor;
}

}  // namespace aml::runconfig
