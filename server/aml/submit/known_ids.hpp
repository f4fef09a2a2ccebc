#pragma once

#include "async/asio.hpp"
#include "azure/resource_id.hpp"
#include "workspace/saved_state.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace aml::submit {

/// What an id was found for.
enum class KnownKind {
    /// By content hash.
    Code,
    /// By hash of the definition, or by the reference's text.
    Environment,
    /// By name.
    Compute,
    /// By hash of the specification.
    Component,
};

/// Ids one workspace has given before, remembered on disk so that an unchanged script need not ask
/// again. They may be stale: whoever uses them must be ready to do without (`forget_all`). A
/// failing disk costs only time.
class KnownIds final {
public:
    /// Reads what is known of `workspace` at `arm_endpoint`.
    static asio::awaitable<KnownIds> load(workspace::SavedState& state,
                                          std::string arm_endpoint,
                                          azure::ResourceId workspace);

    /// Absent when unknown. Notes that a remembered id was relied on.
    std::optional<std::string> find(KnownKind kind, std::string_view key);

    /// Whether `find` has given an id that was not noted by this submission.
    bool relied_on_memory() const { return relied_on_memory_; }

    /// To be remembered with the next `save`.
    void note(KnownKind kind, std::string_view key, std::string id);

    /// From now on nothing is known: what was remembered has turned out wrong.
    void forget_all();

    /// Writes what was noted; keeps the 500 newest ids of all workspaces. Never throws but
    /// Cancelled.
    asio::awaitable<void> save();

private:
    KnownIds(workspace::SavedState& state, std::string prefix);

    std::string key_of(KnownKind kind, std::string_view key) const;

    workspace::SavedState* state_;
    std::string prefix_;
    std::map<std::string, std::string> ids_;
    std::map<std::string, std::string> noted_;
    bool relied_on_memory_ = false;
};

}  // namespace aml::submit
