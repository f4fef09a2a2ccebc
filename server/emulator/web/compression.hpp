#pragma once

#include "web/message.hpp"

#include <string>
#include <string_view>

namespace aml::emulator {

/// Decides whether a reply goes out compressed, as Azure's services do for a client that asks for
/// it with `Accept-Encoding`: JSON and text of a kilobyte or more, but nothing of blob storage.
/// Sets `Vary` on whatever could be compressed, and `Content-Encoding` when it has to be: its text
/// is then to be replaced by `gzip(text)`.
bool negotiate_compression(const Request& request, Reply& reply);

/// Whether a client with this `Accept-Encoding` takes gzip (RFC 9110, 12.5.3).
bool accepts_gzip(std::string_view accept_encoding);

/// `text` in the format of gzip (RFC 1952). Takes a moment for megabytes: not for the loop.
std::string gzip(std::string_view text);

}  // namespace aml::emulator
