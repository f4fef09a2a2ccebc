#pragma once

#include <nlohmann/json.hpp>

#include <filesystem>

namespace aml::test {

/// A running `aml emulator` on a state folder of its own; ended, and its folder removed, with this
/// object.
class EmulatorProcess final {
public:
    /// Throws: Unavailable when it does not say that it is ready.
    EmulatorProcess();
    EmulatorProcess(const EmulatorProcess&) = delete;
    EmulatorProcess& operator=(const EmulatorProcess&) = delete;
    ~EmulatorProcess();

    /// The ready line: armEndpoint, tenantId, clientId, clientSecret, subscriptionId,
    /// resourceGroup, workspace.
    const nlohmann::json& ready() const { return ready_; }

private:
    std::filesystem::path state_;
    int process_ = -1;
    nlohmann::json ready_;
};

}  // namespace aml::test
