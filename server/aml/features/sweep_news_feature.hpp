#pragma once

#include "features/azure_session.hpp"
#include "features/services.hpp"
#include "features/ui_feature.hpp"
#include "runs/run_snapshot.hpp"

#include <memory>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

namespace aml::features {

/// Says of a sweep that goes on that its trials do not log the metric that they are compared by, as
/// soon as one of them has ended without it: later it would have run in vain. Costs two calls now
/// and then until a trial has logged the metric.
class SweepNewsFeature final {
public:
    SweepNewsFeature(Services& services, UiFeature& ui);

private:
    void take(const std::shared_ptr<AzureSession>& session,
              const std::vector<runs::RunSnapshot>& changed);
    asio::awaitable<void> watch(std::shared_ptr<AzureSession> session, runs::RunSnapshot sweep);
    /// Whether there is nothing more to find out.
    asio::awaitable<bool> look(AzureSession& session,
                               const runs::RunSnapshot& sweep,
                               std::stop_token stop);

    Services& services_;
    UiFeature& ui_;
    /// Sweeps that are or were watched.
    std::set<std::string> known_;
};

}  // namespace aml::features
