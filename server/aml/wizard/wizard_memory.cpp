#include "wizard/wizard_memory.hpp"

#include "platform/path.hpp"
#include "support/error.hpp"
#include "support/json.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace aml::wizard {
namespace {

// The entry that holds whatever was chosen last in any folder; the key of no path is empty.
constexpr const char* anywhere = "";

nlohmann::json to_json(const RememberedChoices& choices) {
    return {{"subscription", choices.subscription_id},
            {"workspace", choices.workspace_id},
            {"experiment", choices.experiment},
            {"compute", choices.compute},
            {"environment", choices.environment},
            {"vmSize", choices.vm_size}};
}

RememberedChoices from_json(const nlohmann::json& json) {
    if (!json.is_object()) return {};
    return {.subscription_id = text_of(json, "subscription"),
            .workspace_id = text_of(json, "workspace"),
            .experiment = text_of(json, "experiment"),
            .compute = text_of(json, "compute"),
            .environment = text_of(json, "environment"),
            .vm_size = text_of(json, "vmSize")};
}

}  // namespace

asio::awaitable<RememberedChoices> recall_choices(workspace::SavedState& state,
                                                  std::filesystem::path folder) {
    state::Entries entries;
    try {
        auto loaded = co_await state.load(workspace::StateFile::Choices);
        entries = std::move(loaded);
    } catch (const Error&) {
        // A preselection is not worth failing for; the first write will say what is wrong.
        co_return RememberedChoices();
    }
    const auto here = entries.find(platform::path_key(folder));
    if (here != entries.end()) co_return from_json(here->second);
    const auto last = entries.find(anywhere);
    if (last == entries.end()) co_return RememberedChoices();
    auto choices = from_json(last->second);
    // An experiment belongs to a project: one from another folder would only mislead.
    choices.experiment.clear();
    co_return choices;
}

asio::awaitable<void> remember_choices(workspace::SavedState& state,
                                       std::filesystem::path folder,
                                       RememberedChoices choices) {
    std::function<void(state::Entries&)> change =
        [key = platform::path_key(folder), json = to_json(choices)](state::Entries& entries) {
            entries[key] = json;
            entries[anywhere] = json;
        };
    co_await state.remember(workspace::StateFile::Choices, std::move(change));
}

}  // namespace aml::wizard
