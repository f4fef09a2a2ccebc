#include "snapshot/byte_set.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace aml::snapshot {
namespace {

using Bytes = std::bitset<256>;
using Predicate = bool (*)(unsigned char);

bool is_lower(unsigned char byte) {
    return byte >= 'a' && byte <= 'z';
}

bool is_upper(unsigned char byte) {
    return byte >= 'A' && byte <= 'Z';
}

bool is_digit(unsigned char byte) {
    return byte >= '0' && byte <= '9';
}

bool is_alpha(unsigned char byte) {
    return is_lower(byte) || is_upper(byte);
}

bool is_alnum(unsigned char byte) {
    return is_alpha(byte) || is_digit(byte);
}

bool is_graph(unsigned char byte) {
    return byte > ' ' && byte < 127;
}

bool is_print(unsigned char byte) {
    return byte >= ' ' && byte < 127;
}

bool is_punct(unsigned char byte) {
    return is_graph(byte) && !is_alnum(byte);
}

bool is_cntrl(unsigned char byte) {
    return byte < ' ' || byte == 127;
}

bool is_blank(unsigned char byte) {
    return byte == ' ' || byte == '\t';
}

// Git's own isspace: without vertical tab and form feed.
bool is_space(unsigned char byte) {
    return is_blank(byte) || byte == '\n' || byte == '\r';
}

bool is_xdigit(unsigned char byte) {
    return is_digit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

constexpr std::array<std::pair<std::string_view, Predicate>, 12> classes{{{"alnum", is_alnum},
                                                                          {"alpha", is_alpha},
                                                                          {"blank", is_blank},
                                                                          {"cntrl", is_cntrl},
                                                                          {"digit", is_digit},
                                                                          {"graph", is_graph},
                                                                          {"lower", is_lower},
                                                                          {"print", is_print},
                                                                          {"punct", is_punct},
                                                                          {"space", is_space},
                                                                          {"upper", is_upper},
                                                                          {"xdigit", is_xdigit}}};

bool add_class(Bytes& bytes, std::string_view name) {
    const auto found = std::find_if(
        classes.begin(), classes.end(), [&](const auto& entry) { return entry.first == name; });
    if (found == classes.end()) return false;
    for (std::size_t byte = 0; byte < 256; ++byte) {
        if (found->second(static_cast<unsigned char>(byte))) bytes.set(byte);
    }
    return true;
}

/// Reads the members between the brackets one after the other.
class Reader final {
public:
    explicit Reader(std::string_view text)
        : text_(text) {}

    std::optional<ByteSet> read() {
        const bool negated = at_ < text_.size() && (text_[at_] == '!' || text_[at_] == '^');
        if (negated) ++at_;
        // A ']' in the first place is a member.
        bool first = true;
        while (at_ < text_.size() && (first || text_[at_] != ']')) {
            first = false;
            if (!read_member()) return std::nullopt;
        }
        if (at_ >= text_.size()) return std::nullopt;
        if (negated) bytes_.flip();
        return ByteSet{bytes_, at_ + 1};
    }

private:
    unsigned char byte(std::size_t at) const { return static_cast<unsigned char>(text_[at]); }

    bool read_member() {
        if (text_[at_] == '-' && previous_ != 0 && at_ + 1 < text_.size() &&
            text_[at_ + 1] != ']') {
            return read_range();
        }
        if (text_[at_] == '[' && at_ + 1 < text_.size() && text_[at_ + 1] == ':')
            return read_class();
        if (text_[at_] == '\\' && ++at_ >= text_.size()) return false;
        previous_ = byte(at_++);
        bytes_.set(previous_);
        return true;
    }

    bool read_range() {
        ++at_;
        if (text_[at_] == '\\' && ++at_ >= text_.size()) return false;
        const auto last = byte(at_++);
        for (std::size_t value = previous_; value <= last; ++value) bytes_.set(value);
        previous_ = 0;
        return true;
    }

    bool read_class() {
        const auto name = at_ + 2;
        const auto end = text_.find(']', name);
        if (end == std::string_view::npos) return false;
        if (end == name || text_[end - 1] != ':') {
            // No class after all: '[' is a member like others.
            previous_ = '[';
            bytes_.set(previous_);
            ++at_;
            return true;
        }
        at_ = end + 1;
        previous_ = 0;
        return add_class(bytes_, text_.substr(name, end - 1 - name));
    }

    std::string_view text_;
    std::size_t at_ = 1;
    Bytes bytes_;
    // Start of a possible range; 0 when there is none.
    unsigned char previous_ = 0;
};

}  // namespace

std::optional<ByteSet> parse_byte_set(std::string_view text) {
    return Reader(text).read();
}

}  // namespace aml::snapshot
