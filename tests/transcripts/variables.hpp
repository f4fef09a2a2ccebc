#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace aml::transcript {

/// The names of a transcript that stand for longer text: `${workspace}`, or the name of a job,
/// which only the server knows.
class Variables final {
public:
    /// From now on `${name}` stands for `value`. Throws: Failure for a name that is no word or is
    /// taken, and for a value that is empty or has a name already.
    void define(const std::string& name, std::string value);

    /// `${name}` will stand for the next job that the server creates. Throws: Failure, as `define`.
    void await_job(const std::string& name);

    /// Looks at a call of the server, "PUT URL BODY": one that creates a job without a name here
    /// gives it the oldest name that waits for one.
    void see_call(std::string_view call);

    /// The names that still wait for a job, oldest first.
    const std::deque<std::string>& awaited_jobs() const { return awaited_; }

    /// The text with every `${name}` replaced. What stands in braces and is no word, like the
    /// `${{inputs.x}}` of a command, is text. Throws: Failure for a name without a value.
    std::string expand(std::string_view text) const;

    /// The text with names for all values in it, the longest first, so that `expand` gives `text`.
    std::string contract(std::string_view text) const;

private:
    void check_name(const std::string& name) const;
    std::string why_no_value(std::string_view name) const;

    std::map<std::string, std::string> values_;
    std::deque<std::string> awaited_;
};

}  // namespace aml::transcript
