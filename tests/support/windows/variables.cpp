#include "support/variables.hpp"

#include "platform/windows/wide.hpp"

#include <cstdlib>

namespace aml::test {

void set_variable(const std::string& name, const std::string& value) {
    ::_wputenv_s(platform::to_wide(name).c_str(), platform::to_wide(value).c_str());
}

void unset_variable(const std::string& name) {
    set_variable(name, "");
}

}  // namespace aml::test
