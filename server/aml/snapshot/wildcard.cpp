#include "snapshot/wildcard.hpp"

#include "snapshot/byte_set.hpp"

#include <algorithm>
#include <utility>

namespace aml::snapshot {

Wildcard::Wildcard(std::string_view pattern, Scope scope) {
    compile(pattern, scope);
}

void Wildcard::compile(std::string_view pattern, Scope scope) {
    for (std::size_t at = 0; at < pattern.size() && !hopeless_;) {
        switch (pattern[at]) {
            case '*':
                at += compile_stars(pattern, at, scope);
                break;
            case '?':
                add_set(Set().set(), scope);
                ++at;
                break;
            case '[':
                if (const auto set = parse_byte_set(pattern.substr(at))) {
                    add_set(set->bytes, scope);
                    at += set->length;
                } else {
                    hopeless_ = true;
                }
                break;
            case '\\':
                if (++at == pattern.size()) {
                    hopeless_ = true;
                    break;
                }
                [[fallthrough]];
            default:
                steps_.push_back({Step::Kind::Byte, static_cast<unsigned char>(pattern[at++]), 0});
        }
    }
}

std::size_t Wildcard::compile_stars(std::string_view pattern, std::size_t at, Scope scope) {
    const auto end = std::min(pattern.find_first_not_of('*', at), pattern.size());
    const auto rest = pattern.substr(end);
    if (scope == Scope::Name) {
        steps_.push_back({Step::Kind::Anything});
        return end - at;
    }
    const bool alone_before = at == 0 || pattern[at - 1] == '/';
    const bool alone_after = rest.empty() || rest[0] == '/' || rest.substr(0, 2) == "\\/";
    if (end - at < 2 || !alone_before || !alone_after) {
        steps_.push_back({Step::Kind::Run});
        return end - at;
    }
    if (rest.empty() || rest[0] != '/') {
        steps_.push_back({Step::Kind::Anything});
        return end - at;
    }
    steps_.push_back({Step::Kind::Folders});
    return end - at + 1;
}

void Wildcard::add_set(Set set, Scope scope) {
    if (scope == Scope::Path) set.reset('/');
    steps_.push_back({Step::Kind::Set, 0, static_cast<std::uint32_t>(sets_.size())});
    sets_.push_back(set);
}

bool Wildcard::accepts(const Step& step, unsigned char byte) const {
    return step.kind == Step::Kind::Byte ? step.byte == byte : sets_[step.set].test(byte);
}

void Wildcard::skip_optional(std::vector<bool>& active) const {
    for (std::size_t i = 0; i < steps_.size(); ++i) {
        const auto kind = steps_[i].kind;
        if (active[i] && kind != Step::Kind::Byte && kind != Step::Kind::Set) active[i + 1] = true;
    }
}

bool Wildcard::matches(std::string_view text) const {
    if (hopeless_) return false;
    // active[i]: the text so far is matched by the first i steps. A Folders step has a second
    // state, `inside[i]`: it has taken bytes and must go on to a '/'.
    std::vector<bool> active(steps_.size() + 1);
    std::vector<bool> inside(steps_.size());
    active[0] = true;
    skip_optional(active);
    for (const char character : text) {
        const auto byte = static_cast<unsigned char>(character);
        std::vector<bool> next(steps_.size() + 1);
        for (std::size_t i = 0; i < steps_.size(); ++i) {
            const auto& step = steps_[i];
            if (step.kind == Step::Kind::Folders) {
                inside[i] = inside[i] || active[i];
                if (inside[i] && byte == '/') next[i + 1] = true;
            } else if (active[i]) {
                const bool stays = step.kind == Step::Kind::Anything ||
                                   (step.kind == Step::Kind::Run && byte != '/');
                if (stays) next[i] = true;
                const bool single = step.kind == Step::Kind::Byte || step.kind == Step::Kind::Set;
                if (single && accepts(step, byte)) next[i + 1] = true;
            }
        }
        skip_optional(next);
        active = std::move(next);
    }
    return active[steps_.size()];
}

}  // namespace aml::snapshot
