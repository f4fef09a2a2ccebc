#include "platform/path.hpp"

#include "platform/windows/wide.hpp"

#include <system_error>
#include <windows.h>

namespace aml::platform {

std::string path_key(const std::filesystem::path& path) {
    std::error_code error;
    const auto absolute = std::filesystem::absolute(path, error);
    auto text = (error ? path : absolute).lexically_normal().make_preferred().native();
    ::CharUpperBuffW(text.data(), static_cast<DWORD>(text.size()));
    return to_utf8(text);
}

}  // namespace aml::platform
