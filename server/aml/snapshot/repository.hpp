#pragma once

#include <filesystem>
#include <optional>

namespace aml::snapshot {

/// A git repository, as its files say.
struct Repository {
    /// The root of the work tree.
    std::filesystem::path root;
    /// HEAD is here.
    std::filesystem::path own;
    /// config, refs and info are here; differs from `own` in a linked work tree.
    std::filesystem::path common;
};

/// The repository that `folder` lies in; nothing when it lies in none. Blocking.
/// Source: gitrepository-layout(5).
std::optional<Repository> find_repository(std::filesystem::path folder);

}  // namespace aml::snapshot
