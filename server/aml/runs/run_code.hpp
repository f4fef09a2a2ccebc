#pragma once

#include "azure/blobs.hpp"
#include "azure/client.hpp"
#include "azure/resource_id.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace aml::runs {

/// A file of a run's code, below the folder that was sent.
struct CodeFile {
    std::string path{};
    std::uint64_t size = 0;
    /// Lower-case hex; empty where storage keeps none, as of files that came in blocks.
    std::string md5{};
    azure::BlobAddress address{};
};

/// The code that was sent with a run.
struct RunCode {
    /// Content hash v202208 of all of it; empty where it is not known.
    std::string hash{};
    /// By path.
    std::vector<CodeFile> files{};
};

/// Throws: NotFound when there is no such job, or none was sent; Forbidden without a right to read
/// it, Unavailable, …  Source: Jobs - Get, Code Versions - Get, List Blobs.
asio::awaitable<RunCode> read_code(azure::Client& client,
                                   azure::ResourceId job,
                                   std::stop_token stop);

/// A file of one of two versions.
struct ComparedFile {
    std::string path{};
    std::uint64_t size = 0;
    /// Finds out its MD5, in lower-case hex.
    std::function<asio::awaitable<std::string>(std::stop_token)> md5{};
};

/// What became of a file.
enum class FileChange { Changed, Added, Removed };

/// A file that two versions have differently.
struct CodeChange {
    std::string path{};
    FileChange change = FileChange::Changed;

    bool operator==(const CodeChange&) const = default;
};

/// Only what differs, by path. The content of files that have the same path and size is asked for.
/// Throws: what `md5` throws.
asio::awaitable<std::vector<CodeChange>> compare_files(std::vector<ComparedFile> before,
                                                       std::vector<ComparedFile> after,
                                                       std::stop_token stop);

/// From the code of one run to that of another. A file is read only where storage keeps no MD5 of
/// it. Throws: Forbidden, Unavailable, …
asio::awaitable<std::vector<CodeChange>> compare_code(azure::Client& client,
                                                      RunCode before,
                                                      RunCode after,
                                                      std::stop_token stop);

/// From the code of a run to a folder, of which what would be sent counts. Throws as above, and as
/// `snapshot::list_files`.
asio::awaitable<std::vector<CodeChange>> compare_with_folder(azure::Client& client,
                                                             asio::thread_pool& pool,
                                                             RunCode before,
                                                             std::filesystem::path folder,
                                                             std::stop_token stop);

}  // namespace aml::runs
