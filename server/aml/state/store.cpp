#include "state/store.hpp"

#include "state/atomic_file.hpp"
#include "state/file_lock.hpp"
#include "state/set_aside.hpp"
#include "support/localize.hpp"

#include <string_view>
#include <utility>
#include <variant>

namespace aml::state {
namespace {

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
      version_(version) {}

Loaded Store::load() const {
    const auto text = read_file(file_);
    if (!text) return {};
    auto parsed = parse_entries(*text, version_);
    if (auto* entries = std::get_if<Entries>(&parsed)) return {std::move(*entries), std::nullopt};
    // Only under the lock is it certain that the file put aside is the damaged one.
    const FileLock lock(lock_);
    return read_locked();
}

Loaded Store::read_locked() const {
    const auto text = read_file(file_);
    if (!text) return {};
    auto parsed = parse_entries(*text, version_);
    if (auto* entries = std::get_if<Entries>(&parsed)) return {std::move(*entries), std::nullopt};
    return {{}, set_aside(file_, std::get<std::string>(parsed))};
}

std::optional<std::string> Store::update(const std::function<void(Entries&)>& change) const {
    const FileLock lock(lock_);
    auto loaded = read_locked();
    change(loaded.entries);
    nlohmann::json json;
    json["version"] = version_;
    json["entries"] = std::move(loaded.entries);
    write_atomically(file_, json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace));
    return loaded.notice;
}

}  // namespace aml::state
