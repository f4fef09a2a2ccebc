#include "platform/windows/status.hpp"

namespace aml::platform {
namespace {

// From 1601 to 1970, in the 100 ns of Windows.
constexpr std::int64_t before_1970 = 116'444'736'000'000'000;

std::int64_t ns_since_1970(const LARGE_INTEGER& time) {
    return (time.QuadPart - before_1970) * 100;
}

std::uint64_t joined(DWORD high, DWORD low) {
    return (std::uint64_t{high} << 32U) | low;
}

FileKind kind_of(HANDLE file, DWORD attributes) {
    if (::GetFileType(file) != FILE_TYPE_DISK) return FileKind::Other;
    FILE_ATTRIBUTE_TAG_INFO tag{};
    // What is followed does not show as a link; other reparse points (files in the cloud, for
    // instance) read like any file.
    const bool may_be_link =
        (attributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0 &&
        ::GetFileInformationByHandleEx(file, FileAttributeTagInfo, &tag, sizeof tag) != 0;
    if (may_be_link &&
        (tag.ReparseTag == IO_REPARSE_TAG_SYMLINK || tag.ReparseTag == IO_REPARSE_TAG_MOUNT_POINT))
        return FileKind::Link;
    return (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0 ? FileKind::Folder : FileKind::Regular;
}

}  // namespace

Handle open_to_ask(const std::wstring& path, Links links) {
    const DWORD flags =
        FILE_FLAG_BACKUP_SEMANTICS | (links == Links::Show ? FILE_FLAG_OPEN_REPARSE_POINT : 0U);
    return Handle(::CreateFileW(
        path.c_str(), FILE_READ_ATTRIBUTES, share_all, nullptr, OPEN_EXISTING, flags, nullptr));
}

std::optional<FileStatus> file_status(HANDLE file) {
    BY_HANDLE_FILE_INFORMATION identity{};
    FILE_BASIC_INFO times{};
    FILE_STANDARD_INFO names{};
    if (::GetFileInformationByHandle(file, &identity) == 0 ||
        ::GetFileInformationByHandleEx(file, FileBasicInfo, &times, sizeof times) == 0 ||
        ::GetFileInformationByHandleEx(file, FileStandardInfo, &names, sizeof names) == 0)
        return std::nullopt;
    return FileStatus{.kind = kind_of(file, identity.dwFileAttributes),
                      .size = joined(identity.nFileSizeHigh, identity.nFileSizeLow),
                      .modified_ns = ns_since_1970(times.LastWriteTime),
                      .changed_ns = ns_since_1970(times.ChangeTime),
                      .device = identity.dwVolumeSerialNumber,
                      .inode = joined(identity.nFileIndexHigh, identity.nFileIndexLow),
                      .links = names.DeletePending != 0 ? 0 : names.NumberOfLinks};
}

}  // namespace aml::platform
