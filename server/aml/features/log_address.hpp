#pragma once

#include "azure/resource_id.hpp"
#include "features/commands_feature.hpp"

#include <string>
#include <string_view>

namespace aml::features {

/// A log that a command is used on.
struct LogAddress {
    azure::ResourceId job{};
    /// Empty: the main log of an editor's document, or all logs of a run.
    std::string path{};
    /// It is a document of VS Code, `azureml-log:/<title>/<file>?run=<run>&path=<path>`.
    bool is_document = false;
};

/// What the arguments of a command say: the address of such a document, else the id of a run or of
/// its row in the tree, else the document in front. Throws: InvalidParams when it is none of them.
LogAddress log_address(const CommandCall& call);

/// Reads the address of a document. Throws: InvalidParams.
LogAddress log_address_of_uri(std::string_view uri);

}  // namespace aml::features
