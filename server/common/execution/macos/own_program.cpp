#include "execution/detached_program.hpp"

#include <cstdint>
#include <mach-o/dyld.h>

namespace aml::execution {

std::filesystem::path own_program() {
    std::uint32_t size = 0;
    _NSGetExecutablePath(nullptr, &size);
    std::string path(size, '\0');
    _NSGetExecutablePath(path.data(), &size);
    return path.c_str();
}

}  // namespace aml::execution
