#pragma once

#include <nlohmann/json.hpp>

#include <deque>
#include <optional>

namespace aml::rpc {

/// Messages that wait for the writer, in order. Notifications that carry whole states replace older
/// unsent ones: a run in `runs/didChange` keeps only its highest revision, `tree/didChange` only
/// names each node once.
class OutgoingQueue final {
public:
    void push(nlohmann::json message);
    /// The oldest message; nothing when there is none.
    std::optional<nlohmann::json> pop();

    bool empty() const { return messages_.empty(); }

    std::size_t size() const { return messages_.size(); }

private:
    bool merge(const nlohmann::json& message);

    std::deque<nlohmann::json> messages_;
};

}  // namespace aml::rpc
