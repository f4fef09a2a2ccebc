#pragma once

#include "async/asio.hpp"
#include "features/services.hpp"
#include "runs/failure.hpp"
#include "runs/run_snapshot.hpp"

#include <map>
#include <optional>
#include <string>

namespace aml::features {

/// Problems in scripts: when a run that was submitted from here has failed, the line of the user's
/// own code that raised the exception is marked, until the script's next run.
class FailureFeature final {
public:
    explicit FailureFeature(Services& services)
        : services_(services) {}

    /// A run of a script has begun: what an earlier one has left goes.
    void begin(const runs::RunSnapshot& run);

    /// Marks where a run of a script has failed, unless the script has a newer run.
    asio::awaitable<void> mark(runs::RunSnapshot run, runs::Failure failure);

private:
    /// What is known of a script's newest run.
    struct Latest {
        std::string job;
        /// Where its failure is shown, if it is.
        std::string uri;
        std::optional<protocol::Diagnostic> problem;
    };

    /// Sends the problems of a file, of whatever scripts.
    void publish(const std::string& uri);

    Services& services_;
    /// By script.
    std::map<std::string, Latest> latest_;
};

}  // namespace aml::features
