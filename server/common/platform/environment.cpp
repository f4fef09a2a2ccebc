#include "platform/environment.hpp"

#include "platform/places.hpp"

#include <algorithm>

namespace aml::platform {
namespace {

std::filesystem::path chosen_or(const char* name, std::filesystem::path (*usual)()) {
    std::filesystem::path chosen = variable(name);
    return chosen.is_absolute() ? chosen : usual();
}

}  // namespace

Variables with_variables(Variables all, const Variables& more) {
    for (const auto& [name, value] : more) {
        std::erase_if(all, [&](const auto& known) { return same_variable(known.first, name); });
        all.emplace_back(name, value);
    }
    return all;
}

std::filesystem::path state_home() {
    return chosen_or("XDG_STATE_HOME", usual_state_home);
}

std::filesystem::path cache_home() {
    return chosen_or("XDG_CACHE_HOME", usual_cache_home);
}

std::string user_locale() {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        auto value = variable(name);
        if (!value.empty()) return value;
    }
    return system_locale();
}

}  // namespace aml::platform
