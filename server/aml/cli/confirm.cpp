#include "cli/confirm.hpp"

#include "support/error.hpp"
#include "support/localize.hpp"

#include <utility>

namespace aml::cli {

asio::awaitable<bool> confirm(Invocation& invocation,
                              std::string question,
                              std::string go_ahead,
                              std::stop_token stop) {
    if (invocation.line.has("--yes")) co_return true;
    if (!invocation.interactive) {
        invocation.terminal.remark(question);
        throw Error(ErrorKind::InvalidParams,
                    localize("Nobody can be asked here. Give --yes to go ahead."));
    }
    ui::Message message{.kind = ui::MessageKind::Warning, .text = std::move(question)};
    message.actions = {go_ahead, localize("Keep it")};
    const auto answer = co_await invocation.prompter.message(std::move(message), std::move(stop));
    co_return answer == go_ahead;
}

}  // namespace aml::cli
