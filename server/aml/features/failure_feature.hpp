#pragma once

#include "azure/resource_id.hpp"
#include "features/azure_session.hpp"
#include "features/services.hpp"
#include "runs/run_snapshot.hpp"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace aml::features {

/// Problems in scripts: when a run that was submitted from here fails, the line of the user's own
/// code that raised the exception is marked, until the script's next run. Runs that were over
/// before they were followed here are left alone.
class FailureFeature final {
public:
    explicit FailureFeature(Services& services);

private:
    /// What is known of a script's newest run.
    struct Latest {
        std::string job;
        /// Where its failure is shown, if it is.
        std::string uri;
        std::optional<protocol::Diagnostic> problem;
    };

    void take(const std::shared_ptr<AzureSession>& session,
              const std::vector<runs::RunSnapshot>& changed);
    void begin(const runs::RunSnapshot& run);
    asio::awaitable<void> report(std::shared_ptr<AzureSession> session, runs::RunSnapshot run);
    asio::awaitable<void> show(std::shared_ptr<AzureSession> session, runs::RunSnapshot run);
    /// Sends the problems of a file, of whatever scripts.
    void publish(const std::string& uri);

    Services& services_;
    /// Runs that were seen before their end.
    std::set<std::string> going_on_;
    /// By script.
    std::map<std::string, Latest> latest_;
};

}  // namespace aml::features
