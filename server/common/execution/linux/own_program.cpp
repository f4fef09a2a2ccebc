#include "execution/detached_program.hpp"

namespace aml::execution {

std::filesystem::path own_program() {
    return "/proc/self/exe";
}

}  // namespace aml::execution
