#pragma once

#include "async/asio.hpp"
#include "protocol/protocol.gen.hpp"
#include "rpc/request_context.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace aml::rpc {

/// Knows who handles which method. Handlers are typed by the generated message; parameters are
/// decoded before a handler runs and wrong ones never reach it (InvalidParams names the JSON
/// pointer).
///
///     void RunsFeature::bind(rpc::Router& router) {
///         router.request<protocol::RunsList>(this, &RunsFeature::list);
///         router.notification<protocol::TextDocumentDidOpen>(this, &RunsFeature::did_open);
///     }
///
/// The owner of a handler must outlive the router's use. Several owners may bind the same
/// notification; a request has exactly one handler (binding a second one is a programmer's error).
class Router final {
public:
    using RequestHandler =
        std::function<asio::awaitable<Json>(const Json& params, RequestContext& context)>;
    using NotificationHandler = std::function<void(const Json& params)>;

    template <typename Message, typename Owner>
    using RequestMethod = asio::awaitable<typename Message::Result> (Owner::*)(
        typename Message::Params, RequestContext&);

    template <typename Message, typename Owner>
    using NotificationMethod = void (Owner::*)(typename Message::Params);

    /// The handler returns the result or throws; either way the request is answered once. `context`
    /// lives until then.
    template <typename Message, typename Owner>
    void request(Owner* owner, RequestMethod<Message, Owner> handler) {
        add_request(Message::method, [owner, handler](const Json& raw, RequestContext& context) {
            auto params = protocol::decode<typename Message::Params>(raw, "/params");
            return call<Message>(owner, handler, std::move(params), context);
        });
    }

    /// The handler runs to its end before the next message is looked at; longer work belongs into a
    /// TaskGroup.
    template <typename Message, typename Owner>
    void notification(Owner* owner, NotificationMethod<Message, Owner> handler) {
        add_notification(Message::method, [owner, handler](const Json& raw) {
            (owner->*handler)(protocol::decode<typename Message::Params>(raw, "/params"));
        });
    }

    /// Null if nobody handles it.
    const RequestHandler* find_request(std::string_view method) const;
    /// Empty if nobody handles it.
    const std::vector<NotificationHandler>& find_notification(std::string_view method) const;

private:
    template <typename Message, typename Owner>
    static asio::awaitable<Json> call(Owner* owner,
                                      RequestMethod<Message, Owner> handler,
                                      typename Message::Params params,
                                      RequestContext& context) {
        if constexpr (std::is_void_v<typename Message::Result>) {
            co_await (owner->*handler)(std::move(params), context);
            co_return Json();
        } else {
            auto result = co_await (owner->*handler)(std::move(params), context);
            co_return protocol::encode(result);
        }
    }

    void add_request(std::string_view method, RequestHandler handler);
    void add_notification(std::string_view method, NotificationHandler handler);

    std::map<std::string, RequestHandler, std::less<>> requests_;
    std::map<std::string, std::vector<NotificationHandler>, std::less<>> notifications_;
};

}  // namespace aml::rpc
