#include "runconfig/yaml_reader.hpp"

#include "runconfig/yaml_tree.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <optional>
#include <sstream>
#include <string>
#include <utility>

namespace aml::runconfig {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// Lines at fault that are read around; each costs one more look at the text.
constexpr int most_faulty_lines = 20;

/// A line of a text, without its end.
struct Line {
    Span span;
    std::string_view text;

    std::size_t indent() const { return std::min(text.find_first_not_of(' '), text.size()); }

    /// Nothing, or a comment.
    bool is_empty() const {
        const auto content = trimmed_view(text);
        return content.empty() || content.front() == '#';
    }

    /// Whether a key and its colon are there, or the entry of a list.
    bool has_key_or_dash() const {
        const auto content = trimmed_view(text);
        return content.find(": ") != std::string_view::npos || content.ends_with(':') ||
               content == "-" || content.starts_with("- ");
    }
};

Line line_at(std::string_view text, std::size_t offset) {
    offset = std::min(offset, text.size());
    const auto before = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
    const auto begin = before == std::string_view::npos ? 0 : before + 1;
    const auto end = std::min(text.find_first_of("\r\n", begin), text.size());
    return {{begin, end}, text.substr(begin, end - begin)};
}

/// The last line above that says something.
std::optional<Line> line_above(std::string_view text, const Line& line) {
    auto begin = line.span.begin;
    while (begin > 0) {
        const auto above = line_at(text, begin - 1);
        if (!above.is_empty()) return above;
        begin = above.span.begin;
    }
    return std::nullopt;
}

/// The words of yaml-cpp and ours.
struct KnownFault {
    std::string_view theirs;
    Localizable ours;
};

const std::array known_faults{
    KnownFault{YAML::ErrorMsg::UNKNOWN_ANCHOR,
               Localizable("Nothing above is marked with this name: write “&name” before what is "
                           "meant.")},
    KnownFault{YAML::ErrorMsg::MAP_VALUE,
               Localizable("A key cannot stand here: begin a new line for it, or put the text in "
                           "quotes.")},
    KnownFault{YAML::ErrorMsg::UNKNOWN_TOKEN,
               Localizable("A text cannot begin with this sign: put it in quotes.")},
    KnownFault{YAML::ErrorMsg::END_OF_MAP,
               Localizable("This line does not go with those above it: it begins at another "
                           "column than the keys it belongs to.")},
    KnownFault{YAML::ErrorMsg::END_OF_SEQ,
               Localizable("This line does not go with the list above it: begin it with “- ”, or "
                           "where the key of the list begins.")},
};

/// What is wrong, and the bytes that are read around.
struct Fault {
    SyntaxProblem problem;
    Span line;
};

class FaultFinder final {
public:
    FaultFinder(std::string_view text, std::size_t at, std::optional<Span> bracket)
        : text_(text),
          at_(at),
          bracket_(bracket) {}

    Fault find(const YAML::Exception& error) const {
        if (dynamic_cast<const YAML::DeepRecursion*>(&error) != nullptr) {
            return at(
                word_at(line_at(text_, at_)),
                localize("Nested deeper than {} levels; this part is not read.", deepest_yaml));
        }
        if (bracket_) {
            const char open = text_[bracket_->begin];
            return at(*bracket_,
                      localize("This bracket is never closed: “{}” is missing.",
                               open == '{' ? '}' : ']'));
        }
        auto line = line_at(text_, at_);
        if (line.is_empty()) line = line_above(text_, line).value_or(line);
        const auto above = line_above(text_, line);
        const auto content = first_word(line);
        if (const auto tab = tab_before_text(line)) {
            return at({*tab, *tab + 1}, localize("YAML does not allow tabs here: use blanks."));
        }
        if (above && !above->has_key_or_dash() && above->indent() >= line.indent()) {
            const auto word = first_word(*above);
            return at(word,
                      localize("Expected “:” and a value after \"{}\".",
                               text_.substr(word.begin, word.end - word.begin)));
        }
        const bool ends_early =
            error.msg == YAML::ErrorMsg::END_OF_MAP || error.msg == YAML::ErrorMsg::END_OF_SEQ;
        if (!line.has_key_or_dash() && ends_early) {
            return at(content,
                      localize("Expected “:” and a value after \"{}\".",
                               text_.substr(content.begin, content.end - content.begin)));
        }
        if (above && line.indent() > above->indent() && line.has_key_or_dash() &&
            above->has_key_or_dash() && error.msg == YAML::ErrorMsg::MAP_VALUE) {
            return at(content,
                      localize("Nothing can stand below the line above, which has its value "
                               "already: begin this line where that one begins."));
        }
        const auto* known =
            std::find_if(known_faults.begin(), known_faults.end(), [&](const KnownFault& fault) {
                return error.msg.starts_with(fault.theirs);
            });
        if (known != known_faults.end()) return at(word_at(line), localize(known->ours));
        return at(word_at(line), localize("This is not YAML: {}.", error.msg));
    }

private:
    Fault at(Span span, std::string message) const {
        return {{span, std::move(message)}, line_at(text_, span.begin).span};
    }

    static Span first_word(const Line& line) {
        const auto content = trimmed_view(line.text);
        const auto begin =
            line.span.begin + static_cast<std::size_t>(content.data() - line.text.data());
        return {begin, begin + content.size()};
    }

    /// What the parser stumbled over, to the end of its line.
    Span word_at(const Line& line) const {
        const auto all = first_word(line);
        return {std::clamp(at_, all.begin, all.end), all.end};
    }

    static std::optional<std::size_t> tab_before_text(const Line& line) {
        const auto blank = line.text.substr(0, line.text.find_first_not_of(" \t"));
        const auto tab = blank.find('\t');
        return tab == std::string_view::npos ? std::nullopt : std::optional(line.span.begin + tab);
    }

    std::string_view text_;
    std::size_t at_;
    std::optional<Span> bracket_;
};

/// Reads `text`; nothing is thrown for what is wrong, and the first of it is in `fault`.
Node read_once(std::string_view text,
               std::vector<SyntaxProblem>& problems,
               std::optional<Fault>& fault) {
    const auto start = text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
    std::istringstream stream{std::string(text)};
    YamlTree tree(text, start);
    try {
        YAML::Parser parser(stream);
        while (!tree.has_second() && parser.HandleNextDocument(tree)) {
        }
    } catch (const YAML::Exception& error) {
        const auto at = start + static_cast<std::size_t>(std::max(error.mark.pos, 0));
        fault = FaultFinder(text, at, tree.open_bracket()).find(error);
    }
    auto root = tree.take_root();
    problems = tree.take_problems();
    if (tree.has_second())
        problems.push_back(
            {{0, 0}, localize("There are several documents in this file: keep one of them.")});
    return root;
}

}  // namespace

Reading read_yaml(std::string_view text) {
    Reading reading;
    std::vector<SyntaxProblem> faults;
    std::string readable(text);
    for (;;) {
        std::optional<Fault> fault;
        reading.root = read_once(readable, reading.problems, fault);
        if (!fault) break;
        faults.push_back(std::move(fault->problem));
        const auto [begin, end] = fault->line;
        if (static_cast<int>(faults.size()) == most_faulty_lines || begin == end) break;
        std::fill(readable.begin() + static_cast<std::ptrdiff_t>(begin),
                  readable.begin() + static_cast<std::ptrdiff_t>(end),
                  ' ');
    }
    const bool is_empty =
        reading.root.type == NodeType::Null || reading.root.type == NodeType::Missing;
    auto& problems = reading.problems;
    problems.insert(problems.end(),
                    std::make_move_iterator(faults.begin()),
                    std::make_move_iterator(faults.end()));
    if (is_empty && problems.empty()) {
        reading.root = {};
        problems.push_back({{0, 0},
                            localize("The file is empty: write a run configuration, or run the "
                                     "script as an experiment to create one.")});
    }
    return reading;
}

}  // namespace aml::runconfig
