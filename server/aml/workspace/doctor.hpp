#pragma once

#include "async/asio.hpp"
#include "azure/resource_id.hpp"
#include "workspace/azure_access.hpp"

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace aml::workspace {

/// One step on the way from here to a submitted run.
struct DoctorStep {
    enum class State {
        Ok,
        Failed,
        /// It could not be tried, because of a step before or because nobody said where.
        Skipped,
    };
    /// For programs: "endpoint", "connection", "token", "tenant", "subscriptions", "role",
    /// "dataPlane", "storage".
    std::string_view id;
    /// For people, e.g. "Data plane".
    std::string title{};
    State state = State::Skipped;
    /// What was found; or the cause in plain words and what to do about it; or why it was skipped.
    std::string text{};
    /// Azure's id of the request that failed, for a support case.
    std::string request_id{};
};

/// What the doctor works with.
struct DoctorTools {
    AzureAccess& access;
    /// The workspace in question; nothing when nobody chose one. May throw, which is the finding.
    std::function<asio::awaitable<std::optional<azure::ResourceId>>(std::stop_token)> workspace;
    /// Called with each step as it ends.
    std::function<void(const DoctorStep&)> tell;
};

/// Tries every step in order and tells of each one. Nothing remains in Azure but one small file
/// in the workspace's storage, always the same one. Throws: Cancelled.
asio::awaitable<std::vector<DoctorStep>> examine(DoctorTools tools, std::stop_token stop);

/// "ok", "failed" or "skipped".
std::string_view to_string(DoctorStep::State state);

/// The steps as a Markdown document.
std::string doctor_report(const std::vector<DoctorStep>& steps, const std::string& arm_endpoint);

}  // namespace aml::workspace
