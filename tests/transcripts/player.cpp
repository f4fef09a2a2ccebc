#include "transcripts/player.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <iterator>
#include <utility>

namespace aml::transcript {
namespace {

using Lines = std::vector<Line>::const_iterator;

/// True if what comes next, but for lines that leave the world alone, is an expectation.
bool expectation_is_next(Lines line, Lines end) {
    const auto next = std::find_if(line, end, [](const Line& each) {
        return each.step != Step::Note && each.step != Step::Let && each.step != Step::Job &&
               each.step != Step::Include;
    });
    return next != end && (next->step == Step::Unordered || is_expectation(next->step));
}

/// The folder as it stands in the query of an address.
std::string escaped(const std::string& folder) {
    std::string text;
    for (const char c : folder) text += c == '/' ? "%2F" : std::string(1, c);
    return text;
}

}  // namespace

void Player::play(const std::vector<Line>& script) {
    variables_.define("dir", stage_.folder().string());
    variables_.define("escaped_dir", escaped(stage_.folder().string()));
    for (auto line = script.begin(); line != script.end(); ++line) {
        if (line->step == Step::Unordered) {
            line = play_block(line);
        } else if (is_expectation(line->step)) {
            expect(*line);
        } else {
            // An expectation that is missing here is noticed before the next move changes the
            // world, and stands before the notes on that move.
            if (!expectation_is_next(line, script.end())) take_rest(line->place);
            actual_.push_back(*line);
            move(*line);
        }
    }
    take_rest("at the end");
    for (const auto& name : variables_.awaited_jobs()) {
        fail({}, fmt::format("at the end: the server created no job for the line `job {}`", name));
    }
    stage_.end();
}

void Player::move(const Line& line) {
    try {
        if (line.step == Step::Let) {
            const auto space = std::min(line.text.find(' '), line.text.size());
            const auto value = line.text.substr(std::min(space + 1, line.text.size()));
            variables_.define(line.text.substr(0, space), variables_.expand(value));
        } else if (line.step == Step::Job) {
            variables_.await_job(line.text);
        } else if (line.step != Step::Note && line.step != Step::Include) {
            stage_.move(line.step, variables_.expand(line.text));
        }
    } catch (const std::exception& error) {
        throw Failure(fmt::format("{}: {}\n  {}", line.place, error.what(), to_text(line)));
    }
}

void Player::expect(const Line& line) {
    const auto got = happened(line);
    if (!got) {
        fail(line,
             fmt::format(
                 "{}: expected, but nothing more happened:\n  {}", line.place, to_text(line)));
        return;
    }
    auto actual = as_line(*got, line);
    if (got->step != line.step || got->text != expand(line)) {
        fail(line,
             fmt::format(
                 "{}: expected\n  {}\nbut got\n  {}", line.place, to_text(line), to_text(actual)));
        actual_.push_back(std::move(actual));
    } else {
        actual_.push_back(line);
    }
}

Player::Lines Player::play_block(Lines begin) {
    const auto has = [](Step step) {
        return [step](const Line& line) { return line.step == step; };
    };
    auto end = begin;
    while (end->step != Step::End) ++end;
    const auto wanted = static_cast<std::size_t>(std::count_if(begin, end, has(Step::Call)));
    std::vector<Event> calls;
    while (calls.size() < wanted && peek() != nullptr && peek()->step == Step::Call) {
        calls.push_back(*take());
    }
    std::vector<std::size_t> order;
    std::string wrong;
    actual_.push_back(*begin);
    for (auto line = std::next(begin); line != end; ++line) {
        if (line->step == Step::Call) {
            const auto text = expand(*line);
            const auto call = std::find_if(
                calls.begin(), calls.end(), [&](const Event& each) { return each.text == text; });
            if (call == calls.end()) {
                wrong +=
                    fmt::format("{}: this call never came:\n  {}\n", line->place, to_text(*line));
                continue;
            }
            order.push_back(call->call);
            calls.erase(call);
        }
        actual_.push_back(*line);
    }
    for (const auto& call : calls) {
        auto line = as_line(call, *begin);
        wrong +=
            fmt::format("{}: this call is not in the block:\n  {}\n", line.place, to_text(line));
        order.push_back(call.call);
        actual_.push_back(std::move(line));
    }
    if (!wrong.empty()) fail(*begin, wrong);
    stage_.answer_in_order(order);
    actual_.push_back(*end);
    return end;
}

std::optional<Event> Player::happened(const Line& line) {
    if (line.step == Step::File) {
        const auto path = line.text.substr(0, line.text.find(' '));
        return Event{Step::File, stage_.file(path)};
    }
    if (line.step == Step::Exit) {
        const auto code = stage_.exit_code();
        return code ? std::optional(Event{Step::Exit, std::to_string(*code)}) : std::nullopt;
    }
    return take();
}

const Event* Player::peek() {
    if (!next_) next_ = stage_.take();
    return next_ ? &*next_ : nullptr;
}

std::optional<Event> Player::take() {
    if (peek() == nullptr) return std::nullopt;
    if (next_->step == Step::Call) variables_.see_call(next_->text);
    return std::exchange(next_, std::nullopt);
}

void Player::take_rest(const std::string& place) {
    while (const auto got = take()) {
        auto line = as_line(*got, {Step::Note, "", place});
        fail({}, fmt::format("{}: before this the server also did\n  {}", place, to_text(line)));
        actual_.push_back(std::move(line));
    }
}

std::string Player::expand(const Line& line) const {
    try {
        return variables_.expand(line.text);
    } catch (const Failure& failure) {
        throw Failure(fmt::format("{}: {}\n  {}", line.place, failure.what(), to_text(line)));
    }
}

Line Player::as_line(const Event& event, const Line& expected) const {
    return {event.step, variables_.contract(event.text), expected.place, expected.included};
}

void Player::fail(const Line& line, std::string text) {
    included_disagrees_ = included_disagrees_ || line.included;
    if (failure_.empty()) failure_ = std::move(text);
}

}  // namespace aml::transcript
