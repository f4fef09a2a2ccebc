#pragma once

#include "async/asio.hpp"
#include "execution/environment_plan.hpp"
#include "execution/machine_python.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

namespace aml::execution {

/// Builds virtual environments and keeps them in a cache folder, which several programs may share.
class EnvironmentBuilder final {
public:
    /// `program` is the supervisor of a build, this very program. Keeps it and `python` by
    /// reference.
    EnvironmentBuilder(const std::filesystem::path& program,
                       MachinePython& python,
                       std::filesystem::path cache);

    /// Where the plan's environment is or will be.
    std::filesystem::path folder_of(const EnvironmentPlan& plan) const;
    bool is_built(const EnvironmentPlan& plan) const;

    /// Builds the plan's environment with what happens in `log`; one build of a plan at a time,
    /// others wait for it. `work` is a folder for this job's build: a build that was running there
    /// before a restart goes on. Throws: Rejected with the reason when it cannot be built;
    /// Cancelled when `stop` fires first (the build ends, unless `keep` says that this
    /// program is only being shut down).
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

    const std::filesystem::path& program_;
    MachinePython& python_;
    std::filesystem::path cache_;
    std::map<std::string, std::weak_ptr<Build>> builds_;
};

/// `environments` in the folder of that name in the user's cache folder.
std::filesystem::path environment_cache(std::string_view of);

}  // namespace aml::execution
