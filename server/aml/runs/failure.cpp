#include "runs/failure.hpp"

#include "runs/failure_advice.hpp"
#include "runs/run_status.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace aml::runs {

namespace {

constexpr std::size_t longest_title = 500;
constexpr std::size_t longest_text = 8'000;
constexpr std::size_t most_frames = 50;

/// At most so many bytes of `text`, in whole characters.
std::string shortened(std::string_view text, std::size_t most) {
    if (text.size() <= most) return std::string(text);
    const auto continues = [](char byte) {
        return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
    };
    while (most > 0 && continues(text[most])) --most;
    return std::string(text.substr(0, most)) + "…";
}

std::string first_line(std::string_view text) {
    return shortened(trimmed_view(text.substr(0, text.find('\n'))), longest_title);
}

std::string_view other_lines(std::string_view text) {
    const auto end = text.find('\n');
    return end == std::string_view::npos ? std::string_view() : trimmed_view(text.substr(end));
}

void describe_exception(const Traceback& traceback, Failure& failure) {
    failure.title = title_of(traceback.exception);
    failure.text = shortened(other_lines(traceback.exception.message), longest_text);
    if (traceback.cause) {
        if (!failure.text.empty()) failure.text += '\n';
        failure.text += localize("It came from {}", title_of(*traceback.cause));
    }
    const auto& frames = traceback.exception.frames;
    const auto shown = std::min(frames.size(), most_frames);
    failure.frames.assign(frames.end() - static_cast<std::ptrdiff_t>(shown), frames.end());
}

}  // namespace

std::string title_of(const PythonException& exception) {
    const auto message = first_line(exception.message);
    if (exception.type.empty()) return localize("An exception whose name the log does not show");
    return message.empty() ? exception.type : fmt::format("{}: {}", exception.type, message);
}

std::optional<Failure> failure_of(const RunSnapshot& run,
                                  std::string_view path,
                                  std::string_view log) {
    const auto group = group_of(run.status);
    const bool is_cancelled = group == RunGroup::Cancelled;
    const bool is_failed = group == RunGroup::Failed && run.status != "NotFound";
    if (!run.is_final() || (!is_cancelled && !is_failed)) return std::nullopt;
    const std::string said = run.error ? run.error->message : run.cancel_reason;
    Failure failure{.log = std::string(path)};
    std::optional<Traceback> traceback;
    if (is_failed) {
        traceback = find_traceback(log);
        if (!traceback) traceback = find_traceback(said);
    }
    if (traceback) {
        describe_exception(*traceback, failure);
    } else if (!said.empty()) {
        failure.title = first_line(said);
        failure.text = shortened(other_lines(said), longest_text);
    } else {
        failure.title = is_cancelled ? localize("The run was cancelled.")
                                     : localize("The run failed, and Azure ML does not say why.");
    }
    const auto exception = traceback ? traceback->exception : PythonException{};
    failure.advice = advice_about(exception, run.error.value_or(azure::RunError{}), log);
    return failure;
}

}  // namespace aml::runs
