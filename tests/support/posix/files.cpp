#include "support/files.hpp"

namespace aml::test {

bool is_wine() {
    return false;
}

IllFormedName ill_formed_name() {
    return {"caf\xE9.csv", "caf\\xE9.csv"};
}

}  // namespace aml::test
