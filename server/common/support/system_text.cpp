#include "support/system_text.hpp"

#include "platform/error.hpp"

#include <array>

namespace aml {
namespace {

struct Known {
    std::errc error;
    Localizable text;
};

// Those that a user's files can lead to, in the words of the C library.
constexpr std::array known{
    Known{std::errc::operation_not_permitted, Localizable("Operation not permitted")},
    Known{std::errc::no_such_file_or_directory, Localizable("No such file or directory")},
    Known{std::errc::io_error, Localizable("Input/output error")},
    Known{std::errc::permission_denied, Localizable("Permission denied")},
    Known{std::errc::device_or_resource_busy, Localizable("Device or resource busy")},
    Known{std::errc::file_exists, Localizable("File exists")},
    Known{std::errc::not_a_directory, Localizable("Not a directory")},
    Known{std::errc::is_a_directory, Localizable("Is a directory")},
    Known{std::errc::too_many_files_open, Localizable("Too many open files")},
    Known{std::errc::no_space_on_device, Localizable("No space left on device")},
    Known{std::errc::read_only_file_system, Localizable("Read-only file system")},
    Known{std::errc::broken_pipe, Localizable("Broken pipe")},
    Known{std::errc::filename_too_long, Localizable("File name too long")},
    Known{std::errc::too_many_symbolic_link_levels,
          Localizable("Too many levels of symbolic links")},
};

}  // namespace

LocalizedText system_text(const std::error_code& error) {
    if (platform::is_quota_exceeded(error)) return localize("Disk quota exceeded");
    // Windows: somebody has it open for himself alone.
    if (error == std::errc::text_file_busy) return localize("Another program has it open");
    for (const auto& [condition, text] : known) {
        if (error == condition) return localize(text);
    }
    return LocalizedText(error.message());
}

LocalizedText system_text(int error) {
    return system_text(std::error_code(error, std::generic_category()));
}

}  // namespace aml
