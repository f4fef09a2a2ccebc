#pragma once

#include "platform/file.hpp"
#include "platform/windows/handle.hpp"

#include <optional>
#include <string>

namespace aml::platform {

enum class Links { Follow, Show };

/// Opens a file or folder to ask what it is; not open when it cannot be.
Handle open_to_ask(const std::wstring& path, Links links);

/// Absent when the system does not say.
std::optional<FileStatus> file_status(HANDLE file);

/// Everybody else may go on reading, writing, renaming and removing.
inline constexpr DWORD share_all = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;

}  // namespace aml::platform
