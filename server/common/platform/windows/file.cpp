#include "platform/file.hpp"

#include "platform/error.hpp"
#include "platform/windows/status.hpp"
#include "platform/windows/wide.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <string>
#include <thread>
#include <vector>
#include <windows.h>

// After windows.h, which it needs.
#include <winternl.h>

namespace aml::platform {
namespace {

// How long somebody who has a file open for himself alone (a virus scanner, an indexer) is waited
// for.
constexpr std::chrono::milliseconds busy_patience{1000};
constexpr std::chrono::milliseconds busy_pause{10};

/// Has paths of any length pass through the standard library, too, which asks Windows for files by
/// their plain names. Its administrator would have to allow that, and programs to say that they are
/// ready, as our manifest does; but what both come to is this bit of the process. Source: Go's
/// runtime, which sets it, too (initLongPathSupport in os_windows.go).
[[maybe_unused]] const bool has_long_paths = [] {
    constexpr auto is_long_path_aware = 0x80U;
    auto& bits = ::NtCurrentTeb()->ProcessEnvironmentBlock->Reserved2[0];
    bits = static_cast<BYTE>(bits | is_long_path_aware);
    return true;
}();

// A byte that no file has: a lock of it keeps nobody from reading and writing.
constexpr DWORD locked_offset_high = 0x40000000;

HANDLE handle_of(std::intptr_t handle) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the system's handles are pointers
    return reinterpret_cast<HANDLE>(handle);
}

/// False for what passes when somebody else closes the file.
bool is_final(DWORD error) {
    return error != ERROR_SHARING_VIOLATION && error != ERROR_LOCK_VIOLATION &&
           error != ERROR_ACCESS_DENIED && error != ERROR_USER_MAPPED_FILE;
}

/// Calls until it succeeds, fails for good or the patience is over; the error is the last one.
template <typename Call>
bool while_busy(Call call) {
    const auto give_up = std::chrono::steady_clock::now() + busy_patience;
    while (!call()) {
        const auto error = ::GetLastError();
        if (is_final(error) || std::chrono::steady_clock::now() >= give_up) {
            ::SetLastError(error);
            return false;
        }
        std::this_thread::sleep_for(busy_pause);
    }
    return true;
}

std::intptr_t open_file(const std::filesystem::path& path, DWORD access, DWORD disposition) {
    const auto file = ::CreateFileW(unlimited(path).c_str(),
                                    access,
                                    share_all,
                                    nullptr,
                                    disposition,
                                    FILE_ATTRIBUTE_NORMAL,
                                    nullptr);
    if (file == INVALID_HANDLE_VALUE) throw_last_error("open", path);
    return reinterpret_cast<std::intptr_t>(file);
}

OVERLAPPED place_at(std::uint64_t offset) {
    OVERLAPPED place{};
    place.Offset = static_cast<DWORD>(offset);
    place.OffsetHigh = static_cast<DWORD>(offset >> 32U);
    return place;
}

Handle open_to_rename_or_remove(const std::wstring& path) {
    return Handle(::CreateFileW(path.c_str(),
                                DELETE | SYNCHRONIZE,
                                share_all,
                                nullptr,
                                OPEN_EXISTING,
                                FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT,
                                nullptr));
}

/// As rename(2): what has the name may be open, and stays so without it.
bool rename_as_posix(const std::wstring& from, const std::wstring& to) {
    const auto file = open_to_rename_or_remove(from);
    if (!file.is_open()) return false;
    const auto bytes = (to.size() + 1) * sizeof(wchar_t);
    // The name follows the fields.
    std::vector<std::byte> memory(sizeof(FILE_RENAME_INFO) + bytes);
    auto* info = reinterpret_cast<FILE_RENAME_INFO*>(memory.data());
    info->Flags = FILE_RENAME_FLAG_REPLACE_IF_EXISTS | FILE_RENAME_FLAG_POSIX_SEMANTICS;
    info->FileNameLength = static_cast<DWORD>(bytes - sizeof(wchar_t));
    std::memcpy(info->FileName, to.c_str(), bytes);
    return ::SetFileInformationByHandle(
               file.get(), FileRenameInfoEx, info, static_cast<DWORD>(memory.size())) != 0;
}

bool remove_as_posix(const std::wstring& path) {
    const auto file = open_to_rename_or_remove(path);
    if (!file.is_open()) return false;
    FILE_DISPOSITION_INFO_EX info{};
    info.Flags = FILE_DISPOSITION_FLAG_DELETE | FILE_DISPOSITION_FLAG_POSIX_SEMANTICS |
                 FILE_DISPOSITION_FLAG_IGNORE_READONLY_ATTRIBUTE;
    return ::SetFileInformationByHandle(file.get(), FileDispositionInfoEx, &info, sizeof info) != 0;
}

/// Somebody has it open for himself alone, which a renaming calls a lack of rights.
bool is_taken(const std::wstring& path) {
    return !open_to_rename_or_remove(path).is_open() && ::GetLastError() == ERROR_SHARING_VIOLATION;
}

bool is_missing(DWORD error) {
    return error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND;
}

}  // namespace

// Files of a user's folder are his own by the rights that it hands down, so `readers` says nothing
// new here.
File File::open(const std::filesystem::path& path) {
    return {path, open_file(path, GENERIC_READ, OPEN_EXISTING)};
}

File File::open_to_write(const std::filesystem::path& path) {
    return {path, open_file(path, GENERIC_READ | GENERIC_WRITE, OPEN_EXISTING)};
}

File File::open_or_create(const std::filesystem::path& path, Readers /*readers*/) {
    return {path, open_file(path, GENERIC_READ | GENERIC_WRITE, OPEN_ALWAYS)};
}

File File::create_new(const std::filesystem::path& path, Readers /*readers*/) {
    return {path, open_file(path, GENERIC_READ | GENERIC_WRITE, CREATE_NEW)};
}

void File::close() noexcept {
    if (is_open()) ::CloseHandle(handle_of(std::exchange(handle_, none)));
}

FileStatus File::status() const {
    const auto status = file_status(handle_of(handle_));
    if (!status) throw_last_error("status", path_);
    return *status;
}

std::size_t File::read_at(std::uint64_t offset, char* buffer, std::size_t count) const {
    constexpr std::size_t most = 1U << 30U;
    auto place = place_at(offset);
    DWORD got = 0;
    const auto wanted = static_cast<DWORD>(std::min(count, most));
    if (::ReadFile(handle_of(handle_), buffer, wanted, &got, &place) == 0 &&
        ::GetLastError() != ERROR_HANDLE_EOF)
        throw_last_error("read", path_);
    return got;
}

void File::write_at(std::uint64_t offset, std::string_view bytes) {
    constexpr std::size_t most = 1U << 30U;
    while (!bytes.empty()) {
        auto place = place_at(offset);
        DWORD written = 0;
        const auto wanted = static_cast<DWORD>(std::min(bytes.size(), most));
        if (::WriteFile(handle_of(handle_), bytes.data(), wanted, &written, &place) == 0)
            throw_last_error("write", path_);
        bytes.remove_prefix(written);
        offset += written;
    }
}

void File::resize(std::uint64_t size) {
    FILE_END_OF_FILE_INFO end{};
    end.EndOfFile.QuadPart = static_cast<LONGLONG>(size);
    if (::SetFileInformationByHandle(handle_of(handle_), FileEndOfFileInfo, &end, sizeof end) == 0)
        throw_last_error("truncate", path_);
}

void File::sync() {
    if (::FlushFileBuffers(handle_of(handle_)) == 0) throw_last_error("sync", path_);
}

bool File::try_lock() {
    OVERLAPPED place{};
    place.OffsetHigh = locked_offset_high;
    const DWORD flags = LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY;
    if (::LockFileEx(handle_of(handle_), flags, 0, 1, 0, &place) != 0) return true;
    if (::GetLastError() != ERROR_LOCK_VIOLATION && ::GetLastError() != ERROR_IO_PENDING)
        throw_last_error("lock", path_);
    return false;
}

void File::lock() {
    OVERLAPPED place{};
    place.OffsetHigh = locked_offset_high;
    if (::LockFileEx(handle_of(handle_), LOCKFILE_EXCLUSIVE_LOCK, 0, 1, 0, &place) == 0)
        throw_last_error("lock", path_);
}

std::FILE* open_stream(const std::filesystem::path& path, Before before) {
    auto* stream = ::_wfopen(unlimited(path).c_str(), before == Before::Cut ? L"wbN" : L"abN");
    if (stream == nullptr) throw_last_error("open", path);
    return stream;
}

void replace(const std::filesystem::path& from, const std::filesystem::path& to) {
    const auto source = unlimited(from);
    const auto target = unlimited(to);
    const auto rename = [&] {
        if (rename_as_posix(source, target)) return true;
        // File systems other than NTFS cannot do that.
        return ::MoveFileExW(source.c_str(),
                             target.c_str(),
                             MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH) != 0;
    };
    if (while_busy(rename)) return;
    const auto error = ::GetLastError();
    ::SetLastError(is_taken(target) ? ERROR_SHARING_VIOLATION : error);
    throw_last_error("rename", to);
}

bool rename_if_new(const std::filesystem::path& from, const std::filesystem::path& to) {
    const auto source = unlimited(from);
    const auto target = unlimited(to);
    const auto rename = [&] {
        return ::MoveFileExW(source.c_str(), target.c_str(), MOVEFILE_WRITE_THROUGH) != 0 ||
               ::GetFileAttributesW(target.c_str()) != INVALID_FILE_ATTRIBUTES;
    };
    if (!while_busy(rename)) throw_last_error("rename", to);
    return ::GetFileAttributesW(source.c_str()) == INVALID_FILE_ATTRIBUTES;
}

bool remove_file(const std::filesystem::path& path) {
    const auto name = unlimited(path);
    const auto remove = [&] {
        if (remove_as_posix(name) || ::DeleteFileW(name.c_str()) != 0) return true;
        return is_missing(::GetLastError());
    };
    const bool was_there = ::GetFileAttributesW(name.c_str()) != INVALID_FILE_ATTRIBUTES;
    if (!while_busy(remove)) throw_last_error("remove", path);
    return was_there;
}

bool make_folder(const std::filesystem::path& path) {
    if (::CreateDirectoryW(unlimited(path).c_str(), nullptr) != 0) return true;
    if (::GetLastError() != ERROR_ALREADY_EXISTS) throw_last_error("mkdir", path);
    return false;
}

void sync_folder(const std::filesystem::path& /*path*/) {
    // NTFS keeps a journal of its names; there is nothing to ask for.
}

void require_writable_folder(const std::filesystem::path& path) {
    // Rights are lists that only an attempt evaluates. Nobody else makes the same one: a file that
    // is on its way out cannot be opened.
    const auto probe = path / (L".aml-write-test-" + std::to_wstring(::GetCurrentProcessId()) +
                               L"-" + std::to_wstring(::GetCurrentThreadId()));
    const Handle file(::CreateFileW(unlimited(probe).c_str(),
                                    GENERIC_WRITE,
                                    share_all,
                                    nullptr,
                                    CREATE_ALWAYS,
                                    FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_DELETE_ON_CLOSE,
                                    nullptr));
    if (!file.is_open()) throw_last_error("access", path);
}

}  // namespace aml::platform
