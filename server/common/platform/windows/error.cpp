#include "platform/error.hpp"

#include "platform/windows/wide.hpp"

#include <array>
#include <memory>
#include <windows.h>

namespace aml::platform {
namespace {

struct Meaning {
    DWORD error;
    std::errc condition;
};

constexpr std::array meanings{
    Meaning{ERROR_FILE_NOT_FOUND, std::errc::no_such_file_or_directory},
    Meaning{ERROR_PATH_NOT_FOUND, std::errc::no_such_file_or_directory},
    Meaning{ERROR_INVALID_NAME, std::errc::no_such_file_or_directory},
    Meaning{ERROR_INVALID_DRIVE, std::errc::no_such_file_or_directory},
    Meaning{ERROR_BAD_PATHNAME, std::errc::no_such_file_or_directory},
    Meaning{ERROR_BAD_NETPATH, std::errc::no_such_file_or_directory},
    Meaning{ERROR_BAD_NET_NAME, std::errc::no_such_file_or_directory},
    Meaning{ERROR_DIRECTORY, std::errc::not_a_directory},
    Meaning{ERROR_ACCESS_DENIED, std::errc::permission_denied},
    Meaning{ERROR_CANNOT_MAKE, std::errc::permission_denied},
    Meaning{ERROR_NOACCESS, std::errc::permission_denied},
    Meaning{ERROR_WRITE_PROTECT, std::errc::read_only_file_system},
    Meaning{ERROR_SHARING_VIOLATION, std::errc::text_file_busy},
    Meaning{ERROR_LOCK_VIOLATION, std::errc::text_file_busy},
    Meaning{ERROR_USER_MAPPED_FILE, std::errc::text_file_busy},
    Meaning{ERROR_DELETE_PENDING, std::errc::text_file_busy},
    Meaning{ERROR_BUSY, std::errc::device_or_resource_busy},
    Meaning{ERROR_FILE_EXISTS, std::errc::file_exists},
    Meaning{ERROR_ALREADY_EXISTS, std::errc::file_exists},
    Meaning{ERROR_TOO_MANY_OPEN_FILES, std::errc::too_many_files_open},
    Meaning{ERROR_HANDLE_DISK_FULL, std::errc::no_space_on_device},
    Meaning{ERROR_DISK_FULL, std::errc::no_space_on_device},
    Meaning{ERROR_BROKEN_PIPE, std::errc::broken_pipe},
    Meaning{ERROR_NO_DATA, std::errc::broken_pipe},
    Meaning{ERROR_PIPE_NOT_CONNECTED, std::errc::broken_pipe},
    Meaning{ERROR_FILENAME_EXCED_RANGE, std::errc::filename_too_long},
    Meaning{ERROR_CANT_RESOLVE_FILENAME, std::errc::too_many_symbolic_link_levels},
    Meaning{ERROR_DIR_NOT_EMPTY, std::errc::directory_not_empty},
    Meaning{ERROR_CRC, std::errc::io_error},
    Meaning{ERROR_IO_DEVICE, std::errc::io_error},
    Meaning{ERROR_NOT_ENOUGH_MEMORY, std::errc::not_enough_memory},
    Meaning{ERROR_OUTOFMEMORY, std::errc::not_enough_memory},
};

/// Errors of Windows in Windows' words, comparable with `std::errc`.
class WindowsCategory final : public std::error_category {
public:
    const char* name() const noexcept override { return "windows"; }

    std::string message(int code) const override {
        constexpr DWORD most = 512;
        std::array<wchar_t, most> text{};
        const auto length =
            ::FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS,
                             nullptr,
                             static_cast<DWORD>(code),
                             0,
                             text.data(),
                             most,
                             nullptr);
        auto message = to_utf8({text.data(), length});
        // It goes on in the middle of a sentence.
        message.erase(message.find_last_not_of(" \r\n.") + 1);
        return message.empty() ? "error " + std::to_string(code) : message;
    }

    std::error_condition default_error_condition(int code) const noexcept override {
        for (const auto& [error, condition] : meanings) {
            if (error == static_cast<DWORD>(code)) return std::make_error_condition(condition);
        }
        return {code, *this};
    }
};

const WindowsCategory windows_category;

}  // namespace

std::error_code last_error() {
    return {static_cast<int>(::GetLastError()), windows_category};
}

void throw_last_error(const char* what, const std::filesystem::path& path) {
    const auto error = last_error();
    throw std::filesystem::filesystem_error(what, path, error);
}

bool is_quota_exceeded(const std::error_code& error) {
    return error == std::error_code(ERROR_DISK_QUOTA_EXCEEDED, windows_category);
}

}  // namespace aml::platform
