#include "runconfig/yaml_tree.hpp"

#include "runconfig/yaml_scalar.hpp"
#include "support/localize.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace aml::runconfig {

namespace {

/// More values than that are in no file that somebody has written.
constexpr std::size_t most_expanded = 10'000;

constexpr std::string_view blanks = " \t\r\n";
/// What yaml-cpp says of a scalar without a tag.
constexpr std::string_view plain_tag = "?";
constexpr std::string_view quoted_tag = "!";
constexpr std::string_view core_tag = "tag:yaml.org,2002:";

std::size_t values_in(const Node& node) {
    std::size_t count = 1;
    for (const auto& member : node.members) count += values_in(member.value);
    for (const auto& item : node.items) count += values_in(item);
    return count;
}

std::size_t depth_of(const Node& node) {
    std::size_t inner = 0;
    for (const auto& member : node.members) inner = std::max(inner, depth_of(member.value));
    for (const auto& item : node.items) inner = std::max(inner, depth_of(item));
    return inner + 1;
}

}  // namespace

void YamlTree::report(Span span, std::string message, bool tolerated) {
    problems_.push_back({span, std::move(message), tolerated});
}

std::size_t YamlTree::place(const YAML::Mark& mark) const {
    const auto at = start_ + static_cast<std::size_t>(std::max(mark.pos, 0));
    return std::min(at, text_.size());
}

std::size_t YamlTree::after_blanks(std::size_t at) const {
    while (at < text_.size()) {
        const auto next = std::min(text_.find_first_not_of(blanks, at), text_.size());
        const bool comment = next < text_.size() && text_[next] == '#' &&
                             (next == 0 || blanks.find(text_[next - 1]) != std::string_view::npos);
        if (!comment) return next;
        at = std::min(text_.find('\n', next), text_.size());
    }
    return at;
}

std::size_t YamlTree::after_properties(std::size_t at) const {
    while (at < text_.size() && (text_[at] == '!' || text_[at] == '&'))
        at = after_blanks(std::min(text_.find_first_of(" \t\r\n,]}", at), text_.size()));
    return at;
}

std::size_t YamlTree::end_of_quoted(std::size_t begin) const {
    const char quote = text_[begin];
    for (auto at = begin + 1; at < text_.size(); ++at) {
        if (quote == '"' && text_[at] == '\\') {
            ++at;
        } else if (text_[at] == quote) {
            const bool doubled = quote == '\'' && at + 1 < text_.size() && text_[at + 1] == quote;
            if (!doubled) return at + 1;
            ++at;
        }
    }
    return std::string_view::npos;
}

std::size_t YamlTree::end_of_plain(std::size_t begin, std::string_view value) const {
    auto end = begin;
    auto at = begin;
    for (const char letter : value) {
        if (blanks.find(letter) != std::string_view::npos) continue;
        at = text_.find_first_not_of(blanks, at);
        // A letter that yaml-cpp has put in the place of one that is not UTF-8.
        if (at == std::string_view::npos || text_[at] != letter) return end;
        end = ++at;
    }
    return end;
}

Node YamlTree::scalar_node(std::size_t begin, const std::string& tag, const std::string& value) {
    Node node;
    node.span = {begin, begin};
    const char first = begin < text_.size() ? text_[begin] : '\0';
    const bool is_block = tag != plain_tag && (first == '|' || first == '>');
    const bool is_quoted = tag != plain_tag && (first == '"' || first == '\'');
    if (is_quoted) {
        const auto end = end_of_quoted(begin);
        node.closed = end != std::string_view::npos;
        node.span.end = node.closed ? end : text_.size();
        if (!node.closed) {
            const auto line = std::min(text_.find_first_of("\r\n", begin), text_.size());
            report({begin, line},
                   localize("This text is never closed: a quotation mark is missing at its end."));
        }
    } else if (is_block) {
        const auto header = std::min(text_.find_first_of("\r\n", begin), text_.size());
        node.span.end = std::max(end_of_plain(header, value), header);
    } else {
        node.span.end = end_of_plain(begin, value);
    }
    if (tag != plain_tag) {
        read_tagged(node, tag, value);
        return node;
    }
    auto scalar = read_yaml_scalar(value);
    node.type = scalar.type;
    node.text = std::move(scalar.text);
    if (scalar.surprising) {
        report(node.span,
               localize("YAML takes “{}” for the number {}. Put it in quotes if it is text.",
                        value,
                        node.text),
               true);
    }
    return node;
}

void YamlTree::read_tagged(Node& node, const std::string& tag, const std::string& value) {
    node.type = NodeType::String;
    node.text = value;
    auto name = std::string_view(tag);
    if (name.starts_with(core_tag)) name.remove_prefix(core_tag.size());
    if (tag == quoted_tag || name == "str") return;
    auto scalar = read_yaml_scalar(value);
    const bool fits = (name == "int" && scalar.type == NodeType::Number) ||
                      (name == "float" && scalar.type == NodeType::Number) ||
                      (name == "bool" && scalar.type == NodeType::Boolean) || name == "null";
    if (fits) {
        node.type = name == "null" ? NodeType::Null : scalar.type;
        node.text = std::move(scalar.text);
        return;
    }
    report(node.span, localize("The tag “{}” does not go with this value: remove it.", name));
}

bool YamlTree::expects_key() const {
    return !open_.empty() && open_.back().node.type == NodeType::Object && !open_.back().member;
}

void YamlTree::OnDocumentStart(const YAML::Mark&) {
    ++documents_;
}

void YamlTree::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (is_skipping() || documents_ > 1) return;
    Node node;
    node.type = NodeType::Null;
    const auto* member = !open_.empty() && open_.back().member ? &*open_.back().member : nullptr;
    const auto colon = member != nullptr ? text_.find(':', member->key_span.end) : 0;
    const auto after_colon = member != nullptr && colon != std::string_view::npos ? colon + 1 : 0;
    const auto begin = after_properties(place(mark));
    // The place of a value that is not written is that of what comes next.
    const bool is_written = begin >= after_colon && after_blanks(after_colon) <= begin &&
                            (text_.substr(begin, 1) == "~" ||
                             (begin + 4 <= text_.size() &&
                              read_yaml_scalar(text_.substr(begin, 4)).type == NodeType::Null));
    const bool lacks_colon = member != nullptr && !open_.back().has_brackets &&
                             (colon == std::string_view::npos || colon > place(mark));
    if (lacks_colon) {
        // What is being typed at the end of a file is taken for a key by yaml-cpp.
        report(member->key_span, localize("Expected “:” and a value after \"{}\".", member->key));
        open_.back().member.reset();
        return;
    }
    if (is_written) {
        node.span = {begin, begin + (text_[begin] == '~' ? 1U : 4U)};
    } else if (member != nullptr) {
        const auto end = colon == std::string_view::npos || colon > place(mark)
                             ? member->key_span.end
                             : after_colon;
        node.span = {end, end};
    } else {
        node.span = {begin, begin};
    }
    add(std::move(node), anchor, false);
}

void YamlTree::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (is_skipping() || documents_ > 1) return;
    const auto begin = place(mark);
    const Span span{begin, std::min(text_.find_first_of(" \t\r\n,]}", begin), text_.size())};
    Node missing;
    missing.span = span;
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) {
        report(span,
               localize("“{}” stands inside of what it names.",
                        text_.substr(begin, span.end - begin)));
        add(std::move(missing), 0, false);
        return;
    }
    const auto& named = found->second;
    if (open_.size() + named.depth > deepest_yaml || expanded_ + named.values > most_expanded) {
        report(span,
               localize("With its aliases this file has more than {} values, or is nested deeper "
                        "than {} levels: write out what is meant.",
                        most_expanded,
                        deepest_yaml));
        // One is enough.
        expanded_ = most_expanded;
        add(std::move(missing), 0, false);
        return;
    }
    expanded_ += named.values;
    auto node = named.node;
    node.span = span;
    add(std::move(node), 0, false);
}

void YamlTree::OnScalar(const YAML::Mark& mark,
                        const std::string& tag,
                        YAML::anchor_t anchor,
                        const std::string& value) {
    if (is_skipping() || documents_ > 1) return;
    if (expects_key()) {
        // Whatever it looks like, a key is a text.
        Node key;
        key.type = NodeType::String;
        const auto begin = after_properties(place(mark));
        const bool is_quoted = tag != plain_tag && begin < text_.size() &&
                               (text_[begin] == '"' || text_[begin] == '\'');
        const auto end = is_quoted ? end_of_quoted(begin) : end_of_plain(begin, value);
        key.span = {begin, std::min(end, text_.size())};
        key.text = value;
        add(std::move(key), anchor, tag == plain_tag);
        return;
    }
    auto node = scalar_node(after_properties(place(mark)), tag, value);
    add(std::move(node), anchor, tag == plain_tag);
}

void YamlTree::OnSequenceStart(const YAML::Mark& mark,
                               const std::string& tag,
                               YAML::anchor_t anchor,
                               YAML::EmitterStyle::value style) {
    open(mark, tag, anchor, style, NodeType::Array);
}

void YamlTree::OnSequenceEnd() {
    close();
}

void YamlTree::OnMapStart(const YAML::Mark& mark,
                          const std::string& tag,
                          YAML::anchor_t anchor,
                          YAML::EmitterStyle::value style) {
    open(mark, tag, anchor, style, NodeType::Object);
}

void YamlTree::OnMapEnd() {
    close();
}

void YamlTree::open(const YAML::Mark& mark,
                    const std::string& tag,
                    YAML::anchor_t anchor,
                    YAML::EmitterStyle::value style,
                    NodeType type) {
    if (documents_ > 1) return;
    const auto begin = after_properties(place(mark));
    if (is_skipping() || open_.size() == deepest_yaml) {
        if (++skipped_ > 1) return;
        report({begin, begin + 1},
               localize("Nested deeper than {} levels; this part is not read.", deepest_yaml));
        return;
    }
    const auto fitting = type == NodeType::Object ? "map" : "seq";
    const bool is_core =
        tag == plain_tag || tag == quoted_tag || tag == std::string(core_tag) + fitting;
    if (!is_core) {
        report({place(mark), begin},
               localize("The tag “{}” does not go with this value: remove it.", tag));
    }
    Open opened;
    opened.node.type = type;
    opened.node.span = {begin, begin};
    opened.anchor = anchor;
    opened.has_brackets = style == YAML::EmitterStyle::Flow;
    open_.push_back(std::move(opened));
}

void YamlTree::close() {
    if (documents_ > 1) return;
    if (is_skipping()) {
        if (--skipped_ > 0) return;
        Node unread;
        unread.span = {open_.back().node.span.end, open_.back().node.span.end};
        add(std::move(unread), 0, false);
        return;
    }
    auto closed = std::move(open_.back());
    open_.pop_back();
    auto& node = closed.node;
    if (closed.has_brackets) {
        auto end = std::max(node.span.end, node.span.begin + 1);
        for (end = after_blanks(end); text_.substr(end, 1) == ","; end = after_blanks(end + 1)) {
        }
        const char bracket = node.type == NodeType::Object ? '}' : ']';
        node.closed = end < text_.size() && text_[end] == bracket;
        node.span.end = node.closed ? end + 1 : end;
    }
    report_duplicates(node);
    merge(closed);
    add(std::move(node), closed.anchor, false);
}

/// What a merge key names stands before the object's own keys, which win.
void YamlTree::merge(Open& object) {
    if (object.merged.empty()) return;
    std::vector<Member> merged;
    const auto is_there = [&](const std::string& key) {
        return std::any_of(
            merged.begin(), merged.end(), [&](const Member& one) { return one.key == key; });
    };
    for (auto& named : object.merged) {
        for (auto& member : named.members) {
            const bool known = object.node.member(member.key) != nullptr || is_there(member.key);
            if (!known) merged.push_back(std::move(member));
        }
    }
    auto& own = object.node.members;
    own.insert(own.begin(),
               std::make_move_iterator(merged.begin()),
               std::make_move_iterator(merged.end()));
}

void YamlTree::report_duplicates(const Node& object) {
    std::set<std::string_view> seen;
    for (const auto& member : object.members) {
        if (seen.insert(member.key).second) continue;
        report(member.key_span, localize("\"{}\" is here twice: keep one of them.", member.key));
    }
}

void YamlTree::add_key(Node key, bool is_plain) {
    auto& object = open_.back();
    object.member = Member{};
    object.member->key_span = key.span;
    object.merges = is_plain && key.text == "<<";
    if (key.type == NodeType::String) {
        object.member->key = std::move(key.text);
    } else if (key.type != NodeType::Missing) {
        report(key.span, localize("A key must be a text."));
    }
}

void YamlTree::add(Node node, YAML::anchor_t anchor, bool is_plain) {
    if (anchor != 0) anchors_[anchor] = {node, values_in(node), depth_of(node)};
    if (open_.empty()) {
        root_ = std::move(node);
        return;
    }
    auto& parent = open_.back();
    parent.node.span.end = std::max(parent.node.span.end, node.span.end);
    if (parent.node.type == NodeType::Array) {
        parent.node.items.push_back(std::move(node));
    } else if (!parent.member) {
        add_key(std::move(node), is_plain);
    } else if (parent.merges) {
        const auto span = node.span;
        auto named = node.type == NodeType::Array ? std::move(node.items)
                                                  : std::vector<Node>{std::move(node)};
        const bool fits = std::all_of(named.begin(), named.end(), [](const Node& one) {
            return one.type == NodeType::Object || one.type == NodeType::Missing;
        });
        if (!fits) report(span, localize("“<<” needs an alias of a mapping, such as “<<: *base”."));
        for (auto& one : named) parent.merged.push_back(std::move(one));
        parent.member.reset();
    } else {
        parent.member->value = std::move(node);
        parent.node.members.push_back(std::move(*parent.member));
        parent.member.reset();
    }
}

Node YamlTree::take_root() {
    skipped_ = 0;
    while (!open_.empty()) {
        auto& last = open_.back();
        if (last.member) {
            Node missing;
            missing.span = {last.member->key_span.end, last.member->key_span.end};
            add(std::move(missing), 0, false);
        }
        close();
    }
    return std::move(root_);
}

std::optional<Span> YamlTree::open_bracket() const {
    for (auto one = open_.rbegin(); one != open_.rend(); ++one) {
        if (one->has_brackets) return Span{one->node.span.begin, one->node.span.begin + 1};
    }
    return std::nullopt;
}

}  // namespace aml::runconfig
