#pragma once

#include "azure/resource_id.hpp"
#include "features/azure_session.hpp"
#include "features/services.hpp"
#include "runs/run_snapshot.hpp"

#include <memory>
#include <set>
#include <string>
#include <vector>

namespace aml::features {

/// What the user's own runs are doing, in a few words: `runs/didChangeSummary`, told whenever it
/// changes and looked at once a minute while a run goes on. A run that has failed since the start
/// is among them until somebody looks at its page or its log, or its script runs again.
class RunNewsFeature final {
public:
    explicit RunNewsFeature(Services& services);

    protocol::RunsSummary current() const;

private:
    void take(const std::vector<runs::RunSnapshot>& changed);
    void looked_at(const azure::ResourceId& job);
    void tell();
    asio::awaitable<void> tick();

    Services& services_;
    /// Runs that were seen before their end.
    std::set<std::string> going_on_;
    /// Runs that have failed and were not looked at.
    std::set<std::string> failed_;
    bool ticking_ = false;
    /// What the client knows.
    protocol::RunsSummary told_{};
};

}  // namespace aml::features
