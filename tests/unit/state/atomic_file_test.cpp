#include "state/atomic_file.hpp"

#include "support/error_of.hpp"
#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>
#include <vector>

using namespace aml;
using test::TemporaryDirectory;

namespace {

/// Runs `work` with 0 to 7 on as many threads.
template <typename Work>
void all_at_once(Work work) {
    std::vector<std::thread> threads;
    for (int number = 0; number < 8; ++number)
        threads.emplace_back([work, number] { work(number); });
    for (auto& thread : threads) thread.join();
}

std::size_t entries(const std::filesystem::path& folder) {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder)) ++count;
    return count;
}

}  // namespace

TEST_CASE("writers of one file that hold no lock leave the whole text of one of them") {
    const TemporaryDirectory folder;
    const auto file = folder.path() / "config.json";
    std::atomic<int> failures = 0;
    all_at_once([&](int number) {
        for (int round = 0; round < 50; ++round) {
            try {
                state::write_atomically(file, std::string(1000, static_cast<char>('a' + number)));
            } catch (const Error&) {
                ++failures;
            }
        }
    });
    CHECK(failures == 0);
    const auto text = state::read_file(file).value_or("");
    REQUIRE(text.size() == 1000);
    CHECK(text == std::string(1000, text.front()));
    CHECK(entries(folder.path()) == 1);
}

TEST_CASE("of those who create a file at once, one does, and the others are told so") {
    const TemporaryDirectory folder;
    for (int round = 0; round < 20; ++round) {
        const auto file = folder.path() / std::to_string(round);
        std::atomic<int> winner = -1;
        std::atomic<int> winners = 0;
        all_at_once([&](int number) {
            if (!state::create_atomically(file, std::to_string(number))) return;
            winner = number;
            ++winners;
        });
        CHECK(winners == 1);
        CHECK(state::read_file(file) == std::to_string(winner));
    }
    CHECK(entries(folder.path()) == 20);
}

TEST_CASE("a file that cannot be made is named, and nothing is left behind") {
    const TemporaryDirectory folder;
    const auto file = folder.path() / "gone" / "config.json";
    for (const auto& attempt :
         {std::function<void()>([&] { state::write_atomically(file, "x"); }),
          std::function<void()>([&] { state::create_atomically(file, "x"); })}) {
        const auto error = test::error_of(attempt);
        CHECK(error.kind() == ErrorKind::Unavailable);
        CHECK(error.message().find(file.string()) != std::string::npos);
    }
    CHECK(entries(folder.path()) == 0);
}
