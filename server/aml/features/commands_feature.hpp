#pragma once

#include "protocol/protocol.gen.hpp"
#include "rpc/router.hpp"
#include "support/error.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aml::features {

/// One use of a command.
struct CommandCall {
    std::vector<protocol::Json> arguments;
    /// Lives until the command has ended.
    rpc::RequestContext& context;

    std::stop_token stop() const { return context.stop(); }

    /// The first argument. Throws: InvalidParams saying that `what` is wanted when it is missing or
    /// no text.
    std::string text(std::string_view what) const;
    /// An argument, the first if not told; nothing when it is missing, null or no text.
    std::optional<std::string> optional_text(std::size_t index = 0) const;
};

/// `workspace/executeCommand`: knows who carries out which command.  Source: LSP 3.17 "Execute a
/// command".
class CommandsFeature final {
public:
    /// The result goes to the client as it is. A handler is a coroutine, or calls one.
    using Handler = std::function<asio::awaitable<protocol::Json>(CommandCall call)>;

    void bind(rpc::Router& router);

    /// `id` is e.g. "azureml.submit". A command has one handler.
    void add(std::string id, Handler handler);

    /// `handler` is told of every command that fails, before the client gets the error.
    void on_failure(std::function<void(const Error&)> handler) { on_failure_ = std::move(handler); }

    /// All commands, sorted.
    std::vector<std::string> ids() const;

private:
    asio::awaitable<protocol::Json> execute(protocol::ExecuteCommandParams params,
                                            rpc::RequestContext& context);

    asio::awaitable<protocol::Json> carry_out(protocol::ExecuteCommandParams params,
                                              rpc::RequestContext& context);

    std::map<std::string, Handler, std::less<>> handlers_;
    std::function<void(const Error&)> on_failure_;
};

}  // namespace aml::features
