// The part of JsonReader that reads strings.
#include "runconfig/json_reader.hpp"
#include "support/localize.hpp"

namespace aml::runconfig {

namespace {

void append_utf8(std::string& into, unsigned code) {
    const auto byte = [&into](unsigned value) {
        into.push_back(static_cast<char>(static_cast<unsigned char>(value)));
    };
    if (code < 0x80) {
        byte(code);
    } else if (code < 0x800) {
        byte(0xC0U | (code >> 6U));
        byte(0x80U | (code & 0x3FU));
    } else if (code < 0x10000) {
        byte(0xE0U | (code >> 12U));
        byte(0x80U | ((code >> 6U) & 0x3FU));
        byte(0x80U | (code & 0x3FU));
    } else {
        byte(0xF0U | (code >> 18U));
        byte(0x80U | ((code >> 12U) & 0x3FU));
        byte(0x80U | ((code >> 6U) & 0x3FU));
        byte(0x80U | (code & 0x3FU));
    }
}

constexpr unsigned replacement_character = 0xFFFD;

/// Length of the well-formed UTF-8 sequence at `at` (RFC 3629); 0 when it is none.
std::size_t utf8_length(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) {
        return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
    };
    const auto continues = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
    const auto lead = byte(0);
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead <= 0xDF) return continues(1) ? 2 : 0;
    if (lead >= 0xE0 && lead <= 0xEF) {
        const bool overlong = lead == 0xE0 && byte(1) < 0xA0;
        const bool surrogate = lead == 0xED && byte(1) > 0x9F;
        return !overlong && !surrogate && continues(1) && continues(2) ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        const bool overlong = lead == 0xF0 && byte(1) < 0x90;
        const bool beyond = lead == 0xF4 && byte(1) > 0x8F;
        return !overlong && !beyond && continues(1) && continues(2) && continues(3) ? 4 : 0;
    }
    return 0;
}

}  // namespace

Node JsonReader::read_string() {
    Node node;
    node.type = NodeType::String;
    const auto start = at_;
    const char quote = peek();
    ++at_;
    while (!at_end() && peek() != quote && peek() != '\n' && peek() != '\r') {
        if (peek() == '\\') {
            read_escape(node.text);
        } else {
            read_raw(node.text);
        }
    }
    node.closed = !at_end() && peek() == quote;
    if (node.closed) ++at_;
    node.span = {start, at_};
    if (!node.closed) {
        report(start,
               at_,
               localize("This text is never closed: a quotation mark is missing at its end."));
    } else if (quote == '\'') {
        report(start, at_, localize("Use double quotes instead of single ones."));
    }
    return node;
}

void JsonReader::read_raw(std::string& into) {
    if (static_cast<unsigned char>(peek()) < 0x20) {
        report(at_,
               at_ + 1,
               localize("A control character must be written as an escape, a tab as \\t."));
        into.push_back(text_[at_++]);
        return;
    }
    const auto length = utf8_length(text_, at_);
    if (length == 0) {
        report(at_, at_ + 1, localize("This byte is not UTF-8: save the file as UTF-8."));
        append_utf8(into, replacement_character);
        ++at_;
        return;
    }
    into.append(text_.substr(at_, length));
    at_ += length;
}

void JsonReader::read_escape(std::string& into) {
    const auto start = at_++;
    const char escaped = at_end() ? '\n' : peek();
    if (escaped == '\n' || escaped == '\r') return;
    ++at_;
    switch (escaped) {
        case '"':
        case '\\':
        case '/':
            into.push_back(escaped);
            return;
        case 'b':
            into.push_back('\b');
            return;
        case 'f':
            into.push_back('\f');
            return;
        case 'n':
            into.push_back('\n');
            return;
        case 'r':
            into.push_back('\r');
            return;
        case 't':
            into.push_back('\t');
            return;
        case 'u':
            read_unicode(into, start);
            return;
        default:
            report(start,
                   at_,
                   localize("Unknown escape: write a backslash as \\\\, and / between folders."));
            into.push_back('\\');
            --at_;
            read_raw(into);
    }
}

void JsonReader::read_unicode(std::string& into, std::size_t start) {
    const auto first = read_hex();
    if (!first) {
        report(start, at_, localize("\\u needs four hexadecimal digits."));
        return;
    }
    if (*first < 0xD800 || *first > 0xDFFF) {
        append_utf8(into, *first);
        return;
    }
    const bool second_follows = *first < 0xDC00 && text_.substr(at_).starts_with("\\u");
    if (second_follows) {
        at_ += 2;
        const auto second = read_hex();
        if (second && *second >= 0xDC00 && *second <= 0xDFFF) {
            append_utf8(into, 0x10000U + ((*first - 0xD800U) << 10U) + (*second - 0xDC00U));
            return;
        }
    }
    report(start, at_, localize("Half a character: \\uD800 to \\uDFFF come in pairs."));
    append_utf8(into, replacement_character);
}

std::optional<unsigned> JsonReader::read_hex() {
    unsigned value = 0;
    for (int i = 0; i < 4; ++i) {
        const char c = peek();
        unsigned digit = 0;
        if (c >= '0' && c <= '9') {
            digit = static_cast<unsigned>(c - '0');
        } else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') {
            digit = static_cast<unsigned>((c | 0x20) - 'a') + 10U;
        } else {
            return std::nullopt;
        }
        value = value * 16 + digit;
        ++at_;
    }
    return value;
}

}  // namespace aml::runconfig
