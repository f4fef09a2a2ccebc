#pragma once

#include "http/transport.hpp"

#include <memory>

namespace aml::http {

/// HTTP/1.1 over cpprestsdk: certificates verified, connections kept alive, one client per origin.
/// `initialize_transport_threads` must have been called before. Answers arrive on the caller's
/// loop.
std::unique_ptr<Transport> cpprest_transport();

/// Starts cpprestsdk's pool with `count` threads instead of its 40. Call once, first thing in
/// `main`.
void initialize_transport_threads(int count = 2);

}  // namespace aml::http
