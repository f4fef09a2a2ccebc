#pragma once

#include "support/temporary_directory.hpp"

#include <filesystem>
#include <string>
#include <system_error>

namespace aml::test {

/// Whether this is Wine instead of Windows, and lacks some of what that has.
bool is_wine();

/// Whether links can be made here: Windows asks for a right that few have, and Wine has no links.
inline bool can_link() {
    if (std::filesystem::path::preferred_separator == '/') return true;
    const TemporaryDirectory directory;
    std::error_code error;
    std::filesystem::create_symlink("nowhere", directory.path() / "link", error);
    return std::filesystem::is_symlink(directory.path() / "link", error);
}

/// A name that files can have and that is no text, and how it is shown.
struct IllFormedName {
    std::filesystem::path name;
    std::string shown;
};

IllFormedName ill_formed_name();

}  // namespace aml::test
