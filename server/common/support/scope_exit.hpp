#pragma once

#include <utility>

namespace aml {

/// Does something when a scope ends, however it ends: by its last line, a return, an exception, or
/// the end of the coroutine that it stands in. `Action` takes nothing and must not throw; what it
/// refers to must outlive the scope.
template <typename Action>
class [[nodiscard]] ScopeExit final {
public:
    explicit ScopeExit(Action action)
        : action_(std::move(action)) {}

    ScopeExit(const ScopeExit&) = delete;
    ScopeExit& operator=(const ScopeExit&) = delete;

    ~ScopeExit() { action_(); }

private:
    Action action_;
};

}  // namespace aml
