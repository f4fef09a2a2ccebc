#include "platform/folder.hpp"

#include "platform/error.hpp"
#include "platform/windows/status.hpp"
#include "platform/windows/wide.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <windows.h>

namespace aml::platform {
namespace {

std::wstring inside(const std::wstring& folder, const std::string& name) {
    auto path = folder;
    if (!path.ends_with(L'\\')) path += L'\\';
    auto rest = to_wide(name);
    std::replace(rest.begin(), rest.end(), L'/', L'\\');
    return path + rest;
}

FileStatus status_of(const std::wstring& path, Links links, std::error_code& error) {
    error.clear();
    const auto file = open_to_ask(path, links);
    if (file.is_open()) {
        if (const auto status = file_status(file.get())) return *status;
    }
    error = last_error();
    return {};
}

}  // namespace

struct Folder::Open {
    explicit Open(std::wstring name)
        : path(std::move(name)),
          // Nobody renames or removes it meanwhile.
          folder(::CreateFileW(path.c_str(),
                               FILE_READ_ATTRIBUTES | FILE_LIST_DIRECTORY,
                               FILE_SHARE_READ | FILE_SHARE_WRITE,
                               nullptr,
                               OPEN_EXISTING,
                               FILE_FLAG_BACKUP_SEMANTICS,
                               nullptr)) {
        if (!folder.is_open()) throw_last_error("open", path);
    }

    std::wstring path;
    Handle folder;
};

Folder::Folder(const std::filesystem::path& path)
    : open_(std::make_unique<Open>(unlimited(path))) {}

Folder::Folder(const Folder& parent, const std::string& name)
    : open_(std::make_unique<Open>(inside(parent.open_->path, name))) {}

Folder::Folder(Folder&&) noexcept = default;
Folder& Folder::operator=(Folder&&) noexcept = default;
Folder::~Folder() = default;

std::vector<std::string> Folder::names() const {
    WIN32_FIND_DATAW entry{};
    const auto search = ::FindFirstFileExW(inside(open_->path, "*").c_str(),
                                           FindExInfoBasic,
                                           &entry,
                                           FindExSearchNameMatch,
                                           nullptr,
                                           FIND_FIRST_EX_LARGE_FETCH);
    std::vector<std::string> names;
    if (search == INVALID_HANDLE_VALUE) {
        // The root of an empty drive has not even "." in it.
        if (::GetLastError() == ERROR_FILE_NOT_FOUND) return names;
        throw_last_error("list", open_->path);
    }
    do {
        const std::wstring_view name = entry.cFileName;
        if (name != L"." && name != L"..") names.push_back(to_utf8(name));
    } while (::FindNextFileW(search, &entry) != 0);
    const auto ended = ::GetLastError();
    ::FindClose(search);
    ::SetLastError(ended);
    if (ended != ERROR_NO_MORE_FILES) throw_last_error("list", open_->path);
    return names;
}

FileStatus Folder::status() const {
    const auto status = file_status(open_->folder.get());
    if (!status) throw_last_error("status", open_->path);
    return *status;
}

FileStatus Folder::status(const std::string& name, std::error_code& error) const {
    return status_of(inside(open_->path, name), Links::Follow, error);
}

FileStatus Folder::link_status(const std::string& name, std::error_code& error) const {
    return status_of(inside(open_->path, name), Links::Show, error);
}

FileStatus status(const std::filesystem::path& path) {
    std::error_code error;
    const auto status = status_of(unlimited(path), Links::Follow, error);
    if (error) throw std::filesystem::filesystem_error("status", path, error);
    return status;
}

}  // namespace aml::platform
