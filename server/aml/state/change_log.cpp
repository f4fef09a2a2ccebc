#include "state/change_log.hpp"

#include "state/atomic_file.hpp"
#include "state/file_lock.hpp"
#include "support/error.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace aml::state {
namespace {

/// The length of the file up to the end of its last whole line: a writer that was killed may have
/// left a part of one behind it.
off_t end_of_lines(const Descriptor& descriptor, off_t size) {
    std::array<char, 4096> block{};
    while (size > 0) {
        const auto length = std::min<off_t>(size, static_cast<off_t>(block.size()));
        const auto count = ::pread(
            descriptor.get(), block.data(), static_cast<std::size_t>(length), size - length);
        if (count != length) return size;
        const std::string_view text(block.data(), static_cast<std::size_t>(length));
        const auto end = text.rfind('\n');
        if (end != std::string_view::npos) return size - length + static_cast<off_t>(end) + 1;
        size -= length;
    }
    return 0;
}

std::string lines_of(const Entries& changes) {
    std::string lines;
    for (const auto& [key, entry] : changes) {
        const nlohmann::json line{{"key", key}, {"entry", entry}};
        lines += line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
    }
    return lines;
}

}  // namespace

ChangeLog::ChangeLog(std::filesystem::path file)
    : file_(std::move(file)) {}

ChangeLog::Changes ChangeLog::read() const {
    Changes changes;
    const auto text = read_file(file_);
    std::string_view rest = text ? std::string_view(*text) : std::string_view();
    for (auto end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
        auto line = nlohmann::json::parse(rest.substr(0, end), nullptr, false);
        rest.remove_prefix(end + 1);
        const bool whole = line.is_object() && line.contains("entry") && line.contains("key") &&
                           line["key"].is_string();
        if (whole) {
            changes.entries[line["key"].get<std::string>()] = std::move(line["entry"]);
        } else {
            changes.damaged = true;
        }
    }
    return changes;
}

std::uintmax_t ChangeLog::append(const Entries& changes) const {
    const bool is_new = ::access(file_.c_str(), F_OK) != 0;
    const Descriptor descriptor(::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    const auto fail = [this] { throw Error(ErrorKind::Unavailable, write_failure(file_, errno)); };
    if (!descriptor.is_open()) fail();
    const auto start = end_of_lines(descriptor, ::lseek(descriptor.get(), 0, SEEK_END));
    const auto lines = lines_of(changes);
    if (::ftruncate(descriptor.get(), start) != 0) fail();
    ::lseek(descriptor.get(), start, SEEK_SET);
    try {
        write_all(descriptor, lines, file_);
        if (::fsync(descriptor.get()) != 0) fail();
    } catch (const Error&) {
        // When this fails too, the part of a line that is left does not count.
        [[maybe_unused]] const auto undone = ::ftruncate(descriptor.get(), start);
        throw;
    }
    if (is_new) sync_directory(file_.parent_path());
    return static_cast<std::uintmax_t>(start) + lines.size();
}

void ChangeLog::clear() const {
    const Descriptor descriptor(::open(file_.c_str(), O_WRONLY | O_CLOEXEC));
    if (!descriptor.is_open() && errno == ENOENT) return;
    // Durably: lines that come back would undo what is written whole after them.
    if (!descriptor.is_open() || ::ftruncate(descriptor.get(), 0) != 0 ||
        ::fsync(descriptor.get()) != 0) {
        throw Error(ErrorKind::Unavailable, write_failure(file_, errno));
    }
}

void apply(Entries& entries, Entries changes) {
    for (auto& [key, entry] : changes) {
        if (entry.is_null()) {
            entries.erase(key);
        } else {
            entries[key] = std::move(entry);
        }
    }
}

}  // namespace aml::state
