#include "core/state_folder.hpp"

#include "support/error.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <system_error>

namespace aml::emulator {

namespace fs = std::filesystem;

StateFolder::StateFolder(const std::optional<fs::path>& chosen)
    : temporary_(!chosen) {
    if (temporary_) {
        auto pattern = (fs::temp_directory_path() / "aml-emulator-XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr)
            throw Error(ErrorKind::Unavailable,
                        "Cannot make a temporary folder for the state. Choose one with --state.");
        path_ = pattern;
        return;
    }
    std::error_code error;
    path_ = fs::absolute(*chosen);
    fs::create_directories(path_, error);
    if (error)
        throw Error(
            ErrorKind::Unavailable,
            fmt::format("Cannot use the state folder {}: {}.", path_.string(), error.message()));
}

StateFolder::~StateFolder() {
    std::error_code ignored;
    if (temporary_) fs::remove_all(path_, ignored);
}

}  // namespace aml::emulator
