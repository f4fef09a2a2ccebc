#include "features/commands_feature.hpp"

#include "support/error.hpp"

#include <fmt/format.h>

#include <utility>

namespace aml::features {

std::string CommandCall::text(std::string_view what) const {
    auto found = optional_text();
    if (!found)
        throw Error(ErrorKind::InvalidParams,
                    fmt::format("/params/arguments/0: expected {}", what));
    return std::move(*found);
}

std::optional<std::string> CommandCall::optional_text(std::size_t index) const {
    if (index >= arguments.size() || !arguments[index].is_string()) return std::nullopt;
    return arguments[index].get<std::string>();
}

void CommandsFeature::bind(rpc::Router& router) {
    router.request<protocol::WorkspaceExecuteCommand>(this, &CommandsFeature::execute);
}

void CommandsFeature::add(std::string id, Handler handler) {
    handlers_.emplace(std::move(id), std::move(handler));
}

std::vector<std::string> CommandsFeature::ids() const {
    std::vector<std::string> all;
    for (const auto& [id, handler] : handlers_) all.push_back(id);
    return all;
}

asio::awaitable<protocol::Json> CommandsFeature::execute(protocol::ExecuteCommandParams params,
                                                         rpc::RequestContext& context) {
    try {
        auto result = co_await carry_out(std::move(params), context);
        co_return result;
    } catch (const Error& error) {
        if (on_failure_) on_failure_(error);
        throw;
    }
}

asio::awaitable<protocol::Json> CommandsFeature::carry_out(protocol::ExecuteCommandParams params,
                                                           rpc::RequestContext& context) {
    const auto found = handlers_.find(params.command);
    if (found == handlers_.end()) {
        throw Error(ErrorKind::InvalidParams,
                    fmt::format("/params/command: there is no command \"{}\"", params.command));
    }
    CommandCall call{std::move(params.arguments).value_or(std::vector<protocol::Json>()), context};
    auto running = found->second(std::move(call));
    co_return co_await std::move(running);
}

}  // namespace aml::features
