#pragma once

#include "platform/folder.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace aml::snapshot {

/// Whether the folder `name` in the open folder `parent` holds what tools make anew where it is
/// needed: a virtual or conda environment, installed packages, caches. Such a folder made here is
/// of no use on another machine. Blocking.
bool is_made_anew(const platform::Folder& parent, const std::string& name);

/// Folders of that kind that were left out of a listing, and what they would have cost.
class MadeAnew final {
public:
    /// `path` is its name, relative to the root, `place` where it lies. Looks how much there is.
    /// Blocking. Throws: Cancelled.
    void add(std::string path, const std::filesystem::path& place, const std::stop_token& stop);

    /// One sentence that names the folders with their sizes, and how to send one all the same with
    /// a rule in `ignore_file`; nothing when there are none.
    std::optional<std::string> note(const std::string& ignore_file) const;

private:
    struct Folder {
        std::string path;
        std::uint64_t bytes = 0;
    };

    std::vector<Folder> folders_;
};

}  // namespace aml::snapshot
