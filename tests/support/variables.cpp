#include "support/variables.hpp"

#include <cstdlib>

namespace aml::test {
namespace {

void apply(const std::string& name, const std::optional<std::string>& value) {
    if (value) {
        set_variable(name, *value);
    } else {
        unset_variable(name);
    }
}

}  // namespace

Variables::Variables(std::initializer_list<Values::value_type> values) {
    for (const auto& [name, value] : values) {
        const char* before = std::getenv(name.c_str());
        before_[name] = before == nullptr ? std::nullopt : std::optional<std::string>(before);
        apply(name, value);
    }
}

Variables::~Variables() {
    for (const auto& [name, value] : before_) apply(name, value);
}

}  // namespace aml::test
