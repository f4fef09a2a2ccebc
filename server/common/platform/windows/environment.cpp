#include "platform/environment.hpp"

#include "platform/places.hpp"
#include "platform/windows/wide.hpp"

#include <array>
#include <csignal>
#include <windows.h>

// After windows.h, which it needs.
#include <shlobj.h>

namespace aml::platform {
namespace {

std::filesystem::path known_folder(const KNOWNFOLDERID& folder) {
    wchar_t* text = nullptr;
    std::filesystem::path path;
    if (::SHGetKnownFolderPath(folder, KF_FLAG_DEFAULT, nullptr, &text) == S_OK) path = text;
    ::CoTaskMemFree(text);
    return path;
}

std::filesystem::path local_data() {
    std::filesystem::path chosen(to_wide(variable("LOCALAPPDATA")));
    return chosen.is_absolute() ? chosen : known_folder(FOLDERID_LocalAppData);
}

}  // namespace

std::string variable(const char* name) {
    const auto wide = to_wide(name);
    std::wstring value;
    for (DWORD size = 256;;) {
        value.resize(size);
        const auto length = ::GetEnvironmentVariableW(wide.c_str(), value.data(), size);
        if (length < size) {
            value.resize(length);
            return to_utf8(value);
        }
        size = length;
    }
}

Variables variables() {
    Variables all;
    auto* block = ::GetEnvironmentStringsW();
    for (const auto* entry = block; *entry != L'\0';) {
        const std::wstring_view text = entry;
        // The first letter may be a "=": the folders of the drives are such variables.
        const auto equals = text.find(L'=', 1);
        if (equals != std::wstring_view::npos)
            all.emplace_back(to_utf8(text.substr(0, equals)), to_utf8(text.substr(equals + 1)));
        entry += text.size() + 1;
    }
    ::FreeEnvironmentStringsW(block);
    return all;
}

bool same_variable(std::string_view left, std::string_view right) {
    const auto wide_left = to_wide(left);
    const auto wide_right = to_wide(right);
    return ::CompareStringOrdinal(wide_left.c_str(), -1, wide_right.c_str(), -1, TRUE) ==
           CSTR_EQUAL;
}

std::vector<std::filesystem::path> home_folders() {
    std::vector<std::filesystem::path> homes;
    const std::filesystem::path of_variable(to_wide(variable("USERPROFILE")));
    const auto of_system = known_folder(FOLDERID_Profile);
    for (const auto& home : {of_variable, of_system}) {
        if (home.is_absolute()) homes.push_back(home);
    }
    return homes;
}

std::filesystem::path usual_state_home() {
    return local_data();
}

std::filesystem::path usual_cache_home() {
    return local_data();
}

std::string system_locale() {
    std::array<wchar_t, LOCALE_NAME_MAX_LENGTH> name{};
    const auto length = ::GetUserDefaultLocaleName(name.data(), static_cast<int>(name.size()));
    return length > 0 ? to_utf8(name.data()) : std::string();
}

std::vector<int> stop_signals() {
    return {SIGINT, SIGTERM, SIGBREAK};
}

}  // namespace aml::platform
