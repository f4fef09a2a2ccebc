#include "compute/host_system.hpp"

bool aml::emulator::names_ignore_case() {
    return false;
}
