#include "execution/host_system.hpp"

bool aml::execution::names_ignore_case() {
    return true;
}
