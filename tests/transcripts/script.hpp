#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace aml::transcript {

/// What a line of a transcript does; README.md has the table.
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
    /// `unordered`: the calls up to `end` may come in any order.
    Unordered,
    /// `end` of such a block.
    End,
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
    /// `let NAME VALUE`: `${NAME}` stands for VALUE from here on.
    Let,
    /// `job NAME`: `${NAME}` stands for the name of the next job that the server creates.
    Job,
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

/// Reads a transcript with those it includes. Every block in it is closed and holds only calls and
/// notes. Throws: Failure, which names the place.
std::vector<Line> read_script(const std::filesystem::path& file);

/// The line as it stands in a file.
std::string to_text(const Line& line);

}  // namespace aml::transcript
