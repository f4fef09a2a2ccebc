#include "platform/error.hpp"

#include <cerrno>

namespace aml::platform {

std::error_code last_error() {
    return {errno, std::generic_category()};
}

void throw_last_error(const char* what, const std::filesystem::path& path) {
    const auto error = last_error();
    throw std::filesystem::filesystem_error(what, path, error);
}

bool is_quota_exceeded(const std::error_code& error) {
    return error == std::error_code(EDQUOT, std::generic_category());
}

}  // namespace aml::platform
