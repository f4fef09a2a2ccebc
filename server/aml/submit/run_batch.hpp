#pragma once

#include "state/journal.hpp"
#include "submit/code_registration.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <vector>

namespace aml::submit {

/// What the runs of one configuration share that are submitted together.
struct RunBatch {
    /// The code version of each folder that one of them has sent: the others run the same, whatever
    /// is written there meanwhile.
    std::map<std::filesystem::path, RegisteredCode> codes;
    /// Attempts to submit the configuration that were cut off, once they have been read. Each run
    /// takes those that are its own.
    std::optional<std::vector<state::JournalEntry>> abandoned;
};

}  // namespace aml::submit
