#pragma once

#include "azure/client.hpp"
#include "submit/known_ids.hpp"
#include "submit/submit_reporter.hpp"
#include "submit/upload_review.hpp"
#include "support/random.hpp"
#include "workspace/saved_state.hpp"

#include <memory>
#include <string>
#include <vector>

namespace aml::submit {

/// What the parts of one submission share. Owned by `RunSubmitter::submit`, which waits for all of
/// them.
struct SubmitContext {
    azure::Client& client;
    workspace::SavedState& state;
    Random& random;
    KnownIds& known;
    // Shared with reads on the pool.
    std::shared_ptr<SubmitReporter> reporter;
    azure::ResourceId workspace;
    /// What is sent of the folders; one that is not among them is sent whole.
    ReviewedFolders folders{};
    /// Remarks worth showing.
    std::vector<std::string> notes{};

    /// The reviewed files of a folder; null when it is not among them.
    std::shared_ptr<const snapshot::Listing> reviewed(const std::filesystem::path& folder) const {
        const auto found = folders.find(folder);
        return found == folders.end() ? nullptr : found->second;
    }
};

}  // namespace aml::submit
