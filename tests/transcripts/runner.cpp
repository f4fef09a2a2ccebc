// Plays transcripts against a whole server in this process.
// usage: aml_transcripts [--update] FILE...     `--update` rewrites what the server is expected to
// do; review the diff like code.
#include "script.hpp"
#include "world.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace {

using namespace aml::transcript;

/// Plays one transcript; what the server did goes to `actual`, in its place among the other lines.
class Player final {
public:
    explicit Player(bool update)
        : update_(update) {}

    void play(const std::vector<Line>& script) {
        for (const auto& line : script) {
            if (is_expectation(line.step)) {
                expect(line);
            } else {
                // An expectation that is missing here is noticed before the next move changes the
                // world.
                if (line.step != Step::Note || update_) take_rest(line.place);
                actual.push_back(line);
                move(line);
            }
        }
        take_rest("at the end");
        world_.end();
    }

    std::vector<Line> actual;
    /// The first disagreement.
    std::string failure;

    const std::vector<std::string>& log() const { return world_.log(); }

private:
    void move(const Line& line) {
        try {
            if (line.step == Step::Send) world_.send(line.text);
            if (line.step == Step::Answer) world_.answer(line.text);
            if (line.step == Step::Clock) world_.advance(line.text);
            if (line.step == Step::Write) world_.write(line.text);
            if (line.step == Step::Copy) world_.copy(line.text);
            if (line.step == Step::Env) world_.set_environment(line.text);
        } catch (const std::exception& error) {
            throw Failure(fmt::format("{}: {}\n  {}", line.place, error.what(), to_text(line)));
        }
    }

    void expect(const Line& line) {
        auto got = happened(line);
        if (!got) {
            fail(fmt::format(
                "{}: expected, but nothing more happened:\n  {}", line.place, to_text(line)));
            return;
        }
        if (to_text(*got) != to_text(line)) {
            fail(fmt::format(
                "{}: expected\n  {}\nbut got\n  {}", line.place, to_text(line), to_text(*got)));
        }
        got->included = line.included;
        actual.push_back(std::move(*got));
    }

    std::optional<Line> happened(const Line& line) {
        if (line.step == Step::File) {
            const auto path = line.text.substr(0, line.text.find(' '));
            return Line{Step::File, world_.file(path), line.place};
        }
        if (line.step == Step::Exit) {
            const auto code = world_.exit_code();
            return code ? std::optional(Line{Step::Exit, std::to_string(*code), line.place})
                        : std::nullopt;
        }
        return world_.take();
    }

    void take_rest(const std::string& place) {
        while (auto got = world_.take()) {
            fail(fmt::format("{}: before this the server also did\n  {}", place, to_text(*got)));
            actual.push_back(std::move(*got));
        }
    }

    void fail(std::string text) {
        if (failure.empty()) failure = std::move(text);
    }

    bool update_;
    World world_;
};

void rewrite(const std::filesystem::path& file, const std::vector<Line>& lines) {
    std::ofstream output(file);
    for (const auto& line : lines) {
        if (!line.included) output << to_text(line) << '\n';
    }
}

/// True if the transcript agrees with the server, or does so now.
bool play(const std::filesystem::path& file, bool update) {
    Player player(update);
    std::string failure;
    try {
        player.play(read_script(file));
        failure = player.failure;
    } catch (const std::exception& error) {
        // A disagreement usually is why a later step made no sense.
        failure =
            player.failure.empty() ? error.what() : player.failure + "\nand then\n" + error.what();
        update = false;
    }
    if (failure.empty()) return true;
    if (update) {
        rewrite(file, player.actual);
        fmt::print("{} is updated\n", file.string());
        return true;
    }
    fmt::print("{}\n\nthe server's log:\n", failure);
    for (const auto& line : player.log()) fmt::print("  {}\n", line);
    fmt::print("\nIf the server is right: aml_transcripts --update {}\n", file.string());
    return false;
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    bool update = false;
    int failed = 0;
    for (const auto& argument : arguments) {
        if (argument == "--update") {
            update = true;
        } else if (!play(argument, update)) {
            ++failed;
        }
    }
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
