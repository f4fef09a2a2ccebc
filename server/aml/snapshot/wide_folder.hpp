#pragma once

#include <filesystem>

namespace aml::snapshot {

/// Refuses folders that hold far more than one project: the root of the file system or of a drive,
/// the user's home folder, and what holds that. Nobody means to send all of it, keys and passwords
/// included. Blocking. Throws: Rejected, with the way out.
void refuse_wide_folder(const std::filesystem::path& folder);

}  // namespace aml::snapshot
