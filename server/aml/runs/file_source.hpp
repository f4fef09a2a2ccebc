#pragma once

#include "azure/blob_address.hpp"
#include "azure/client.hpp"
#include "azure/resource_id.hpp"

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace aml::runs {

/// Where a folder of files is: among the files of a run, or in a datastore.
struct FilePlace {
    /// The run; empty when it is in a datastore.
    azure::ResourceId job{};
    /// The name of the datastore.
    std::string datastore{};
    /// The folder, or a single file; without slashes at its ends.
    std::string path{};

    bool operator==(const FilePlace&) const = default;
};

/// What an address that Azure gives a model means: `azureml://jobs/{job}/outputs/artifacts/…`, or a
/// path in a datastore, of which that of the runs' files leads to the run. Absent for any other
/// address.
std::optional<FilePlace> place_of_uri(const azure::ResourceId& workspace, std::string_view uri);

/// Files of a run or of a version of a model. Paths of a model begin with the name of its folder,
/// or are that of its only file. Keeps the client.
class FileSource final {
public:
    /// All files of a run but its logs.
    static FileSource of_run(azure::Client& client, azure::ResourceId job);

    /// `version` is its ARM id. Throws: NotFound; Rejected when its files are where they cannot be
    /// read; Forbidden, Unavailable, …  Source: Model Versions - Get.
    static asio::awaitable<FileSource> of_model(azure::Client& client,
                                                azure::ResourceId version,
                                                std::stop_token stop);

    /// The files below `folder` (empty: all), in order; `folder` may be a file.
    /// Throws: Forbidden, Unavailable, …
    asio::awaitable<std::vector<std::string>> files(std::string folder, std::stop_token stop);

    /// Where a file can be read from for some hours. Throws: NotFound.
    asio::awaitable<azure::BlobAddress> address(std::string path, std::stop_token stop);

private:
    FileSource(azure::Client& client, azure::ResourceId workspace, FilePlace place);

    /// What stands before the paths: all but the last name of the folder.
    std::string base() const;
    asio::awaitable<std::vector<std::string>> list(std::string prefix, std::stop_token stop);
    asio::awaitable<void> open_datastore(std::stop_token stop);

    azure::Client* client_;
    azure::ResourceId workspace_;
    FilePlace place_;
    /// Of the datastore, once it was asked for.
    azure::BlobAddress container_{};
};

/// What stands directly in `folder` (empty: at the top), of the files below it: folders end in a
/// slash and come first.
std::vector<std::string> entries_of(const std::vector<std::string>& files, std::string_view folder);

}  // namespace aml::runs
