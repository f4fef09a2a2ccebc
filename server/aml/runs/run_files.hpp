#pragma once

#include "azure/artifacts.hpp"
#include "azure/blobs.hpp"
#include "azure/client.hpp"
#include "azure/resource_id.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace aml::runs {

/// The paths of the files that a run left below `folder` (empty: all), in order, without its logs.
/// Throws: as `azure::artifacts::list`.
asio::awaitable<std::vector<std::string>> run_files(azure::Client& client,
                                                    azure::ResourceId job,
                                                    std::string folder,
                                                    std::stop_token stop);

/// What a run's file begins with, up to `limit` bytes. Throws: NotFound; Unavailable, …
asio::awaitable<azure::BlobRange> read_start(azure::Client& client,
                                             azure::ResourceId job,
                                             std::string path,
                                             std::uint64_t limit,
                                             std::stop_token stop);

/// Where below `folder` a run's file is put. A run chooses the names of its files, so one that
/// leads out of the folder, or that this system cannot have, is refused. Throws: Rejected.
std::filesystem::path place_for(const std::filesystem::path& folder, std::string_view path);

/// Bytes that are there, of all.
using OnBytes = std::function<void(std::uint64_t done, std::uint64_t total)>;

enum class Fetched {
    Downloaded,
    /// A file of this size was there, and was left alone.
    WasThere,
};

/// The address of one of a run's files, good for some hours. Throws: NotFound.
asio::awaitable<azure::BlobAddress> file_address(azure::Client& client,
                                                 azure::ResourceId job,
                                                 std::string path,
                                                 std::stop_token stop);

/// Downloads a file of a run to `target`, whose folder is made if it is missing. The file has its
/// name once it is whole. What is cut off (Ctrl-C, a lost network, a killed process) stays beside
/// it and is gone on with the next time, unless the run's file was replaced meanwhile; `path` is
/// its name in what is said. Throws: NotFound; Rejected when another file has the name; Unavailable
/// when it cannot be written or read; Cancelled. Source: Get Blob with `x-ms-range`.
asio::awaitable<Fetched> download(azure::Client& client,
                                  asio::thread_pool& pool,
                                  azure::BlobAddress address,
                                  std::string path,
                                  std::filesystem::path target,
                                  OnBytes on_bytes,
                                  std::stop_token stop);

}  // namespace aml::runs
