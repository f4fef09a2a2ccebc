#include "transcripts/script.hpp"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <optional>
#include <utility>

namespace aml::transcript {
namespace {

constexpr std::array<std::pair<std::string_view, Step>, 15> sigils{{{"-->", Step::Send},
                                                                    {"<--", Step::Expect},
                                                                    {"http>", Step::Call},
                                                                    {"<http", Step::Answer},
                                                                    {"unordered", Step::Unordered},
                                                                    {"end", Step::End},
                                                                    {"clock+", Step::Clock},
                                                                    {"write", Step::Write},
                                                                    {"copy", Step::Copy},
                                                                    {"file", Step::File},
                                                                    {"env", Step::Env},
                                                                    {"let", Step::Let},
                                                                    {"job", Step::Job},
                                                                    {"include", Step::Include},
                                                                    {"exit", Step::Exit}}};

bool stands_alone(Step step) {
    return step == Step::Unordered || step == Step::End;
}

Line parse_line(const std::string& text, std::string place) {
    if (text.empty() || text.starts_with('#')) return {Step::Note, text, std::move(place)};
    const auto space = text.find(' ');
    const auto sigil = std::string_view(text).substr(0, space);
    for (const auto& [known, step] : sigils) {
        if (sigil != known || stands_alone(step) != (space == std::string::npos)) continue;
        return {step, stands_alone(step) ? "" : text.substr(space + 1), std::move(place)};
    }
    throw Failure(fmt::format("{}: a line must begin with a sigil and a space, or with #", place));
}

/// Sees that the blocks of a file are closed and hold only what they may.
class Blocks final {
public:
    void see(const Line& line) {
        if (line.step == Step::End) {
            if (!begin_) throw Failure(line.place + ": there is no block that this could end");
            begin_.reset();
        } else if (line.step == Step::Unordered) {
            if (begin_) throw Failure(line.place + ": a block cannot hold another one");
            begin_ = line.place;
        } else if (begin_ && line.step != Step::Call && line.step != Step::Note) {
            throw Failure(fmt::format(
                "{}: a block holds only calls (http>):\n  {}", line.place, to_text(line)));
        }
    }

    void see_end_of_file() const {
        if (begin_) throw Failure(*begin_ + ": this block is never closed: `end` is missing");
    }

private:
    std::optional<std::string> begin_;
};

void read_into(const std::filesystem::path& file, bool included, std::vector<Line>& lines) {
    std::ifstream input(file);
    if (!input) throw Failure(fmt::format("{}: cannot be read", file.string()));
    Blocks blocks;
    std::string text;
    for (int number = 1; std::getline(input, text); ++number) {
        auto line = parse_line(text, fmt::format("{}:{}", file.filename().string(), number));
        blocks.see(line);
        line.included = included;
        const auto name = line.step == Step::Include ? line.text : "";
        lines.push_back(std::move(line));
        if (!name.empty()) read_into(file.parent_path() / (name + ".transcript"), true, lines);
    }
    blocks.see_end_of_file();
}

}  // namespace

bool is_expectation(Step step) {
    return step == Step::Expect || step == Step::Call || step == Step::File || step == Step::Exit;
}

std::vector<Line> read_script(const std::filesystem::path& file) {
    std::vector<Line> lines;
    read_into(file, false, lines);
    return lines;
}

std::string to_text(const Line& line) {
    for (const auto& [sigil, step] : sigils) {
        if (step != line.step) continue;
        return stands_alone(step) ? std::string(sigil) : fmt::format("{} {}", sigil, line.text);
    }
    return line.text;
}

}  // namespace aml::transcript
