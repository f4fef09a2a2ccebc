#include "rpc/outgoing_queue.hpp"

#include "protocol/protocol.gen.hpp"

#include <algorithm>
#include <utility>

namespace aml::rpc {
namespace {

using nlohmann::json;

std::string_view method_of(const json& message) {
    const auto found = message.find("method");
    return found == message.end() ? std::string_view()
                                  : std::string_view(found->get_ref<const std::string&>());
}

void merge_runs(json& queued, const json& newer) {
    for (const auto& run : newer.at("runs")) {
        auto& runs = queued.at("runs");
        const auto same = std::find_if(runs.begin(), runs.end(), [&run](const json& other) {
            return other.at("id") == run.at("id");
        });
        if (same == runs.end()) {
            runs.push_back(run);
        } else if (same->at("revision") < run.at("revision")) {
            *same = run;
        }
    }
}

void merge_nodes(json& queued, const json& newer) {
    // Without ids the whole tree is meant.
    if (!queued.contains("ids")) return;
    if (!newer.contains("ids")) {
        queued.erase("ids");
        return;
    }
    auto& ids = queued.at("ids");
    for (const auto& id : newer.at("ids")) {
        if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
    }
}

}  // namespace

void OutgoingQueue::push(json message) {
    if (!merge(message)) messages_.push_back(std::move(message));
}

std::optional<json> OutgoingQueue::pop() {
    if (messages_.empty()) return std::nullopt;
    auto message = std::move(messages_.front());
    messages_.pop_front();
    return message;
}

bool OutgoingQueue::merge(const json& message) {
    const auto method = method_of(message);
    const bool is_runs = method == protocol::RunsDidChange::method;
    const bool is_tree = method == protocol::TreeDidChange::method;
    if (!is_runs && !is_tree) return false;
    const auto queued =
        std::find_if(messages_.begin(), messages_.end(), [method](const json& other) {
            return method_of(other) == method;
        });
    if (queued == messages_.end()) return false;
    auto& params = queued->at("params");
    if (is_runs) merge_runs(params, message.at("params"));
    if (is_tree) merge_nodes(params, message.at("params"));
    return true;
}

}  // namespace aml::rpc
