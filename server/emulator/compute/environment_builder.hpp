#pragma once

#include "async/event.hpp"
#include "compute/environment_plan.hpp"
#include "compute/machine_python.hpp"
#include "core/context.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <stop_token>
#include <string>

namespace aml::emulator {

/// Builds virtual environments and keeps them in a cache folder, which several emulators may share.
class EnvironmentBuilder final {
public:
    EnvironmentBuilder(Context& context, MachinePython& python, std::filesystem::path cache);

    /// Where the plan's environment is or will be.
    std::filesystem::path folder_of(const EnvironmentPlan& plan) const;
    bool is_built(const EnvironmentPlan& plan) const;

    /// Builds the plan's environment with what happens in `log`; one build of a plan at a time,
    /// others wait for it. `work` is a folder for this job's build: a build that was running there
    /// before a restart goes on. Throws: Rejected with the reason when it cannot be built;
    /// Cancelled when `stop` fires first (the build ends, unless `keep` says that the emulator is
    /// only being shut down).
    asio::awaitable<void> build(EnvironmentPlan plan,
                                std::filesystem::path work,
                                std::filesystem::path log,
                                std::stop_token stop,
                                std::stop_token keep);

private:
    // Shared by the builder and the jobs that wait for it.
    struct Build;

    asio::awaitable<void> run_build(EnvironmentPlan plan,
                                    std::filesystem::path work,
                                    std::filesystem::path log,
                                    std::stop_token stop,
                                    std::stop_token keep);

    Context& context_;
    MachinePython& python_;
    std::filesystem::path cache_;
    std::map<std::string, std::weak_ptr<Build>> builds_;
};

/// `aml-emulator/environments` in the user's cache folder.
std::filesystem::path default_environment_cache();

}  // namespace aml::emulator
