#pragma once

#include "domain/wizard/prompter.hpp"
#include "features/progress_feature.hpp"
#include "features/services.hpp"
#include "rpc/router.hpp"

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
class UiFeature final : public domain::Prompter {
public:
    UiFeature(Services& services, ProgressFeature& progress);

    void bind(rpc::Router& router);

    asio::awaitable<domain::PickAnswer> pick(domain::PickQuestion question,
                                             std::stop_token stop) override;
    asio::awaitable<domain::InputAnswer> input(domain::InputQuestion question,
                                               std::stop_token stop) override;
    asio::awaitable<std::optional<std::string>> message(domain::Message message,
                                                        std::stop_token stop) override;
    std::unique_ptr<domain::ProgressView> progress(std::string title) override;

    /// Opens a file in the editor; where the client cannot, the user is told its name. Throws:
    /// Cancelled.
    asio::awaitable<void> show_file(std::string uri, std::stop_token stop);
    /// Opens a page in the browser. Throws as above.
    asio::awaitable<void> show_page(std::string url, std::stop_token stop);

private:
    struct OpenPick;

    asio::awaitable<domain::PickAnswer> ask(std::shared_ptr<OpenPick> open,
                                            domain::PickQuestion question);
    asio::awaitable<void> fill(std::shared_ptr<OpenPick> open, domain::PickFill filler);
    asio::awaitable<protocol::ValidateInputResult> validate(protocol::ValidateInputParams params,
                                                            rpc::RequestContext& context);
    std::string next_token(std::string_view what);

    Services& services_;
    ProgressFeature& progress_;
    std::uint64_t next_ = 1;
    // By token: the inputs that are open.
    std::map<std::string, domain::InputValidation> validations_;
};

}  // namespace aml::features
