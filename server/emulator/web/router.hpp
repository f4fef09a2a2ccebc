#pragma once

#include "web/message.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace aml::emulator {

/// Bearer: the server checks the token before the handler runs. None: anyone, or the handler checks
/// (SAS).
enum class Auth { Bearer, None };

/// The api-versions one resource type accepts; `nullptr` on a route means that none is asked for.
struct ApiVersions {
    /// `Microsoft.MachineLearningServices`, or "" for Microsoft.Resources.
    std::string provider;
    std::vector<std::string> supported;
};

using SyncHandler = std::function<Reply(const Request&)>;
/// The request lives until the reply has been sent.
using AsyncHandler = std::function<asio::awaitable<Reply>(const Request&)>;
/// Like AsyncHandler, for bodies too big to keep: pulls the body itself and must read it to its end
/// to keep the connection.
using StreamHandler = std::function<asio::awaitable<Reply>(const Request&, BodyReader&)>;

/// One operation. Pattern: `/subscriptions/{subscription}/things/{name}`; a last segment `{path*}`
/// takes the rest. Literal segments compare without regard to case and win over parameters.
struct Route {
    std::string method;
    std::string pattern;
    Surface surface = Surface::Arm;
    Auth auth = Auth::Bearer;
    const ApiVersions* versions = nullptr;
    std::variant<SyncHandler, AsyncHandler, StreamHandler> handler;
};

/// Finds the route for a method and path. HEAD falls back to GET.
class Router final {
public:
    struct Match {
        /// Absent when the path is unknown or has no such method.
        const Route* route = nullptr;
        /// Methods the path does have; empty when the path is unknown.
        std::vector<std::string> allowed;
        std::map<std::string, std::string, std::less<>> params;
    };

    Router();
    ~Router();
    Router(const Router&) = delete;
    Router& operator=(const Router&) = delete;

    /// Throws: InternalError for a malformed pattern or a second route with the same method and
    /// pattern.
    void add(Route route);
    /// `path` is percent-encoded and without query. Empty segments are skipped outside `{path*}`.
    Match find(std::string_view method, std::string_view path) const;

    /// All of them, in the order in which they were added.
    const std::vector<std::unique_ptr<Route>>& routes() const { return routes_; }

private:
    struct Node;
    std::unique_ptr<Node> root_;
    std::vector<std::unique_ptr<Route>> routes_;
};

}  // namespace aml::emulator
