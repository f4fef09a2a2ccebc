#pragma once

#include "azure/resource_id.hpp"
#include "features/commands_feature.hpp"
#include "runs/file_source.hpp"

#include <stop_token>
#include <string>

namespace aml::features {

/// Files that a command is used on.
struct OwnedFiles {
    /// The run, or the version of a model, by its ARM id.
    azure::ResourceId owner{};
    /// A file or a folder; empty: all of them.
    std::string path{};

    bool is_of_run() const { return owner.type() == "jobs"; }
};

/// What the first argument says: the id of a run or of a row of the tree; a page adds the path as
/// the third. Throws: InvalidParams when it is neither.
OwnedFiles owned_files(const CommandCall& call);

/// Where they are read from. The client must live as long. Throws: as `runs::FileSource::of_model`.
asio::awaitable<runs::FileSource> source_of(azure::Client& client,
                                            azure::ResourceId owner,
                                            std::stop_token stop);

}  // namespace aml::features
