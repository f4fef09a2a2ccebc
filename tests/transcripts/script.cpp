#include "script.hpp"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <utility>

namespace aml::transcript {
namespace {

constexpr std::array<std::pair<std::string_view, Step>, 11> sigils{{{"-->", Step::Send},
                                                                    {"<--", Step::Expect},
                                                                    {"http>", Step::Call},
                                                                    {"<http", Step::Answer},
                                                                    {"clock+", Step::Clock},
                                                                    {"write", Step::Write},
                                                                    {"copy", Step::Copy},
                                                                    {"file", Step::File},
                                                                    {"env", Step::Env},
                                                                    {"include", Step::Include},
                                                                    {"exit", Step::Exit}}};

Line parse_line(const std::string& text, std::string place) {
    if (text.empty() || text.starts_with('#')) return {Step::Note, text, std::move(place)};
    const auto space = text.find(' ');
    const auto sigil = std::string_view(text).substr(0, space);
    for (const auto& [known, step] : sigils) {
        if (sigil == known && space != std::string::npos)
            return {step, text.substr(space + 1), std::move(place)};
    }
    throw Failure(fmt::format("{}: a line must begin with a sigil and a space, or with #", place));
}

void read_into(const std::filesystem::path& file, bool included, std::vector<Line>& lines) {
    std::ifstream input(file);
    if (!input) throw Failure(fmt::format("{}: cannot be read", file.string()));
    std::string text;
    for (int number = 1; std::getline(input, text); ++number) {
        auto line = parse_line(text, fmt::format("{}:{}", file.filename().string(), number));
        line.included = included;
        const auto name = line.step == Step::Include ? line.text : "";
        lines.push_back(std::move(line));
        if (!name.empty()) read_into(file.parent_path() / (name + ".transcript"), true, lines);
    }
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
        if (step == line.step) return fmt::format("{} {}", sigil, line.text);
    }
    return line.text;
}

}  // namespace aml::transcript
