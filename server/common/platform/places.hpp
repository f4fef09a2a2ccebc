#pragma once

#include <filesystem>
#include <string>

/// What environment.hpp falls back on: each system has its own.
namespace aml::platform {

/// Empty when the user has no home folder.
std::filesystem::path usual_state_home();
std::filesystem::path usual_cache_home();

/// The user's language when no variable says it; empty when the system has no other setting.
std::string system_locale();

}  // namespace aml::platform
