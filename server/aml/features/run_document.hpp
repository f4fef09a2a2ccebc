#pragma once

#include "azure/resource_id.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace aml::features {

/// A text about a run or a model that can only be read: which one its address says, so that an
/// editor may ask for it again after a restart.
struct RunDocument {
    enum class Kind {
        /// A file of the code that was sent with it: `path`.
        Code,
        /// What it has differently than the run `other`, a line for each difference.
        Difference,
        /// The run configuration it was submitted with, as `azureml.run.repeatWithChanges` writes
        /// it.
        Configuration,
        /// A file that it left, or one of a version of a model: `path`.
        File,
        /// Lines of its log `path` around one of them: number `line`, which begins at `offset`.
        LogPart,
        /// The lines of its log `path`, or of all logs, that have `text`, as people type it.
        FoundLines,
        /// What a run configuration sends: `path` is its address.
        Sent,
    };
    Kind kind = Kind::Code;
    /// The run, or the version of a model; empty where it is about none.
    azure::ResourceId owner{};
    std::string path{};
    azure::ResourceId other{};
    /// Of a comparison: the other run stands on the left.
    bool is_right = false;
    std::uint64_t offset = 0;
    std::uint64_t line = 0;
    std::string text{};
    /// Tells one showing from the next; 0: none.
    std::uint64_t number = 0;
};

/// What the run configuration of a run that is repeated says of its code: the folder above.
inline constexpr std::string_view code_of_repeated = "..";

/// Its address, `azureml-run:/<name>?<JSON>`. `name` is what its tab is called, and tells its
/// language.
std::string uri_of_document(const RunDocument& document, std::string_view name);

/// Reads an address, also as VS Code encodes it. Throws: InvalidParams when it is none of these.
RunDocument document_of_uri(std::string_view uri);

}  // namespace aml::features
