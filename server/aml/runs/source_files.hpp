#pragma once

#include "runs/traceback.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace aml::runs {

/// Where the local files of a run may be.
struct SourcePlaces {
    /// The script it was submitted from; empty when that is not known.
    std::filesystem::path script{};
    /// Folders that are open in the editor.
    std::vector<std::filesystem::path> folders{};
};

/// The local file that a path in a log means, such as `/mnt/azureml/cr/j/…/exe/wd/src/train.py` or
/// `src/train.py`: the longest end of it that is a file below the script's folder, a parent of that
/// (up to the open folder that holds it, else up to three), or an open folder; the nearest to the
/// script first. Absent for what Python itself and its packages have, and when there is no such
/// file; never a file outside of those folders. Blocking.
std::optional<std::filesystem::path> local_source(std::string_view path,
                                                  const SourcePlaces& places);

/// The number, counted from 1, of the line in the text of a local file that a traceback means: the
/// nearest one with the same code, as the file may have been edited since; else the number there.
std::uint32_t line_of(std::string_view text, const SourceLine& frame);

}  // namespace aml::runs
