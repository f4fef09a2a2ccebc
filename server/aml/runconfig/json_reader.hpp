#pragma once

#include "runconfig/document.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aml::runconfig {

/// Reads JSON with patience: comments, trailing commas, missing values, unclosed brackets and
/// duplicate keys are reported and read around.
Reading read_json(std::string_view text);

/// The recursive descent behind `read_json`, by RFC 8259. One use per text.
class JsonReader final {
public:
    /// Keeps a view of `text`, which must outlive the reader.
    explicit JsonReader(std::string_view text)
        : text_(text) {}

    Node read();
    std::vector<SyntaxProblem> take_problems();

private:
    Node read_value();
    Node read_object();
    Node read_array();
    Node read_string();
    Node read_number();
    Node read_word();

    void read_members(Node& object);
    Member read_member();
    void read_member_value(Member& member);
    /// Whether the container ends here: its own bracket, or one an outer container waits for.
    /// Stray closing brackets are reported and skipped.
    bool ends_here(char close);
    /// Reads the comma between two items, or reports what is there instead. False at the end.
    bool read_separator(char close);
    void close(Node& container, char bracket);
    void report_duplicates(const Node& object);
    void skip_nested();
    void skip_space();
    void skip_comment();
    void read_escape(std::string& into);
    std::optional<unsigned> read_hex();
    void read_unicode(std::string& into, std::size_t start);
    void read_raw(std::string& into);
    bool lacks_only_colon(const Member& member) const;
    bool next_line_starts_a_member(std::size_t after_colon) const;
    bool starts_a_member() const;

    char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

    bool at_end() const { return at_ >= text_.size(); }

    void report(std::size_t begin, std::size_t end, std::string message, bool tolerated = false);

    std::string_view text_;
    std::size_t at_ = 0;
    int open_objects_ = 0;
    int open_arrays_ = 0;
    std::vector<SyntaxProblem> problems_;
};

}  // namespace aml::runconfig
