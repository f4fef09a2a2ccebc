#pragma once

#include "runconfig/document.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/mark.h>

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aml::runconfig {

/// What is nested deeper is skipped.
inline constexpr std::size_t deepest_yaml = 64;

/// Builds the nodes of one document from what yaml-cpp tells of it, and finds where each ends,
/// which yaml-cpp does not tell.
class YamlTree final : public YAML::EventHandler {
public:
    /// Keeps a view of `text`. `start` is how many bytes before the place 0 of yaml-cpp it begins.
    YamlTree(std::string_view text, std::size_t start)
        : text_(text),
          start_(start) {}

    /// What was built, the ends of what is still open included; leaves this empty.
    Node take_root();

    std::vector<SyntaxProblem> take_problems() { return std::move(problems_); }

    /// The innermost `{` or `[` that is open; nothing between none.
    std::optional<Span> open_bracket() const;

    /// Whether there is a second document.
    bool has_second() const { return documents_ > 1; }

    void OnDocumentStart(const YAML::Mark& mark) override;

    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
    void OnScalar(const YAML::Mark& mark,
                  const std::string& tag,
                  YAML::anchor_t anchor,
                  const std::string& value) override;
    void OnSequenceStart(const YAML::Mark& mark,
                         const std::string& tag,
                         YAML::anchor_t anchor,
                         YAML::EmitterStyle::value style) override;
    void OnSequenceEnd() override;
    void OnMapStart(const YAML::Mark& mark,
                    const std::string& tag,
                    YAML::anchor_t anchor,
                    YAML::EmitterStyle::value style) override;
    void OnMapEnd() override;

private:
    /// A container that is being read.
    struct Open {
        Node node;
        YAML::anchor_t anchor = 0;
        bool has_brackets = false;
        /// Of an object, between a key and its value.
        std::optional<Member> member;
        /// Of an object, what its merge keys name.
        std::vector<Node> merged;
        /// Whether the key before is a merge key.
        bool merges = false;
    };

    /// What an anchor names.
    struct Anchored {
        Node node;
        std::size_t values = 0;
        std::size_t depth = 0;
    };

    bool is_skipping() const { return skipped_ > 0; }

    /// Whether a key comes next.
    bool expects_key() const;
    std::size_t place(const YAML::Mark& mark) const;
    /// The place behind a tag and an anchor.
    std::size_t after_properties(std::size_t at) const;
    std::size_t after_blanks(std::size_t at) const;
    std::size_t end_of_quoted(std::size_t begin) const;
    /// The end of a text without quotes, whose letters stand in the file in this order.
    std::size_t end_of_plain(std::size_t begin, std::string_view value) const;
    Node scalar_node(std::size_t begin, const std::string& tag, const std::string& value);
    void read_tagged(Node& node, const std::string& tag, const std::string& value);
    void open(const YAML::Mark& mark,
              const std::string& tag,
              YAML::anchor_t anchor,
              YAML::EmitterStyle::value style,
              NodeType type);
    void close();
    void merge(Open& object);
    void report_duplicates(const Node& object);
    void add(Node node, YAML::anchor_t anchor, bool is_plain);
    void add_key(Node key, bool is_plain);
    void report(Span span, std::string message, bool tolerated = false);

    std::string_view text_;
    std::size_t start_;
    int documents_ = 0;
    /// How many containers inside one that is nested too deep are open.
    int skipped_ = 0;
    std::size_t expanded_ = 0;
    std::vector<Open> open_;
    std::map<YAML::anchor_t, Anchored> anchors_;
    Node root_;
    std::vector<SyntaxProblem> problems_;
};

}  // namespace aml::runconfig
