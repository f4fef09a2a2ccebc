#include "compute/detached_program.hpp"

namespace aml::emulator {

std::filesystem::path own_program() {
    return "/proc/self/exe";
}

}  // namespace aml::emulator
