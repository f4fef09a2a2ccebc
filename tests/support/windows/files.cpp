#include "support/files.hpp"

#include <windows.h>

namespace aml::test {

bool is_wine() {
    return ::GetProcAddress(::GetModuleHandleW(L"ntdll.dll"), "wine_get_version") != nullptr;
}

IllFormedName ill_formed_name() {
    return {L"caf\xD800.csv", "caf\\xED\\xA0\\x80.csv"};
}

}  // namespace aml::test
