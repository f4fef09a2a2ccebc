#pragma once

#include "core/context.hpp"
#include "web/errors.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace aml::emulator {

/// Registers the routes of one data-plane service below
/// `/{service}/{version}/subscriptions/…/workspaces/{workspace}` and finds the workspace before a
/// handler runs. Must outlive the router's use of them.
class DataRoutes final {
public:
    using Handler = std::function<Reply(const Workspace&, const Request&)>;
    using Streaming = std::function<asio::awaitable<Reply>(Workspace, const Request&, BodyReader&)>;

    /// `service` is e.g. `history/v1.0`; `component` names it in errors, e.g. `run-history`.
    DataRoutes(Context& context, Router& router, std::string service, std::string component);

    /// `path` is what follows the workspace, e.g. `/runs/{run}`.
    void add(std::string method, std::string_view path, Handler handler);
    void add_streaming(std::string method, std::string_view path, Streaming handler);

    /// An error in the data plane's shape.
    Refused error(const Request& request,
                  int status,
                  std::string_view message,
                  std::string_view code) const;
    Refused not_found(const Request& request, std::string_view message) const;
    Refused bad_request(const Request& request, std::string_view message) const;

    /// Throws: Refused (404) when the request's workspace does not exist.
    Workspace workspace(const Request& request) const;
    /// The experiment that `{experiment}` or `{experimentId}` of the request's path names. Throws:
    /// Refused (404).
    Experiment experiment(const Workspace& workspace, const Request& request) const;

private:
    /// Throws: Refused (401) for a token of another tenant than the subscription's. Unlike Azure
    /// Resource Manager it names no tenant to ask instead.
    void require_tenant(const Request& request) const;
    std::string pattern(std::string_view path) const;

    Context& context_;
    Router& router_;
    std::string service_;
    std::string component_;
};

/// Position in a list, as clients carry it: opaque, and the list stays the same while runs are
/// added.
struct PageToken {
    /// How many rows came before, where no index has the order of the list.
    std::size_t offset = 0;
    /// Rows with a greater sequence came later and are left out; 0 at the first page.
    std::int64_t newest = 0;
    /// The row that came last, where an index has the order, so that a page costs a page: its
    /// sequence (0 at the first page) and what the list is ordered by.
    std::int64_t last = 0;
    std::int64_t last_value = 0;

    bool is_first() const { return offset == 0 && last == 0; }

    std::string encode() const;
    /// The start for "" and for what is no token.
    static PageToken decode(std::string_view text);
};

}  // namespace aml::emulator
