#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace aml::state {

/// Makes the directory and its parents, readable by the owner only. Blocking.
/// Throws: Unavailable naming the directory, the reason and the remedy.
void make_directory(const std::filesystem::path& directory);

/// Replaces `file` so that a reader, or a machine that loses power, sees the old text or the new
/// one, never a part: writes a temporary file of its own beside it, syncs it, renames it, syncs the
/// directory. Writers of one file need no lock to leave the whole text of one of them; those that
/// change what is there do. Blocking. Throws: Unavailable naming the file, the reason (full,
/// read-only, …) and the remedy; the old text is untouched.
void write_atomically(const std::filesystem::path& file, std::string_view text);

/// Makes `file` with all of `text`, as durably, unless it is there already: then nothing is written
/// and the result is false. Of several processes that try at once, one makes it. Blocking.
/// Throws: Unavailable as `write_atomically`.
bool create_atomically(const std::filesystem::path& file, std::string_view text);

/// The whole file; absent when there is none. Blocking. Throws: Unavailable when it cannot be read.
std::optional<std::string> read_file(const std::filesystem::path& file);

/// The message of an operating-system error for a file of the state directory, with the remedy.
std::string write_failure(const std::filesystem::path& file, const std::error_code& error);

}  // namespace aml::state
