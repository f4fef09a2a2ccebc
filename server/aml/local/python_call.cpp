#include "local/python_call.hpp"

#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace aml::local {
namespace {

Error no_python_call(LocalizedText reason) {
    return Error(ErrorKind::Rejected,
                 localize("This command cannot be debugged: {} Make it one call such as \"python "
                          "train.py --lr 0.1\".",
                          reason));
}

bool is_of_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Reads the words of a command. Source: Shell Command Language, POSIX.1-2017, section 2.2.
class ShellWords final {
public:
    ShellWords(std::string_view command, const platform::Variables& variables)
        : rest_(command),
          variables_(variables) {}

    std::vector<std::string> read() {
        while (!rest_.empty()) read_character(take());
        if (quote_ != 0) throw no_python_call(localize("a quote in it is not closed."));
        finish();
        return std::move(words_);
    }

private:
    char take() {
        const char c = rest_.front();
        rest_.remove_prefix(1);
        return c;
    }

    void add(std::string_view text) {
        word_ += text;
        is_inside_ = true;
    }

    void finish() {
        if (is_inside_) words_.push_back(word_);
        word_.clear();
        is_inside_ = false;
    }

    void read_character(char c) {
        if (quote_ == '\'') {
            if (c == quote_) {
                quote_ = 0;
            } else {
                add({&c, 1});
            }
        } else if (c == '\\') {
            read_escape();
        } else if (c == '$') {
            read_variable();
        } else if (quote_ == '"') {
            if (c == '"') {
                quote_ = 0;
            } else {
                add({&c, 1});
            }
        } else {
            read_unquoted(c);
        }
    }

    void read_unquoted(char c) {
        constexpr std::string_view operators = ";|&<>()`";
        if (c == '"' || c == '\'') {
            quote_ = c;
            is_inside_ = true;
        } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
            finish();
            // The end of a command, if another follows.
            if (c == '\n' && !words_.empty() && !trimmed_view(rest_).empty())
                throw no_python_call(localize("it has several lines."));
        } else if (operators.find(c) != std::string_view::npos) {
            throw no_python_call(
                localize("it has a “{}”, which is for a shell.", std::string_view(&c, 1)));
        } else {
            add({&c, 1});
        }
    }

    void read_escape() {
        if (rest_.empty()) return add("\\");
        const char next = take();
        if (next == '\n') return;
        // Between double quotes only some characters are escaped.
        constexpr std::string_view escaped = "$`\"\\";
        if (quote_ == '"' && escaped.find(next) == std::string_view::npos) add("\\");
        add({&next, 1});
    }

    void read_variable() {
        const bool is_braced = rest_.starts_with('{');
        auto name = rest_.substr(is_braced ? 1 : 0);
        const auto end = std::ranges::find_if_not(name, is_of_name);
        name = name.substr(0, static_cast<std::size_t>(end - name.begin()));
        const auto used = name.size() + (is_braced ? 2 : 0);
        const bool is_closed = !is_braced || (rest_.size() >= used && rest_[used - 1] == '}');
        if (name.empty() || !is_closed)
            throw no_python_call(localize("it has a “{}”, which is for a shell.", "$"));
        rest_.remove_prefix(used);
        for (const auto& [known, value] : variables_)
            if (platform::same_variable(known, name)) return add(value);
        throw no_python_call(localize("it has ${}, which nothing sets.", name));
    }

    std::string_view rest_;
    const platform::Variables& variables_;
    std::vector<std::string> words_;
    std::string word_;
    bool is_inside_ = false;
    char quote_ = 0;
};

/// `python`, `python3.11`, `/usr/bin/python3`, `C:\Python311\python.exe`, `py`.
bool is_python(std::string_view program) {
    auto name = lower(program.substr(program.find_last_of("/\\") + 1));
    if (name.ends_with(".exe")) name.resize(name.size() - 4);
    if (name == "py") return true;
    constexpr std::string_view python = "python";
    return name.starts_with(python) &&
           name.find_first_not_of("0123456789.", python.size()) == std::string::npos;
}

/// Options of the interpreter with a value in the next word.
bool takes_value(std::string_view option) {
    constexpr std::array<std::string_view, 3> with_value{"-W", "-X", "--check-hash-based-pycs"};
    return std::ranges::find(with_value, option) != with_value.end();
}

}  // namespace

PythonCall python_call(std::string_view command, const platform::Variables& variables) {
    const auto words = ShellWords(command, variables).read();
    if (words.empty() || !is_python(words.front()))
        throw no_python_call(localize("it does not begin with python."));
    PythonCall call;
    // `py -3` chooses the Python, which is chosen already.
    const bool is_launcher = lower(words.front()).find("python") == std::string::npos;
    std::size_t at = 1;
    for (; at < words.size() && words[at].starts_with('-'); ++at) {
        const auto& option = words[at];
        if (option == "-c" || option == "-") {
            throw no_python_call(localize("its program is in the command itself."));
        }
        if (option == "-m") {
            call.is_module = true;
            ++at;
            break;
        }
        if (is_launcher && option.size() > 1 && option[1] >= '2' && option[1] <= '3') continue;
        call.options.push_back(option);
        if (takes_value(option) && at + 1 < words.size()) call.options.push_back(words[++at]);
    }
    if (at >= words.size()) throw no_python_call(localize("it names no script."));
    call.what = words[at];
    call.arguments.assign(words.begin() + static_cast<std::ptrdiff_t>(at) + 1, words.end());
    return call;
}

}  // namespace aml::local
