#include "support/regex_matcher.hpp"

#include <algorithm>
#include <utility>

namespace aml {
namespace {

/// Every byte, and the end of the line.
constexpr std::size_t symbols = 257;
constexpr std::size_t line_end = 256;
constexpr std::size_t most_places = 4096;

// What stands in the table beside places, which are counted from `first_place`.
constexpr std::uint32_t not_known = 0;
constexpr std::uint32_t matched = 1;
constexpr std::uint32_t failed = 2;
constexpr std::uint32_t first_place = 3;

bool is_word(std::size_t symbol) {
    return (symbol >= '0' && symbol <= '9') || (symbol >= 'A' && symbol <= 'Z') || symbol == '_' ||
           (symbol >= 'a' && symbol <= 'z') || (symbol >= 0x80 && symbol < line_end);
}

}  // namespace

RegexMatcher::RegexMatcher(RegexProgram program)
    : program_(std::move(program)),
      seen_(program_.steps.size()) {}

std::uint32_t RegexMatcher::number_of(Place place) {
    const auto next = static_cast<std::uint32_t>(places_.size()) + first_place;
    const auto [known, is_new] = numbers_.try_emplace(place, next);
    if (is_new) {
        places_.push_back(std::move(place));
        table_.resize(places_.size() * symbols, not_known);
    }
    return known->second;
}

std::uint32_t RegexMatcher::follow(std::uint32_t from, std::size_t symbol) {
    const auto place = places_[from - first_place];
    const bool is_edge = place.is_after_word != is_word(symbol);
    Place next{.is_after_word = is_word(symbol)};
    std::fill(seen_.begin(), seen_.end(), false);
    open_ = place.steps;
    // A match may begin at every byte.
    open_.push_back(program_.start);
    while (!open_.empty()) {
        const auto at = open_.back();
        open_.pop_back();
        if (seen_[at]) continue;
        seen_[at] = true;
        const auto& step = program_.steps[at];
        bool goes_on = false;
        switch (step.op) {
            case RegexProgram::Op::Match:
                return matched;
            case RegexProgram::Op::Bytes:
                if (symbol >= step.low && symbol <= step.high) next.steps.push_back(step.next);
                break;
            case RegexProgram::Op::Split:
                open_.push_back(step.other);
                goes_on = true;
                break;
            case RegexProgram::Op::LineStart:
                goes_on = place.is_line_start;
                break;
            case RegexProgram::Op::LineEnd:
                goes_on = symbol == line_end;
                break;
            case RegexProgram::Op::WordEdge:
                goes_on = is_edge;
                break;
            case RegexProgram::Op::NoWordEdge:
                goes_on = !is_edge;
                break;
        }
        if (goes_on) open_.push_back(step.next);
    }
    if (symbol == line_end) return failed;
    std::sort(next.steps.begin(), next.steps.end());
    next.steps.erase(std::unique(next.steps.begin(), next.steps.end()), next.steps.end());
    return number_of(std::move(next));
}

bool RegexMatcher::matches(std::string_view line) {
    if (places_.size() > most_places) {
        numbers_.clear();
        places_.clear();
        table_.clear();
    }
    const Place beginning{.is_line_start = true};
    auto place = number_of(beginning);
    for (std::size_t at = 0; at <= line.size(); ++at) {
        const std::size_t symbol =
            at < line.size() ? static_cast<unsigned char>(line[at]) : line_end;
        const auto entry = (place - first_place) * symbols + symbol;
        auto next = table_[entry];
        if (next == not_known) {
            next = follow(place, symbol);
            table_[entry] = next;
        }
        if (next < first_place) return next == matched;
        place = next;
    }
    return false;
}

}  // namespace aml
