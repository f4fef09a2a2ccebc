#include "state/file_cache.hpp"

#include "state/atomic_file.hpp"
#include "support/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

namespace aml::state {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view cache_mark = "aml-cache-1\n";

/// Source: FNV-1a, 64 bits.
std::uint64_t hash_of(std::string_view text, std::uint64_t hash = 0xCBF29CE484222325) {
    for (const char letter : text) {
        hash ^= static_cast<unsigned char>(letter);
        hash *= 0x100000001B3;
    }
    return hash;
}

/// What stands before the content: all that tells whether it is the one that is meant.
std::string head_of(std::string_view key, std::string_view content) {
    return fmt::format(
        "{}{:016x} {:016x} {}\n", cache_mark, hash_of(content, hash_of(key)), content.size(), key);
}

struct CachedFile {
    fs::path path;
    std::uint64_t size = 0;
    fs::file_time_type used_at{};
};

std::vector<CachedFile> files_in(const fs::path& directory) {
    std::vector<CachedFile> files;
    std::error_code failed;
    for (fs::directory_iterator at(directory, failed), end; !failed && at != end;
         at.increment(failed)) {
        // Another process may take it away meanwhile.
        std::error_code gone;
        CachedFile file{.path = at->path(), .size = at->file_size(gone)};
        if (!gone) file.used_at = at->last_write_time(gone);
        if (!gone) files.push_back(std::move(file));
    }
    return files;
}

}  // namespace

FileCache::FileCache(fs::path directory, std::uint64_t most_bytes)
    : directory_(std::move(directory)),
      most_bytes_(most_bytes) {}

fs::path FileCache::file_of(std::string_view key) const {
    return directory_ / fmt::format("{:016x}.cache", hash_of(key));
}

std::optional<std::string> FileCache::read(std::string_view key) const {
    const auto file = file_of(key);
    std::optional<std::string> text;
    try {
        text = read_file(file);
    } catch (const Error&) {
        return std::nullopt;
    }
    if (!text) return std::nullopt;
    // Whatever the content, its head is as long.
    const auto head_size = head_of(key, {}).size();
    if (head_size > text->size()) return std::nullopt;
    const auto content = std::string_view(*text).substr(head_size);
    if (!text->starts_with(head_of(key, content))) return std::nullopt;
    std::error_code ignored;
    fs::last_write_time(file, fs::file_time_type::clock::now(), ignored);
    text->erase(0, head_size);
    return text;
}

void FileCache::write(std::string_view key, std::string_view content) const {
    auto text = head_of(key, content);
    text += content;
    make_directory(directory_);
    write_atomically(file_of(key), text);
    make_room();
}

void FileCache::make_room() const {
    auto files = files_in(directory_);
    std::uint64_t total = 0;
    for (const auto& file : files) total += file.size;
    if (total <= most_bytes_) return;
    std::sort(files.begin(), files.end(), [](const CachedFile& left, const CachedFile& right) {
        return left.used_at < right.used_at;
    });
    // Some more than has to be, so that not every write looks for what is oldest.
    for (const auto& file : files) {
        if (total <= most_bytes_ / 4 * 3) break;
        std::error_code failed;
        fs::remove(file.path, failed);
        if (!failed) total -= file.size;
    }
}

}  // namespace aml::state
