#pragma once

#include "azure/client.hpp"
#include "submit/known_ids.hpp"
#include "submit/submit_reporter.hpp"
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
    /// Remarks worth showing.
    std::vector<std::string> notes{};
};

}  // namespace aml::submit
