#include "tree/shown_subscriptions.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <utility>

namespace aml::tree {
namespace {

constexpr const char* hidden_key = "hidden";

}  // namespace

asio::awaitable<std::set<std::string>> hidden_subscriptions(workspace::SavedState& state,
                                                            std::string arm_endpoint) {
    const auto entries = co_await state.recall(workspace::StateFile::Subscriptions);
    std::set<std::string> hidden;
    const auto entry = entries.find(arm_endpoint);
    if (entry == entries.end() || !entry->second.is_object()) co_return hidden;
    const auto list = entry->second.find(hidden_key);
    if (list == entry->second.end() || !list->is_array()) co_return hidden;
    for (const auto& id : *list) {
        if (id.is_string()) hidden.insert(id.get<std::string>());
    }
    co_return hidden;
}

asio::awaitable<void> hide_subscriptions(workspace::SavedState& state,
                                         std::string arm_endpoint,
                                         std::set<std::string> hidden) {
    std::function<void(state::Entries&)> change = [arm_endpoint, hidden](state::Entries& entries) {
        if (hidden.empty()) {
            entries.erase(arm_endpoint);
        } else {
            entries[arm_endpoint] = {{hidden_key, hidden}};
        }
    };
    co_await state.remember(workspace::StateFile::Subscriptions, std::move(change));
}

}  // namespace aml::tree
