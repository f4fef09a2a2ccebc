#include "state/change_log.hpp"

#include "platform/file.hpp"
#include "state/atomic_file.hpp"
#include "support/error.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>
#include <utility>

namespace aml::state {
namespace {

/// The length of the file up to the end of its last whole line: a writer that was killed may have
/// left a part of one behind it.
std::uint64_t end_of_lines(const platform::File& file) {
    std::array<char, 4096> block{};
    for (auto size = file.status().size; size > 0;) {
        const auto start = size - std::min<std::uint64_t>(size, block.size());
        const auto count =
            file.read_at(start, block.data(), static_cast<std::size_t>(size - start));
        const auto end = std::string_view(block.data(), count).rfind('\n');
        if (end != std::string_view::npos) return start + end + 1;
        size = start;
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

/// All of them, or none.
void write_lines(platform::File& file, std::uint64_t start, std::string_view lines) {
    try {
        file.write_at(start, lines);
        file.sync();
    } catch (const std::system_error&) {
        try {
            file.resize(start);
        } catch (const std::system_error&) {
            // The part of a line that is left does not count.
        }
        throw;
    }
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
    std::error_code ignored;
    const bool is_new = !std::filesystem::exists(file_, ignored);
    const auto lines = lines_of(changes);
    try {
        auto file = platform::File::open_or_create(file_);
        const auto start = end_of_lines(file);
        file.resize(start);
        write_lines(file, start, lines);
        if (is_new) platform::sync_folder(file_.parent_path());
        return start + lines.size();
    } catch (const std::system_error& error) {
        throw Error(ErrorKind::Unavailable, write_failure(file_, error.code()));
    }
}

void ChangeLog::clear() const {
    try {
        auto file = platform::File::open_to_write(file_);
        file.resize(0);
        // Durably: lines that come back would undo what is written whole after them.
        file.sync();
    } catch (const std::system_error& error) {
        if (error.code() == std::errc::no_such_file_or_directory) return;
        throw Error(ErrorKind::Unavailable, write_failure(file_, error.code()));
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
