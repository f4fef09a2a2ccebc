#pragma once

#include "runconfig/document.hpp"
#include "runconfig/run_configuration.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace aml::runconfig {

/// Something in Azure that a run configuration can name.
struct KnownName {
    /// Without version, e.g. "sklearn".
    std::string name{};
    /// As a file writes it, e.g. "azureml:sklearn:3".
    std::string reference{};
    /// One short line, e.g. "STANDARD_DS3_v2, 0 to 4 nodes".
    std::string detail{};
    /// Markdown; may be empty.
    std::string doc{};
    /// Of a cluster: how many nodes it may have.
    std::optional<int> most_nodes{};
};

/// What is known of a workspace. A list that is absent is not known, which is no reason to warn.
struct KnownNames {
    std::optional<std::vector<KnownName>> computes{};
    std::optional<std::vector<KnownName>> environments{};
    std::optional<std::vector<KnownName>> experiments{};
    std::optional<std::vector<KnownName>> data{};
};

/// One thing that may be typed at the cursor.
struct Proposal {
    enum class Kind { Key, Choice, AzureName, Snippet };
    Kind kind = Kind::Key;
    std::string label{};
    std::string detail{};
    /// Markdown.
    std::string documentation{};
    /// What `text` replaces.
    Range replace{};
    /// What is inserted. With `placeholders` it is an LSP snippet, `plain` the same without them.
    std::string text{};
    std::string plain{};
    bool placeholders = false;
    /// What typing is compared with.
    std::string filter{};
};

/// Keys, values and expressions that fit at `offset`, best first.
std::vector<Proposal> propose(const Document& document,
                              std::size_t offset,
                              const KnownNames& known);

/// Which of the lists in `KnownNames` `propose` would use at `offset`.
enum class WantedNames { None, Computes, Environments, Experiments, Data };
WantedNames wanted_names(const Document& document, std::size_t offset);

/// What stands at a place, in words.
struct Explanation {
    Range range{};
    std::string markdown{};
};

/// The key or value at `offset`; absent where there is nothing to say.
std::optional<Explanation> explain(const Document& document, std::size_t offset);

/// Warnings for names that the workspace does not have, and for more nodes than a cluster of it may
/// have.
std::vector<Diagnostic> check_names(const Analysis& analysis, const KnownNames& known);

}  // namespace aml::runconfig
