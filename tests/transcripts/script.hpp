#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace aml::transcript {

/// What a line of a transcript does.
enum class Step {
    /// Blank or `#`.
    Note,
    /// `--> {…}`: the client sends a message.
    Send,
    /// `<-- {…}`: the server sends a message.
    Expect,
    /// `http> GET URL [BODY]`: the server makes a call.
    Call,
    /// `<http 200 [name:value …] [BODY]`: the oldest unanswered call is answered; `<http ! why`
    /// fails it.
    Answer,
    /// `clock+ 2s`: time passes.
    Clock,
    /// `write PATH TEXT`: a file is written; TEXT is JSON, a JSON string stands for plain text.
    Write,
    /// `copy FOLDER`: a folder below tests/fixtures is copied into the user's folder.
    Copy,
    /// `file PATH TEXT`: a file has this content.
    File,
    /// `env NAME VALUE`: an environment variable; before the first `-->`.
    Env,
    /// `include NAME`: another transcript is played here.
    Include,
    /// `exit 0`: the server has ended with this code.
    Exit,
};

/// True for steps that tell what the server does: those are compared, and rewritten by `--update`.
bool is_expectation(Step step);

struct Line {
    Step step = Step::Note;
    /// What follows the sigil; the whole line of a note.
    std::string text;
    /// Where it stands, as "lifecycle.transcript:12".
    std::string place;
    /// Comes from an included transcript.
    bool included = false;
};

/// A transcript that cannot be read or does not agree with the server.
class Failure : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Reads a transcript with those it includes. Throws: Failure.
std::vector<Line> read_script(const std::filesystem::path& file);

/// The line as it stands in a file.
std::string to_text(const Line& line);

}  // namespace aml::transcript
