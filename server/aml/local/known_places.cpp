#include "local/known_places.hpp"

#include "async/run_blocking.hpp"
#include "state/store.hpp"
#include "support/error.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace aml::local {
namespace {

state::Store store_of_places(const workspace::SavedState& state) {
    return {state.directory(), "local-runs"};
}

}  // namespace

asio::awaitable<std::vector<std::filesystem::path>> known_places(workspace::SavedState& state) {
    auto read = [store = store_of_places(state)] {
        std::vector<std::filesystem::path> places;
        try {
            const auto loaded = store.load();
            for (const auto& [place, unused] : loaded.entries) places.emplace_back(place);
        } catch (const Error&) {
            // The folders that are open are looked into all the same.
        }
        return places;
    };
    auto places = co_await async::run_blocking(state.pool(), std::move(read));
    co_return places;
}

asio::awaitable<void> remember_place(workspace::SavedState& state, std::filesystem::path runs) {
    auto write = [store = store_of_places(state), key = runs.string()] {
        try {
            const state::Entries entry{{key, nlohmann::json::object()}};
            store.put(entry);
        } catch (const Error&) {
            // As above.
        }
    };
    co_await async::run_blocking(state.pool(), std::move(write));
}

}  // namespace aml::local
