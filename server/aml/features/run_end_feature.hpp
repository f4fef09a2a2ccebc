#pragma once

#include "features/azure_session.hpp"
#include "features/failure_feature.hpp"
#include "features/services.hpp"
#include "features/ui_feature.hpp"
#include "runs/run_snapshot.hpp"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace aml::features {

/// What happens when a run ends that was going on before: why a run of a script failed is marked
/// in the script (`FailureFeature`), and users are told of the end of runs of their own, with
/// buttons that show the run or its log; so they are when one of them shows no sign of life. Of
/// several windows one tells.
class RunEndFeature final {
public:
    RunEndFeature(Services& services, UiFeature& ui, FailureFeature& failures);

private:
    void follow(const std::shared_ptr<AzureSession>& session);
    void take(const std::shared_ptr<AzureSession>& session,
              const std::vector<runs::RunSnapshot>& changed);
    asio::awaitable<void> report(std::shared_ptr<AzureSession> session, runs::RunSnapshot run);
    asio::awaitable<void> follow_up(std::shared_ptr<AzureSession> session, runs::RunSnapshot run);
    bool should_tell(const AzureSession& session, const runs::RunSnapshot& run) const;
    asio::awaitable<void> tell_silence(runs::RunSnapshot run);
    asio::awaitable<std::optional<runs::Failure>> cause(AzureSession& session,
                                                        runs::RunSnapshot run);
    /// Whether no window has told this yet; from then on this one has.
    asio::awaitable<bool> claim(std::string what);
    /// Shows the message, with buttons for the run, and does what they say.
    asio::awaitable<void> tell(ui::Message message, runs::RunSnapshot run);

    Services& services_;
    UiFeature& ui_;
    FailureFeature& failures_;
    /// When this server began; what had ended before is no news.
    async::Clock::TimePoint since_{};
    /// Runs that were seen before their end.
    std::set<std::string> going_on_;
    /// Runs whose silence was noticed.
    std::set<std::string> silent_;
};

}  // namespace aml::features
