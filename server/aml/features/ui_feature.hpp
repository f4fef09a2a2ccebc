#pragma once

#include "features/progress_feature.hpp"
#include "features/services.hpp"
#include "rpc/router.hpp"
#include "runs/run_snapshot.hpp"
#include "ui/prompter.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>

namespace aml::features {

/// Asks the user through the client: `ui/pick`, `ui/input`, `ui/validateInput`,
/// `window/showMessageRequest` and progress. A client without `ui/*` makes every question throw
/// Unavailable.
class UiFeature final : public ui::Prompter {
public:
    UiFeature(Services& services, ProgressFeature& progress);

    void bind(rpc::Router& router);

    asio::awaitable<ui::PickAnswer> pick(ui::PickQuestion question, std::stop_token stop) override;
    asio::awaitable<ui::InputAnswer> input(ui::InputQuestion question,
                                           std::stop_token stop) override;
    asio::awaitable<std::optional<std::string>> message(ui::Message message,
                                                        std::stop_token stop) override;
    std::unique_ptr<ui::ProgressView> progress(std::string title) override;

    /// Opens a file in the editor; where the client cannot, the user is told its name. Throws:
    /// Cancelled.
    asio::awaitable<void> show_file(std::string uri, std::stop_token stop);
    /// The same, at a line, counted from 0.
    asio::awaitable<void> show_line(std::string uri, std::uint64_t line, std::stop_token stop);
    /// Opens the page of a run, or its log; where the client has none, the run's page in the
    /// portal. Throws: Cancelled.
    enum class RunPart { Page, Log };
    asio::awaitable<void> show_run(runs::RunSnapshot run, RunPart part, std::stop_token stop);
    /// Opens a page in the browser. Throws as above.
    asio::awaitable<void> show_page(std::string url, std::stop_token stop);

private:
    struct OpenPick;

    asio::awaitable<ui::PickAnswer> ask(std::shared_ptr<OpenPick> open, ui::PickQuestion question);
    asio::awaitable<void> show(protocol::ShowDocumentParams document, std::stop_token stop);
    asio::awaitable<void> fill(std::shared_ptr<OpenPick> open, ui::PickFill filler);
    asio::awaitable<protocol::ValidateInputResult> validate(protocol::ValidateInputParams params,
                                                            rpc::RequestContext& context);
    std::string next_token(std::string_view what);

    Services& services_;
    ProgressFeature& progress_;
    std::uint64_t next_ = 1;
    // By token: the inputs that are open.
    std::map<std::string, ui::InputValidation> validations_;
};

}  // namespace aml::features
