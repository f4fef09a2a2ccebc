#include "support/files.hpp"

namespace aml::test {

IllFormedName ill_formed_name() {
    return {L"caf\xD800.csv", "caf\\xED\\xA0\\x80.csv"};
}

}  // namespace aml::test
