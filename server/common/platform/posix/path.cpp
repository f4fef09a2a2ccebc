#include "platform/path.hpp"

#include <system_error>

namespace aml::platform {

std::string path_key(const std::filesystem::path& path) {
    std::error_code error;
    const auto absolute = std::filesystem::absolute(path, error);
    return (error ? path : absolute).lexically_normal().string();
}

}  // namespace aml::platform
