#include "transcripts/variables.hpp"

#include "transcripts/script.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace aml::transcript {
namespace {

bool is_word(std::string_view text) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz_";
    return !text.empty() && text.find_first_not_of(letters) == std::string_view::npos;
}

/// The name of the job that a call creates: "PUT …/jobs/NAME?…".
std::optional<std::string_view> created_job(std::string_view call) {
    constexpr std::string_view put = "PUT ";
    constexpr std::string_view jobs = "/jobs/";
    if (!call.starts_with(put)) return std::nullopt;
    const auto url = call.substr(put.size(), call.find(' ', put.size()) - put.size());
    const auto at = url.find(jobs);
    if (at == std::string_view::npos) return std::nullopt;
    const auto name = url.substr(at + jobs.size());
    return name.substr(0, name.find_first_of("/?"));
}

}  // namespace

void Variables::check_name(const std::string& name) const {
    if (!is_word(name))
        throw Failure(fmt::format("the name “{}” must be lower-case letters and _", name));
    if (values_.contains(name) ||
        std::find(awaited_.begin(), awaited_.end(), name) != awaited_.end())
        throw Failure(fmt::format("${{{}}} is defined already", name));
}

void Variables::define(const std::string& name, std::string value) {
    check_name(name);
    if (value.empty()) throw Failure(fmt::format("${{{}}} must stand for something", name));
    for (const auto& [other, taken] : values_) {
        if (taken == value)
            throw Failure(fmt::format("${{{}}} stands for the same as ${{{}}}", name, other));
    }
    values_.emplace(name, std::move(value));
}

void Variables::await_job(const std::string& name) {
    check_name(name);
    awaited_.push_back(name);
}

void Variables::see_call(std::string_view call) {
    const auto job = created_job(call);
    if (!job || awaited_.empty()) return;
    // A call that is made again creates no other job.
    for (const auto& [name, value] : values_) {
        if (value == *job) return;
    }
    const auto name = awaited_.front();
    awaited_.pop_front();
    define(name, std::string(*job));
}

std::string Variables::why_no_value(std::string_view name) const {
    const bool awaited = std::find(awaited_.begin(), awaited_.end(), name) != awaited_.end();
    const auto why = awaited ? "the server has not created this job yet"
                             : fmt::format("it needs a line `let {} …`", name);
    return fmt::format("${{{}}} has no value here: {}", name, why);
}

std::string Variables::expand(std::string_view text) const {
    std::string result;
    while (true) {
        const auto begin = text.find("${");
        const auto end = text.find('}', std::min(begin, text.size()));
        result += text.substr(0, begin);
        if (begin == std::string_view::npos) return result;
        text.remove_prefix(begin);
        const auto name = text.substr(2, end == std::string_view::npos ? 0 : end - begin - 2);
        if (is_word(name)) {
            const auto found = values_.find(std::string(name));
            if (found == values_.end()) throw Failure(why_no_value(name));
            result += found->second;
            text.remove_prefix(name.size() + 3);
        } else {
            result += "${";
            text.remove_prefix(2);
        }
    }
}

std::string Variables::contract(std::string_view text) const {
    std::string result;
    while (!text.empty()) {
        const std::pair<const std::string, std::string>* longest = nullptr;
        for (const auto& variable : values_) {
            if (!text.starts_with(variable.second)) continue;
            if (longest == nullptr || variable.second.size() > longest->second.size())
                longest = &variable;
        }
        if (longest != nullptr) {
            result += fmt::format("${{{}}}", longest->first);
            text.remove_prefix(longest->second.size());
        } else {
            result += text.front();
            text.remove_prefix(1);
        }
    }
    return result;
}

}  // namespace aml::transcript
