#pragma once

#include "platform/file.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace aml::emulator {

/// The folder of the state: the one of `--state`, made if it is missing, or a temporary one that is
/// removed at the end.
class StateFolder final {
public:
    /// Throws: Unavailable, naming the folder, when it cannot be made.
    explicit StateFolder(const std::optional<std::filesystem::path>& chosen);
    ~StateFolder();
    StateFolder(const StateFolder&) = delete;
    StateFolder& operator=(const StateFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }

private:
    bool temporary_;
    std::filesystem::path path_;
};

/// Makes sure that one emulator at a time works on a state folder, and lets a second one tell where
/// the first is. Held for the life of the process; the system takes it back however that ends.
class StateClaim final {
public:
    /// Waits while another emulator is starting on `folder`. Throws: Unavailable when the folder
    /// cannot be written.
    explicit StateClaim(std::filesystem::path folder);

    /// False when an emulator runs on the folder already.
    bool is_ours() const { return ours_; }

    /// The ready line of the emulator that ran, or runs, here last; nothing when none ever did.
    std::optional<std::string> ready_line() const;

    /// Keeps the ready line of this one and lets whoever waits go on. Throws: Unavailable.
    void announce(const std::string& line);

private:
    std::filesystem::path ready_file() const;

    std::filesystem::path folder_;
    /// Held from before the claim is tried until the ready line is there.
    platform::File starting_;
    platform::File running_;
    bool ours_ = false;
};

}  // namespace aml::emulator
