#pragma once

namespace aml::test {

/// Starts cpprestsdk's two threads, once for the program.
void start_transport_threads();

}  // namespace aml::test
