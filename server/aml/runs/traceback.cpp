#include "runs/traceback.hpp"

#include "runs/traceback_lines.hpp"
#include "support/text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <utility>

namespace aml::runs {

namespace {

/// Longer messages are cut: nothing marks their end, and other output may follow.
constexpr int most_message_lines = 30;
/// Lines of other output among its frames, after which a traceback is given up.
constexpr int most_foreign_lines = 20;
/// How far before the last exception one is looked for that it may be a consequence of, in lines.
constexpr std::size_t reach = 400;

/// How an exception follows the one before it in the log.
enum class Link {
    /// Not at all.
    None,
    /// It was raised while that one was handled.
    Chained,
    /// It is part of the text of that one, which only passes it on.
    Nested,
    /// It is one more in a group, whose first is enough.
    Sibling,
};

struct PrintedException {
    PythonException exception{};
    Link link = Link::None;
    /// Another process's, between `"""`, which a chained one passes on.
    bool quoted = false;
    /// A frame without a header before it may be anything.
    bool has_header = false;
};

/// Exceptions that follow from one another, in the order of the log.
struct Chain {
    std::vector<PrintedException> exceptions{};
    /// The line in the log on which the last one begins.
    std::size_t at = 0;
};

/// Reads what one process prints.
class TracebackReader final {
public:
    /// `number` is the line's in the log.
    void read(std::string_view line, std::size_t number) {
        line = without_group_marks(line);
        if (is_header(line)) return begin(line, number);
        if (is_link(line)) return;
        if (state_ == State::Message) {
            read_message(line);
        } else if (auto frame = parse_frame(line)) {
            if (state_ == State::Outside) open(number);
            state_ = State::Frames;
            current_.exception.frames.push_back(std::move(*frame));
        } else if (state_ == State::Frames) {
            read_beside_frames(line);
        }
        is_remote_ = line.find("RemoteTraceback:") != std::string_view::npos;
    }

    /// What was read, once the log has ended.
    std::vector<Chain> finish() {
        const bool is_cut =
            state_ == State::Frames && current_.has_header && !current_.exception.frames.empty();
        if (is_cut) state_ = State::Message;
        close();
        return std::move(chains_);
    }

private:
    /// Where in a traceback the next line is.
    enum class State { Outside, Frames, Message };

    static bool is_header(std::string_view line) {
        return line.ends_with("Traceback (most recent call last):");
    }

    void begin(std::string_view header, std::size_t number) {
        close();
        if (header.ends_with("Original Traceback (most recent call last):")) link_ = Link::Nested;
        if (header.find("+ Exception Group ") != std::string_view::npos) in_group_ = true;
        open(number);
        current_.has_header = true;
        state_ = State::Frames;
    }

    void open(std::size_t number) {
        current_ = PrintedException{.link = std::exchange(link_, Link::None), .quoted = in_quotes_};
        at_ = number;
        lines_ = 0;
    }

    void close() {
        const bool is_whole = state_ == State::Message;
        state_ = State::Outside;
        if (!is_whole) return;
        if (current_.link == Link::None || chains_.empty()) chains_.emplace_back();
        auto& chain = chains_.back();
        chain.at = at_;
        chain.exceptions.push_back(std::exchange(current_, {}));
    }

    /// Takes a line that says what the next exception has to do with this one.
    bool is_link(std::string_view line) {
        constexpr std::string_view quote = R"(""")";
        if (line == "During handling of the above exception, another exception occurred:" ||
            line == "The above exception was the direct cause of the following exception:") {
            link_ = Link::Chained;
        } else if (line.starts_with("-- Process ") &&
                   line.ends_with(" terminated with the following error:")) {
            link_ = Link::Nested;
        } else if (line == quote && (is_remote_ || in_quotes_)) {
            in_quotes_ = !in_quotes_;
        } else if (is_group_rule(line)) {
            const auto digit = std::min(line.find_first_of("0123456789"), line.size());
            const auto number = line.substr(digit);
            const auto part = number.starts_with("1 ") ? Link::Nested : Link::Sibling;
            link_ = number.empty() ? Link::None : part;
        } else {
            return false;
        }
        close();
        return true;
    }

    /// A line between the parts of an exception group, which the first of them may begin.
    bool is_group_rule(std::string_view line) {
        const auto rule = trimmed_view(line);
        in_group_ = in_group_ || rule.starts_with("+-+---");
        return in_group_ && rule.starts_with("+-");
    }

    /// An exception group has `  | ` before its lines.
    std::string_view without_group_marks(std::string_view line) {
        if (!in_group_) return line;
        const auto rest = trimmed_view(line);
        if (rest == "|") return {};
        if (rest.starts_with("| ")) return line.substr(line.find('|') + 2);
        in_group_ = rest.starts_with('+');
        return line;
    }

    void read_message(std::string_view line) {
        if (line.empty() || is_other_output(line) || lines_ >= most_message_lines) return close();
        ++lines_;
        current_.exception.message += '\n';
        current_.exception.message += line;
    }

    void read_beside_frames(std::string_view line) {
        const auto text = trimmed_view(line);
        if (line.starts_with(' ') && !text.empty()) {
            if (current_.exception.frames.empty() || is_marks(line)) return;
            auto& code = current_.exception.frames.back().code;
            const bool is_count = text.starts_with("[Previous line repeated ");
            if (code.empty() && !is_count) code = text;
        } else if (auto exception = parse_exception(line)) {
            current_.exception.type = std::move(exception->type);
            current_.exception.message = std::move(exception->message);
            lines_ = 0;
            state_ = State::Message;
        } else if (!current_.has_header || ++lines_ > most_foreign_lines) {
            state_ = State::Outside;
        }
    }

    std::vector<Chain> chains_;
    PrintedException current_;
    State state_ = State::Outside;
    /// Where the current one begins.
    std::size_t at_ = 0;
    /// Lines of the message, or of other output among the frames.
    int lines_ = 0;
    /// Of the next one.
    Link link_ = Link::None;
    bool in_group_ = false;
    bool in_quotes_ = false;
    /// The last line was the name of an exception that brings another process's along.
    bool is_remote_ = false;
};

/// The exception of a chain that says why, and what it came from.
Traceback traceback_of(std::vector<PrintedException> chain) {
    std::size_t first = 0;
    std::size_t end = chain.size();
    for (std::size_t index = 1; index < end; ++index) {
        if (chain[index].link == Link::Nested) first = index;
        if (chain[index].link == Link::Sibling) end = index;
    }
    const auto after_quoted =
        std::find_if(chain.rbegin(), chain.rend(), [](const auto& one) { return one.quoted; });
    const auto quoted = static_cast<std::size_t>(chain.rend() - after_quoted);
    if (quoted > first) end = std::min(end, quoted);
    Traceback result{.exception = std::move(chain[end - 1].exception)};
    if (first < end - 1) result.cause = std::move(chain[first].exception);
    return result;
}

bool starts_earlier(const Chain& left, const Chain& right) {
    return left.at < right.at;
}

/// The first that is no consequence among the last chains of each process, else the last before
/// those, else the last of all.
Chain& decisive(std::vector<Chain>& last, std::vector<Chain>& earlier) {
    std::sort(last.begin(), last.end(), starts_earlier);
    std::sort(earlier.begin(), earlier.end(), starts_earlier);
    const auto end = last.back().at;
    const auto decides = [end](const Chain& chain) {
        const auto& printed = chain.exceptions.back();
        const bool is_near = chain.at + reach >= end;
        return is_near && (printed.link == Link::Nested || !is_consequence(printed.exception));
    };
    const auto found = std::find_if(last.begin(), last.end(), decides);
    if (found != last.end()) return *found;
    const auto before = std::find_if(earlier.rbegin(), earlier.rend(), decides);
    return before != earlier.rend() ? *before : last.back();
}

}  // namespace

bool is_consequence(const PythonException& exception) {
    constexpr std::array<std::string_view, 9> types{"BrokenPipeError",
                                                    "BrokenProcessPool",
                                                    "CalledProcessError",
                                                    "ChildFailedError",
                                                    "ConnectionResetError",
                                                    "DistBackendError",
                                                    "DistNetworkError",
                                                    "ProcessExitedException",
                                                    "ProcessRaisedException"};
    constexpr std::array<std::string_view, 3> messages{
        "NCCL communicator was aborted", "Connection closed by peer", "Connection reset by peer"};
    const auto type = std::string_view(exception.type).substr(exception.type.rfind('.') + 1);
    const auto says = [&exception](std::string_view words) {
        return exception.message.find(words) != std::string::npos;
    };
    return std::find(types.begin(), types.end(), type) != types.end() ||
           std::any_of(messages.begin(), messages.end(), says);
}

std::optional<Traceback> find_traceback(std::string_view log) {
    std::map<std::string, TracebackReader, std::less<>> processes;
    for (std::size_t number = 0; !log.empty(); ++number) {
        const auto end = std::min(log.find('\n'), log.size());
        const auto text = shown_line(log.substr(0, end));
        log.remove_prefix(std::min(end + 1, log.size()));
        std::string_view line = text;
        const auto process = take_process(line);
        auto reader = processes.find(process);
        if (reader == processes.end()) reader = processes.try_emplace(std::string(process)).first;
        reader->second.read(line, number);
    }
    std::vector<Chain> last;
    std::vector<Chain> earlier;
    for (auto& [process, reader] : processes) {
        auto chains = reader.finish();
        if (chains.empty()) continue;
        last.push_back(std::move(chains.back()));
        chains.pop_back();
        std::move(chains.begin(), chains.end(), std::back_inserter(earlier));
    }
    if (last.empty()) return std::nullopt;
    return traceback_of(std::move(decisive(last, earlier).exceptions));
}

}  // namespace aml::runs
