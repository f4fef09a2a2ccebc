#include "program/state_folder.hpp"

#include "support/error.hpp"
#include "support/random.hpp"
#include "support/system_text.hpp"

#include <fmt/format.h>

#include <fstream>
#include <system_error>
#include <utility>

namespace aml::emulator {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse(const fs::path& file, const std::error_code& reason) {
    throw Error(ErrorKind::Unavailable,
                fmt::format("Cannot use {}: {}.", file.string(), system_text(reason).english()));
}

platform::File open_lock(const fs::path& file) {
    try {
        return platform::File::open_or_create(file);
    } catch (const fs::filesystem_error& error) {
        refuse(file, error.code());
    }
}

/// Made by this call, so that nobody else has prepared it.
fs::path make_temporary_folder() {
    try {
        const auto places = fs::temp_directory_path();
        for (;;) {
            auto folder = places / ("aml-emulator-" + system_random()->uuid());
            if (platform::make_folder(folder)) return folder;
        }
    } catch (const fs::filesystem_error&) {
        throw Error(ErrorKind::Unavailable,
                    "Cannot make a temporary folder for the state. Choose one with --state.");
    }
}

}  // namespace

StateFolder::StateFolder(const std::optional<fs::path>& chosen)
    : temporary_(!chosen) {
    if (temporary_) {
        path_ = make_temporary_folder();
        return;
    }
    try {
        path_ = fs::absolute(*chosen);
        fs::create_directories(path_);
    } catch (const fs::filesystem_error& error) {
        throw Error(ErrorKind::Unavailable,
                    fmt::format("Cannot use the state folder {}: {}.",
                                chosen->string(),
                                system_text(error.code()).english()));
    }
}

StateFolder::~StateFolder() {
    std::error_code ignored;
    if (temporary_) fs::remove_all(path_, ignored);
}

StateClaim::StateClaim(fs::path folder)
    : folder_(std::move(folder)),
      starting_(open_lock(folder_ / "starting.lock")),
      running_(open_lock(folder_ / "running.lock")) {
    try {
        starting_.lock();
        ours_ = running_.try_lock();
    } catch (const fs::filesystem_error& error) {
        refuse(folder_, error.code());
    }
}

std::optional<std::string> StateClaim::ready_line() const {
    std::ifstream file(ready_file());
    std::string line;
    if (!std::getline(file, line)) return std::nullopt;
    return line;
}

void StateClaim::announce(const std::string& line) {
    const auto fresh = folder_ / "ready.json.new";
    try {
        // For its owner alone: it holds the secret that signs in here.
        auto file = platform::File::open_or_create(fresh);
        file.resize(0);
        file.write_at(0, line + "\n");
        file = {};
        platform::replace(fresh, ready_file());
    } catch (const fs::filesystem_error& error) {
        refuse(ready_file(), error.code());
    }
    starting_ = {};
}

fs::path StateClaim::ready_file() const {
    return folder_ / "ready.json";
}

}  // namespace aml::emulator
