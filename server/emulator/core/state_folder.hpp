#pragma once

#include <filesystem>
#include <optional>

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

}  // namespace aml::emulator
