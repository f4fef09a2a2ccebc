#include "unit/http/transport_threads.hpp"

#include "http/cpprest_transport.hpp"

// NOLINTNEXTLINE(bugprone-reserved-identifier): the name is the leak sanitizer's.
extern "C" const char* __lsan_default_suppressions() {
    // What OpenSSL keeps for each thread of cpprestsdk's pool, which is joined after OpenSSL has
    // cleaned up; and the text of a proxy's password, which cpprestsdk frees on Windows only.
    return "leak:libcrypto\nleak:libcpprest";
}

namespace aml::test {

void start_transport_threads() {
    static const bool started = [] {
        http::initialize_transport_threads(2);
        return true;
    }();
    static_cast<void>(started);
}

}  // namespace aml::test
