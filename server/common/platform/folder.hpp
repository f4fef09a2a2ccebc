#pragma once

#include "platform/file.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

namespace aml::platform {

/// An open folder: what is asked of it is about the folder that was opened, even if its name leads
/// to another one by now (on Windows: a folder that is open is not renamed). All calls block.
class Folder final {
public:
    /// Follows links. Throws: `std::filesystem::filesystem_error`.
    explicit Folder(const std::filesystem::path& path);
    Folder(const Folder& parent, const std::string& name);
    Folder(Folder&&) noexcept;
    Folder& operator=(Folder&&) noexcept;
    ~Folder();

    /// The names in it, in UTF-8, in no order, without "." and "..". A name that is no text comes
    /// as bytes that are not well-formed UTF-8. Throws: `filesystem_error`.
    std::vector<std::string> names() const;

    /// Its own. Throws: `filesystem_error`.
    FileStatus status() const;

    /// What `name`, which may have several parts with '/' between them, leads to; `error` says why
    /// that cannot be told.
    FileStatus status(const std::string& name, std::error_code& error) const;
    /// The same of a link itself.
    FileStatus link_status(const std::string& name, std::error_code& error) const;

private:
    struct Open;

    explicit Folder(std::unique_ptr<Open> open);

    std::unique_ptr<Open> open_;
};

/// As `Folder::status`. Throws: `filesystem_error`.
FileStatus status(const std::filesystem::path& path);

}  // namespace aml::platform
