#pragma once

#include <filesystem>
#include <string>

namespace aml::platform {

/// A text that paths have in common which are written differently and name the same file: absolute,
/// without "." and "..", and on Windows without regard to the case of letters. Links are not
/// followed, and the file need not exist.
std::string path_key(const std::filesystem::path& path);

}  // namespace aml::platform
