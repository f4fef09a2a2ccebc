#include "runconfig/python_source.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <utility>

namespace aml::runconfig {

namespace {

using PythonKind = PythonToken::Kind;

bool begins_name(char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

bool is_decimal(char c) {
    return c >= '0' && c <= '9';
}

bool opens(const PythonToken& token) {
    return token.is("(") || token.is("[") || token.is("{");
}

bool closes(const PythonToken& token) {
    return token.is(")") || token.is("]") || token.is("}");
}

/// Reads a source once from its beginning to its end.
class PythonReader final {
public:
    explicit PythonReader(std::string_view source)
        : source_(source) {}

    std::vector<PythonToken> read() {
        while (at_ < source_.size()) step();
        return std::move(tokens_);
    }

private:
    void step() {
        const char c = source_[at_];
        if (c == '\n') {
            line_begins_ = line_begins_ || depth_ == 0;
            ++at_;
        } else if (c == '\\') {
            // It goes on in the next line.
            at_ += source_.substr(at_).starts_with("\\\r\n") ? std::size_t{3} : std::size_t{2};
        } else if (c == ' ' || c == '\t' || c == '\r' || c == '\f') {
            ++at_;
        } else if (c == '#') {
            at_ = std::min(source_.find('\n', at_), source_.size());
        } else if (c == '"' || c == '\'') {
            read_text({});
        } else if (begins_name(c)) {
            read_name();
        } else if (is_decimal(c) || (c == '.' && at_ + 1 < source_.size() && is_decimal(next()))) {
            read_number();
        } else {
            add(PythonKind::Sign, std::string(1, c));
            ++at_;
            if (opens(tokens_.back())) ++depth_;
            if (closes(tokens_.back()) && depth_ > 0) --depth_;
        }
    }

    char next() const { return source_[at_ + 1]; }

    void add(PythonKind kind, std::string text) {
        tokens_.push_back({kind, std::move(text), std::exchange(line_begins_, false)});
    }

    void read_name() {
        auto end = at_;
        while (end < source_.size() && (begins_name(source_[end]) || is_decimal(source_[end])))
            ++end;
        const auto name = source_.substr(at_, end - at_);
        at_ = end;
        const bool is_prefix = name.size() <= 2 && at_ < source_.size() &&
                               (source_[at_] == '"' || source_[at_] == '\'');
        if (is_prefix) {
            read_text(name);
        } else {
            add(PythonKind::Name, std::string(name));
        }
    }

    void read_number() {
        auto end = at_;
        const auto belongs = [&](char c) {
            if (is_decimal(c) || begins_name(c) || c == '.') return true;
            const char before = source_[end - 1];
            return (c == '-' || c == '+') && (before == 'e' || before == 'E');
        };
        while (end < source_.size() && (end == at_ || belongs(source_[end]))) ++end;
        std::string number(source_.substr(at_, end - at_));
        std::erase(number, '_');
        add(PythonKind::Number, std::move(number));
        at_ = end;
    }

    void read_text(std::string_view prefix) {
        const auto has = [&](char lower_case) {
            return std::any_of(prefix.begin(), prefix.end(), [&](char c) {
                return std::tolower(static_cast<unsigned char>(c)) == lower_case;
            });
        };
        const std::string_view rest = source_.substr(at_);
        const bool is_long = rest.starts_with(R"(""")") || rest.starts_with("'''");
        const auto quotes = std::string(rest.substr(0, is_long ? 3 : 1));
        at_ += quotes.size();
        std::string text;
        while (at_ < source_.size() && !source_.substr(at_).starts_with(quotes)) {
            // An end that is missing shall not swallow what follows.
            if (!is_long && source_[at_] == '\n') break;
            if (source_[at_] == '\\' && !has('r') && at_ + 1 < source_.size()) ++at_;
            text.push_back(source_[at_++]);
        }
        at_ = std::min(source_.size(), at_ + quotes.size());
        if (has('f')) {
            add(PythonKind::Sign, "f-string");
        } else {
            add(PythonKind::Text, std::move(text));
        }
    }

    std::string_view source_;
    std::size_t at_ = 0;
    int depth_ = 0;
    bool line_begins_ = true;
    std::vector<PythonToken> tokens_;
};

}  // namespace

std::vector<PythonToken> python_tokens(std::string_view source) {
    return PythonReader(source).read();
}

std::vector<PythonArgument> python_arguments(const std::vector<PythonToken>& tokens,
                                             std::size_t open) {
    std::vector<PythonArgument> arguments;
    PythonArgument current;
    std::vector<PythonToken>* part = &current.value;
    const auto finish = [&] {
        if (!current.name.empty() || !current.value.empty()) arguments.push_back(current);
        current = {};
        part = &current.value;
    };
    int depth = 0;
    for (auto i = open; i < tokens.size(); ++i) {
        const auto& token = tokens[i];
        if (closes(token) && --depth == 0) break;
        if (depth == 1 && token.is(",")) {
            finish();
            continue;
        }
        const bool is_named = depth == 1 && part == &current.value && current.value.size() == 1 &&
                              current.name.empty();
        const bool is_equal = depth == 1 && token.is("=") && part != nullptr;
        if (is_named && (token.is(":") || token.is("="))) {
            current.name = current.value.front().text;
            current.value.clear();
            part = token.is(":") ? &current.annotation : &current.value;
        } else if (is_equal && part == &current.annotation) {
            part = &current.value;
        } else if (i > open) {
            part->push_back(token);
        }
        if (opens(token)) ++depth;
    }
    finish();
    return arguments;
}

std::optional<std::string> python_literal(const std::vector<PythonToken>& value) {
    if (value.size() == 2 && value[0].is("-") && value[1].kind == PythonKind::Number)
        return "-" + value[1].text;
    if (value.size() != 1) return std::nullopt;
    const auto& only = value.front();
    const bool is_constant = only.is_name("True") || only.is_name("False") || only.is_name("None");
    if (only.kind == PythonKind::Sign || (only.kind == PythonKind::Name && !is_constant))
        return std::nullopt;
    return only.text;
}

std::vector<std::string> python_list(const std::vector<PythonToken>& value) {
    std::vector<std::string> items;
    if (value.empty() || !opens(value.front())) return items;
    for (const auto& item : python_arguments(value, 0)) {
        auto literal = python_literal(item.value);
        if (!literal) return {};
        items.push_back(std::move(*literal));
    }
    return items;
}

}  // namespace aml::runconfig
