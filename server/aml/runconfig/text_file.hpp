#pragma once

#include <filesystem>
#include <string>

namespace aml::runconfig {

/// The text of a file, as UTF-8, in whatever Unicode encoding it was saved (`text_from_bytes`).
/// Blocking. Throws: NotFound; Rejected when it is a folder or no such text; Unavailable when it
/// cannot be read.
std::string read_text_file(const std::filesystem::path& file);

}  // namespace aml::runconfig
