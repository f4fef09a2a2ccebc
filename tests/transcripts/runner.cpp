// Plays transcripts against a whole server in this process.
// usage: aml_transcripts [--update] FILE...     `--update` rewrites what the server is expected to
// do; review the diff like code.
#include "transcripts/player.hpp"
#include "transcripts/world.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace {

using namespace aml::transcript;

void rewrite(const std::filesystem::path& file, const std::vector<Line>& lines) {
    std::ofstream output(file);
    for (const auto& line : lines) {
        if (!line.included) output << to_text(line) << '\n';
    }
}

/// True if the transcript agrees with the server, or does so now.
bool play(const std::filesystem::path& file, bool update) {
    World world;
    Player player(world);
    std::string failure;
    try {
        player.play(read_script(file));
        failure = player.failure();
    } catch (const std::exception& error) {
        // A disagreement usually is why a later step made no sense.
        failure = player.failure().empty() ? error.what()
                                           : player.failure() + "\nand then\n" + error.what();
        update = false;
    }
    if (failure.empty()) return true;
    if (update && !player.included_disagrees()) {
        rewrite(file, player.actual());
        fmt::print("{} is updated\n", file.string());
        return true;
    }
    fmt::print("{}\n\nthe server's log:\n", failure);
    for (const auto& line : world.log()) fmt::print("  {}\n", line);
    if (player.included_disagrees()) {
        fmt::print("\nIf the server is right: correct the transcript that is included.\n");
    } else {
        fmt::print("\nIf the server is right: aml_transcripts --update {}\n", file.string());
    }
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
