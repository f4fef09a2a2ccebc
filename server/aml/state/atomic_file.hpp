#pragma once

#include "state/file_lock.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace aml::state {

/// Makes the directory and its parents, readable by the owner only. Blocking.
/// Throws: Unavailable naming the directory, the reason and the remedy.
void make_directory(const std::filesystem::path& directory);

/// Replaces `file` so that a reader, or a machine that loses power, sees the old text or the new
/// one, never a part: writes a temporary file of its own beside it, fsync, rename, fsync of the
/// directory. Writers of one file need no lock to leave the whole text of one of them; those that
/// change what is there do. Blocking. Throws: Unavailable naming the file, the reason (full,
/// read-only, …) and the remedy; the old text is untouched.
void write_atomically(const std::filesystem::path& file, std::string_view text);

/// Makes `file` with all of `text`, as durably, unless it is there already: then nothing is written
/// and the result is false. Of several processes that try at once, one makes it. Blocking.
/// Throws: Unavailable as `write_atomically`.
bool create_atomically(const std::filesystem::path& file, std::string_view text);

/// Writes all of `text` where `descriptor` stands. Blocking. Throws: Unavailable naming `file`, the
/// reason and the remedy; a part may have been written.
void write_all(const Descriptor& descriptor,
               std::string_view text,
               const std::filesystem::path& file);

/// Makes the names in a directory durable, as far as the file system can. Blocking.
/// Throws: Unavailable.
void sync_directory(const std::filesystem::path& directory);

/// The whole file; absent when there is none. Blocking. Throws: Unavailable when it cannot be read.
std::optional<std::string> read_file(const std::filesystem::path& file);

/// The message of an operating-system error for a file of the state directory, with the remedy.
std::string write_failure(const std::filesystem::path& file, int error);

}  // namespace aml::state
