#include "rpc/router.hpp"

#include <cassert>

namespace aml::rpc {

const Router::RequestHandler* Router::find_request(std::string_view method) const {
    const auto found = requests_.find(method);
    return found == requests_.end() ? nullptr : &found->second;
}

const std::vector<Router::NotificationHandler>& Router::find_notification(
    std::string_view method) const {
    static const std::vector<NotificationHandler> none;
    const auto found = notifications_.find(method);
    return found == notifications_.end() ? none : found->second;
}

void Router::add_request(std::string_view method, RequestHandler handler) {
    [[maybe_unused]] const bool added = requests_.emplace(method, std::move(handler)).second;
    assert(added && "two handlers for one request");
}

void Router::add_notification(std::string_view method, NotificationHandler handler) {
    notifications_[std::string(method)].push_back(std::move(handler));
}

}  // namespace aml::rpc
