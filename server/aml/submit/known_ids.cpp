#include "submit/known_ids.hpp"

#include "support/error.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>
#include <vector>

namespace aml::submit {
namespace {

constexpr std::size_t max_entries = 500;

std::string_view word(KnownKind kind) {
    switch (kind) {
        case KnownKind::Code:
            return "code";
        case KnownKind::Environment:
            return "environment";
        case KnownKind::Component:
            return "component";
        case KnownKind::Compute:
            break;
    }
    return "compute";
}

std::int64_t used_at(const nlohmann::json& entry) {
    const auto found = entry.is_object() ? entry.find("at") : entry.end();
    return found != entry.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

void keep_newest_ids(state::Entries& entries) {
    if (entries.size() <= max_entries) return;
    std::vector<std::int64_t> times;
    for (const auto& [key, entry] : entries) times.push_back(used_at(entry));
    const auto limit = times.begin() + static_cast<std::ptrdiff_t>(times.size() - max_entries);
    std::nth_element(times.begin(), limit, times.end());
    std::erase_if(entries,
                  [oldest = *limit](const auto& item) { return used_at(item.second) < oldest; });
}

}  // namespace

KnownIds::KnownIds(workspace::SavedState& state, std::string prefix)
    : state_(&state),
      prefix_(std::move(prefix)) {}

asio::awaitable<KnownIds> KnownIds::load(workspace::SavedState& state,
                                         std::string arm_endpoint,
                                         azure::ResourceId workspace) {
    KnownIds known(state, lower(arm_endpoint) + workspace.key() + "|");
    const auto entries = co_await state.recall(workspace::StateFile::Known);
    for (const auto& [key, entry] : entries) {
        if (!key.starts_with(known.prefix_)) continue;
        if (auto id = text_member(entry, "id")) known.ids_[key] = std::move(*id);
    }
    co_return known;
}

std::string KnownIds::key_of(KnownKind kind, std::string_view key) const {
    return fmt::format("{}{}|{}", prefix_, word(kind), key);
}

std::optional<std::string> KnownIds::find(KnownKind kind, std::string_view key) {
    const auto full = key_of(kind, key);
    if (const auto noted = noted_.find(full); noted != noted_.end()) return noted->second;
    const auto found = ids_.find(full);
    if (found == ids_.end()) return std::nullopt;
    relied_on_memory_ = true;
    return found->second;
}

void KnownIds::note(KnownKind kind, std::string_view key, std::string id) {
    noted_[key_of(kind, key)] = std::move(id);
}

void KnownIds::forget_all() {
    ids_.clear();
    noted_.clear();
    relied_on_memory_ = false;
}

asio::awaitable<void> KnownIds::save() {
    if (noted_.empty()) co_return;
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now).count();
    std::function<void(state::Entries&)> change = [noted = noted_,
                                                   seconds](state::Entries& entries) {
        for (const auto& [key, id] : noted) entries[key] = {{"id", id}, {"at", seconds}};
        keep_newest_ids(entries);
    };
    co_await state_->remember(workspace::StateFile::Known, std::move(change));
}

}  // namespace aml::submit
