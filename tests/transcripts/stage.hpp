#pragma once

#include "transcripts/script.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace aml::transcript {

/// Something that the server did.
struct Event {
    /// Expect or Call.
    Step step = Step::Expect;
    /// As the line of a transcript has it after its sigil, but without variables.
    std::string text;
    /// The number of a call, by which `Stage::answer_in_order` knows it.
    std::size_t call = 0;
};

/// What a transcript plays on: it is moved by a transcript's lines alone, and tells what happened.
class Stage {
public:
    Stage() = default;
    Stage(const Stage&) = delete;
    Stage& operator=(const Stage&) = delete;
    virtual ~Stage() = default;

    /// The user's folder, the value of `${dir}`.
    virtual std::filesystem::path folder() const = 0;

    /// Does what a line that is no expectation says. Throws: Failure or what the text's reader
    /// throws, when it makes no sense.
    virtual void move(Step step, const std::string& text) = 0;

    /// The next thing that the server did and that was not taken yet.
    virtual std::optional<Event> take() = 0;

    /// From now on these calls are answered in this order; those that wait no more are passed over.
    virtual void answer_in_order(const std::vector<std::size_t>& calls) = 0;

    /// "PATH CONTENT" of a file, as a `file` line has it.
    virtual std::string file(const std::string& path) const = 0;

    /// The server's exit code, once it has ended.
    virtual std::optional<int> exit_code() const = 0;

    /// The client closes the connection. Throws: Failure when the server does not end.
    virtual void end() = 0;
};

}  // namespace aml::transcript
