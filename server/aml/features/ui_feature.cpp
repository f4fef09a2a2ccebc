#include "features/ui_feature.hpp"

#include "features/convert_ui.hpp"
#include "features/uri.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/scope_exit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace aml::features {
namespace {

Error cannot_ask() {
    return Error(
        ErrorKind::Unavailable,
        localize("This editor cannot show the questions of Azure ML. Use its Azure ML extension, "
                 "or `aml run` in a terminal."));
}

/// Nothing chosen of a list that wants one is no choice, and only what was offered can be done.
bool answers(const ui::PickQuestion& question, const ui::PickAnswer& answer) {
    if (const auto* picked = std::get_if<ui::Picked>(&answer))
        return question.can_pick_many || picked->ids.size() == 1;
    const auto* acted = std::get_if<ui::Acted>(&answer);
    if (acted == nullptr) return true;
    const auto action = std::ranges::find(question.actions, acted->action, &ui::PickAction::id);
    if (action == question.actions.end()) return false;
    return !action->on_item || std::ranges::find(question.items, acted->item, &ui::PickItem::id) !=
                                   question.items.end();
}

class ClientProgress final : public ui::ProgressView {
public:
    explicit ClientProgress(Progress progress)
        : progress_(std::move(progress)) {}

    void report(std::string text, std::optional<int> percent) override {
        progress_.report(std::move(text), percent);
    }

    std::stop_token stop_token() const override { return progress_.stop_token(); }

private:
    Progress progress_;
};

}  // namespace

// A list on the screen, shared with the coroutine that fills it.
struct UiFeature::OpenPick {
    std::string token;
    bool open = true;
    // Ends the question, and the filling.
    std::stop_source stop;
    std::exception_ptr filling_failed;
};

UiFeature::UiFeature(Services& services, ProgressFeature& progress)
    : services_(services),
      progress_(progress) {}

void UiFeature::bind(rpc::Router& router) {
    router.request<protocol::UiValidateInput>(this, &UiFeature::validate);
}

asio::awaitable<ui::PickAnswer> UiFeature::pick(ui::PickQuestion question, std::stop_token stop) {
    auto open = std::make_shared<OpenPick>();
    open->token = next_token("pick");
    auto pass_on = [open] { open->stop.request_stop(); };
    std::stop_callback on_stop(stop, pass_on);
    async::TaskGroup filling(services_.loop, nullptr);
    if (question.fill) filling.spawn(fill(open, question.fill));
    std::optional<ui::PickAnswer> answer;
    std::exception_ptr failed;
    try {
        auto asked = co_await ask(open, std::move(question));
        answer = std::move(asked);
    } catch (...) {
        failed = std::current_exception();
    }
    open->open = false;
    open->stop.request_stop();
    co_await filling.join();
    if (open->filling_failed && !stop.stop_requested())
        std::rethrow_exception(open->filling_failed);
    if (failed) std::rethrow_exception(failed);
    co_return std::move(*answer);
}

asio::awaitable<ui::PickAnswer> UiFeature::ask(std::shared_ptr<OpenPick> open,
                                               ui::PickQuestion question) {
    auto params = to_wire(question, open->token);
    bool unknown_method = false;
    try {
        auto result = co_await services_.client.request<protocol::UiPick>(std::move(params),
                                                                          open->stop.get_token());
        auto answer = from_wire(std::move(result));
        if (!answers(question, answer)) co_return ui::Dismissed{};
        co_return answer;
    } catch (const Error& error) {
        unknown_method = error.kind() == ErrorKind::MethodNotFound;
        if (!unknown_method) throw;
    }
    throw cannot_ask();
}

asio::awaitable<void> UiFeature::fill(std::shared_ptr<OpenPick> open, ui::PickFill filler) {
    ui::PickUpdate update = [this, open](std::vector<ui::PickItem> items, bool busy) {
        if (!open->open) return;
        protocol::DidChangePickParams params{
            .token = open->token, .items = to_wire(items), .busy = busy};
        services_.client.notify<protocol::UiDidChangePick>(std::move(params));
    };
    try {
        auto filling = filler(std::move(update), open->stop.get_token());
        co_await std::move(filling);
    } catch (const Error& error) {
        if (open->open && error.kind() != ErrorKind::Cancelled) {
            open->filling_failed = std::current_exception();
            open->stop.request_stop();
        }
    }
}

asio::awaitable<ui::InputAnswer> UiFeature::input(ui::InputQuestion question,
                                                  std::stop_token stop) {
    const auto token = next_token("input");
    validations_[token] = question.validate;
    const ScopeExit closed([this, &token] { validations_.erase(token); });
    for (;;) {
        auto params = to_wire(question, token);
        std::optional<ui::InputAnswer> answer;
        try {
            auto result =
                co_await services_.client.request<protocol::UiInput>(std::move(params), stop);
            answer = from_wire(std::move(result));
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::MethodNotFound) throw;
        }
        if (!answer) throw cannot_ask();
        const auto* entered = std::get_if<ui::Entered>(&*answer);
        const auto complaint = entered != nullptr && question.validate
                                   ? question.validate(entered->value)
                                   : std::nullopt;
        if (!complaint) co_return *answer;
        // A client that does not validate while typing is asked again, with what was typed and what
        // is wrong with it.
        question.value = entered->value;
        question.prompt = *complaint;
    }
}

asio::awaitable<std::optional<std::string>> UiFeature::message(ui::Message message,
                                                               std::stop_token stop) {
    if (message.actions.empty()) {
        services_.tell(to_wire(message.kind), std::move(message.text));
        co_return std::nullopt;
    }
    protocol::ShowMessageRequestParams params{.type = to_wire(message.kind),
                                              .message = std::move(message.text)};
    params.actions.emplace();
    for (auto& action : message.actions) params.actions->push_back({.title = std::move(action)});
    const auto pressed = co_await services_.client.request<protocol::WindowShowMessageRequest>(
        std::move(params), std::move(stop));
    if (!pressed) co_return std::nullopt;
    co_return pressed->title;
}

std::unique_ptr<ui::ProgressView> UiFeature::progress(std::string title) {
    return std::make_unique<ClientProgress>(
        progress_.begin(std::move(title), ProgressFeature::Cancel::Offered));
}

asio::awaitable<void> UiFeature::show_file(std::string uri, std::stop_token stop) {
    protocol::ShowDocumentParams document{.uri = std::move(uri), .takeFocus = true};
    return show(std::move(document), std::move(stop));
}

asio::awaitable<void> UiFeature::show_line(std::string uri,
                                           std::uint64_t line,
                                           std::stop_token stop) {
    const protocol::Position start{.line = line};
    protocol::ShowDocumentParams document{.uri = std::move(uri), .takeFocus = true};
    document.selection = protocol::Range{.start = start, .end = start};
    return show(std::move(document), std::move(stop));
}

asio::awaitable<void> UiFeature::show(protocol::ShowDocumentParams document, std::stop_token stop) {
    const auto uri = document.uri;
    bool shown = false;
    try {
        const auto result = co_await services_.client.request<protocol::WindowShowDocument>(
            std::move(document), std::move(stop));
        shown = result.success;
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::Cancelled) throw;
        services_.log.info("the client did not show {}: {}", uri, error.message());
    }
    if (shown) co_return;
    services_.tell(protocol::MessageType::Info,
                   localize("Open {} to go on.", path_of_uri(uri).string()));
}

asio::awaitable<void> UiFeature::show_run(runs::RunSnapshot run,
                                          RunPart part,
                                          std::stop_token stop) {
    protocol::ShowRunParams params{.id = run.job.to_string()};
    if (part == RunPart::Log) params.log = true;
    bool unknown_method = false;
    try {
        co_await services_.client.request<protocol::UiShowRun>(std::move(params), stop);
    } catch (const Error& error) {
        unknown_method = error.kind() == ErrorKind::MethodNotFound;
        if (!unknown_method) throw;
    }
    if (unknown_method && !run.studio_url.empty())
        co_await show_page(std::move(run.studio_url), std::move(stop));
}

asio::awaitable<void> UiFeature::show_page(std::string url, std::stop_token stop) {
    protocol::ShowDocumentParams params{.uri = std::move(url), .external = true};
    co_await services_.client.request<protocol::WindowShowDocument>(std::move(params),
                                                                    std::move(stop));
}

asio::awaitable<protocol::ValidateInputResult> UiFeature::validate(
    protocol::ValidateInputParams params, rpc::RequestContext&) {
    protocol::ValidateInputResult result;
    const auto found = validations_.find(params.token);
    // An input that was closed meanwhile has nothing to say.
    if (found != validations_.end() && found->second) result.message = found->second(params.value);
    co_return result;
}

std::string UiFeature::next_token(std::string_view what) {
    return fmt::format("{}-{}", what, next_++);
}

}  // namespace aml::features
