#pragma once

#include "core/context.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace aml::emulator {

/// One long-running operation, as its status resource shows it.
struct Operation {
    std::string id;
    /// Names the effect that ends it, e.g. `computes.create`.
    std::string kind;
    std::string workspace_id;
    /// What it works on, e.g. a compute's name.
    std::string target;
    Time started;
    Time due;
    /// InProgress, Succeeded, Failed.
    std::string status = "InProgress";
    /// `{code, message, …}` once Failed, else null.
    json error;
};

/// How long it takes until a new compute or endpoint is there.
inline constexpr std::chrono::milliseconds creation_time{1500};

/// Long-running operations: they end on time, also those that were under way when the emulator was
/// killed.
class Operations final {
public:
    /// Applies an operation's effect; returns the error it failed with, or null.
    using Effect = std::function<json(const Operation&)>;

    explicit Operations(Context& context);

    /// Registers the effect of a kind; before `resume`.
    void on_end(std::string kind, Effect effect);
    /// Takes up what an earlier process left behind; once.
    void resume();

    /// Remembers a new operation that ends after `duration`, and returns its id. Call it in the
    /// transaction of what started it.
    std::string start(std::string_view kind,
                      std::string_view workspace_id,
                      std::string_view target,
                      std::chrono::milliseconds duration);
    std::optional<Operation> find(std::string_view id);

private:
    asio::awaitable<void> finish_later(std::string id, Time due);
    void finish(const std::string& id);

    Context& context_;
    std::map<std::string, Effect, std::less<>> effects_;
};

}  // namespace aml::emulator
