#include "state/store.hpp"

#include "state/atomic_file.hpp"
#include "state/file_lock.hpp"
#include "state/set_aside.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>

namespace aml::state {
namespace {

/// Appended changes that are smaller stay where they are, however small the file is.
constexpr std::uintmax_t least_worth_writing = 64 * 1024;

/// The entries, or why the text cannot be used.
std::variant<Entries, std::string> parse_entries(std::string_view text, int version) {
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (json.is_discarded() || !json.is_object()) return localize("it is not valid JSON");
    const auto found = json.find("version");
    if (found == json.end() || !found->is_number_integer()) return localize("it has no version");
    if (found->get<std::int64_t>() != version) {
        return localize(
            "it has version {}, this program writes version {}", found->dump(), version);
    }
    const auto entries = json.find("entries");
    if (entries == json.end() || !entries->is_object()) return localize("it has no entries");
    return entries->get<Entries>();
}

}  // namespace

Store::Store(std::filesystem::path directory, std::string name, int version)
    : file_(directory / (name + ".json")),
      lock_(directory / (name + ".lock")),
      changes_(directory / (name + ".changes")),
      version_(version) {}

Loaded Store::load() const {
    // The changes first: when they are written in meanwhile, the file has them too.
    auto changes = changes_.read();
    const auto text = read_file(file_);
    auto parsed = text ? parse_entries(*text, version_) : Entries();
    auto* entries = std::get_if<Entries>(&parsed);
    if (entries != nullptr && !changes.damaged) {
        apply(*entries, std::move(changes.entries));
        return {std::move(*entries), std::nullopt};
    }
    // Only under the lock is it certain that the file put aside is the damaged one.
    const FileLock lock(lock_);
    return write_changes_in();
}

Loaded Store::read_locked() const {
    Loaded loaded;
    if (const auto text = read_file(file_)) {
        auto parsed = parse_entries(*text, version_);
        if (auto* entries = std::get_if<Entries>(&parsed)) {
            loaded.entries = std::move(*entries);
        } else {
            loaded.notice = set_aside(file_, std::get<std::string>(parsed));
        }
    }
    return loaded;
}

/// The file with the changes in it, which are then forgotten. Whoever dies in between leaves
/// changes that the file has already.
Loaded Store::write_changes_in() const {
    auto loaded = read_locked();
    auto changes = changes_.read();
    if (changes.entries.empty() && !changes.damaged) return loaded;
    apply(loaded.entries, std::move(changes.entries));
    write(loaded.entries);
    if (changes.damaged) {
        const std::string reason = localize("it is not valid JSON");
        const auto notice = set_aside(changes_.file(), reason);
        if (!loaded.notice) loaded.notice = notice;
    }
    changes_.clear();
    return loaded;
}

void Store::write(const Entries& entries) const {
    nlohmann::json json;
    json["version"] = version_;
    json["entries"] = entries;
    write_atomically(file_, json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace));
}

std::optional<std::string> Store::put(const Entries& changes) const {
    const FileLock lock(lock_);
    const auto appended = changes_.append(changes);
    std::error_code missing;
    const auto size = std::filesystem::file_size(file_, missing);
    if (appended <= std::max(missing ? 0 : size, least_worth_writing)) return std::nullopt;
    try {
        return write_changes_in().notice;
    } catch (const Error&) {
        // The changes are on disk; the next one tries again.
        return std::nullopt;
    }
}

std::optional<std::string> Store::update(const std::function<void(Entries&)>& change) const {
    const FileLock lock(lock_);
    auto loaded = write_changes_in();
    change(loaded.entries);
    write(loaded.entries);
    return loaded.notice;
}

}  // namespace aml::state
