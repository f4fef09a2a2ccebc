#pragma once

#include "runconfig/text.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace aml::runconfig {

/// What a document is written in.
enum class Syntax { Json, Yaml };

/// YAML for the file endings `.yml` and `.yaml`.
Syntax syntax_of(const std::filesystem::path& file);

/// What stands at a place of a text; Missing where a value was expected and is not typed yet.
enum class NodeType { Missing, Null, Boolean, Number, String, Array, Object };

struct Member;

/// One value of a document with the bytes it came from.
struct Node {
    NodeType type = NodeType::Missing;
    /// Of what an alias of YAML stands for: the alias.
    Span span;
    /// String: decoded. Number: as JSON writes it, in YAML as Python does. Boolean: "true" or
    /// "false".
    std::string text;
    /// Object only, in the order written; duplicates are kept.
    std::vector<Member> members;
    /// Array only.
    std::vector<Node> items;
    /// Object, Array, String: whether the closing delimiter was found.
    bool closed = true;

    /// The value of `key`, the last one if it is there twice; null when absent or not an object.
    const Node* find(std::string_view key) const;
    /// The same, only when it is a string.
    const Node* find_text(std::string_view key) const;
    /// The member of `key`, likewise.
    const Member* member(std::string_view key) const;
};

/// One `"key": value` of an object.
struct Member {
    std::string key;
    Span key_span;
    Node value;
};

/// A fault in the text. The document is usable nevertheless.
struct SyntaxProblem {
    Span span;
    std::string message;
    /// Understood here: comments and trailing commas, which other readers of JSON refuse, and
    /// numbers of YAML that people may not take for such.
    bool tolerated = false;
};

/// What a reader makes of a text.
struct Reading {
    Node root;
    std::vector<SyntaxProblem> problems;
};

/// Where a cursor stands: the innermost object or array and what is being typed there.
struct Cursor {
    /// Keys from the root to the container the cursor is in; an array index is written as its
    /// number.
    std::vector<std::string> container;
    /// The innermost container, null at the top of an empty document. Points into the document.
    const Node* node = nullptr;
    enum class Place { Key, Value, Elsewhere };
    Place place = Place::Elsewhere;
    /// The key whose value is typed (Place::Value), or the key being typed (Place::Key).
    std::string key;
    /// The bytes that a completion replaces: the token under the cursor, or nothing at the cursor.
    Span replace;
    /// Place::Key only: whether a `:` already follows.
    bool has_value = false;
};

/// A text read with patience, for a file that is being typed: what is wrong in it is reported and
/// read around. Nesting deeper than 64 is reported and skipped.
class Document final {
public:
    explicit Document(std::string text, Syntax syntax = Syntax::Json);

    Syntax syntax() const { return syntax_; }

    const Node& root() const { return root_; }

    Node& root() { return root_; }

    const std::string& text() const { return index_.text(); }

    const TextIndex& index() const { return index_; }

    /// In the order of the text.
    const std::vector<SyntaxProblem>& problems() const { return problems_; }

    /// The node at the end of `path` (keys, or numbers in arrays); null when there is none.
    const Node* at(const std::vector<std::string>& path) const;

    /// The same for a key whose parts dots divide, such as "resources.instance_count".
    const Node* at_key(std::string_view key) const;

    /// What stands under the cursor at `offset`, for completion and hover.
    Cursor cursor(std::size_t offset) const;

    /// What is written where `node` is.
    std::string_view written(const Node& node) const;

    /// Where a part of a decoded text is written; all of the text when that cannot be told.
    Span part_of(const Node& text, Span part) const;

private:
    Syntax syntax_;
    TextIndex index_;
    Node root_;
    std::vector<SyntaxProblem> problems_;
};

/// The value of a node; Missing becomes null, and of duplicate keys the last wins.
nlohmann::json to_json(const Node& node);

/// The same with the members in the order they are written in.
nlohmann::ordered_json to_ordered_json(const Node& node);

}  // namespace aml::runconfig
