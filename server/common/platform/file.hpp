#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string_view>
#include <utility>

namespace aml::platform {

enum class FileKind { Regular, Folder, Link, Other };

/// What the system says about a file without reading it.
struct FileStatus {
    FileKind kind = FileKind::Other;
    std::uint64_t size = 0;
    /// Times are nanoseconds since 1970.
    std::int64_t modified_ns = 0;
    /// Of the last change of contents, name or attributes; programs cannot set it back.
    std::int64_t changed_ns = 0;
    /// Together they tell one file or folder from every other.
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    /// Names that it has; 0 once it was removed.
    std::uint64_t links = 0;
};

/// Who may read a file that is made.
enum class Readers { Owner, Everyone };

/// An open file, closed by its destructor. Other programs may meanwhile open, rename and remove it.
/// Paths may be longer than 260 characters on Windows too. All calls block, and throw
/// `std::filesystem::filesystem_error` unless they say otherwise.
class File final {
public:
    /// None.
    File() = default;

    File(File&& other) noexcept
        : path_(std::move(other.path_)),
          handle_(std::exchange(other.handle_, none)) {}

    File& operator=(File&& other) noexcept {
        std::swap(path_, other.path_);
        std::swap(handle_, other.handle_);
        return *this;
    }

    ~File() { close(); }

    /// An existing file, to be read. Never waits for the other side of a pipe.
    static File open(const std::filesystem::path& path);
    /// An existing file, to be read and written.
    static File open_to_write(const std::filesystem::path& path);
    /// To be read and written; made when there is none, else as it is.
    static File open_or_create(const std::filesystem::path& path, Readers readers = Readers::Owner);
    /// To be read and written; fails with `file_exists` when there is one.
    static File create_new(const std::filesystem::path& path, Readers readers = Readers::Owner);

    bool is_open() const noexcept { return handle_ != none; }

    FileStatus status() const;

    /// Reads up to `count` bytes from `offset`; fewer, and at last 0, at the end of the file.
    std::size_t read_at(std::uint64_t offset, char* buffer, std::size_t count) const;
    /// Writes all of `bytes` from `offset` on. When it throws, a part may have been written.
    void write_at(std::uint64_t offset, std::string_view bytes);
    void resize(std::uint64_t size);
    /// Returns once the contents are on disk.
    void sync();

    /// Keeps every other `File` of that name, in this process and others, from being locked, until
    /// this one is closed. The contents can be read and written all the same. `try_lock` is false
    /// when somebody else holds it; `lock` waits.
    bool try_lock();
    void lock();

private:
    using Handle = std::intptr_t;

    static constexpr Handle none = -1;

    File(std::filesystem::path path, Handle handle)
        : path_(std::move(path)),
          handle_(handle) {}

    void close() noexcept;

    /// For messages.
    std::filesystem::path path_;
    Handle handle_ = none;
};

/// What becomes of what a file has in it already.
enum class Before { Cut, Kept };

/// A stream of the C library that writes to a file; bytes pass unchanged, and nothing that is
/// started from here inherits it. Throws `filesystem_error`.
std::FILE* open_stream(const std::filesystem::path& path, Before before);

/// Gives `from` the name `to`, in place of what had it, also while others have that open. A program
/// that has it open for itself alone is waited for, a second at most. Throws `filesystem_error`.
void replace(const std::filesystem::path& from, const std::filesystem::path& to);

/// Gives `from` the name `to` unless something has it: then nothing changes and the result is
/// false. Of several that try at once, one succeeds. Throws `filesystem_error`.
bool rename_if_new(const std::filesystem::path& from, const std::filesystem::path& to);

/// Removes the name of a file, also while it is open. False when there is none. Throws
/// `filesystem_error`.
bool remove_file(const std::filesystem::path& path);

/// Makes one folder, which only its owner may use. False when something has that name. Throws
/// `filesystem_error`.
bool make_folder(const std::filesystem::path& path);

/// Makes the names in a folder durable, as far as the file system can. Throws `filesystem_error`.
void sync_folder(const std::filesystem::path& path);

/// Throws `filesystem_error` when no file can be made in the folder.
void require_writable_folder(const std::filesystem::path& path);

}  // namespace aml::platform
