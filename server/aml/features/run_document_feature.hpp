#pragma once

#include "azure/resource_id.hpp"
#include "features/azure_session.hpp"
#include "features/recently_used.hpp"
#include "features/run_document.hpp"
#include "features/services.hpp"
#include "rpc/router.hpp"
#include "runs/run_code.hpp"
#include "runs/run_log.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

namespace aml::features {

/// `runs/document`: texts that can only be read, by their addresses.
class RunDocumentFeature final {
public:
    explicit RunDocumentFeature(Services& services);

    using SentText =
        std::function<asio::awaitable<std::string>(std::filesystem::path, std::stop_token)>;

    /// Says what a run configuration sends.
    void on_sent(SentText sent) { sent_ = std::move(sent); }

    void bind(rpc::Router& router);

    /// The code that was sent with a run. Throws: as `runs::read_code`.
    asio::awaitable<runs::RunCode> code_of(azure::ResourceId job, std::stop_token stop);

private:
    /// The code of a run; what was sent never changes.
    struct KnownCode {
        std::shared_ptr<AzureSession> session;
        azure::ResourceId job;
        std::optional<runs::RunCode> code{};
    };

    asio::awaitable<protocol::RunsDocumentResult> document(protocol::RunsDocumentParams params,
                                                           rpc::RequestContext& context);
    asio::awaitable<std::string> text_of(RunDocument document, std::stop_token stop);
    asio::awaitable<std::string> text_of_code(RunDocument document, std::stop_token stop);
    asio::awaitable<std::string> text_of_difference(RunDocument document, std::stop_token stop);
    asio::awaitable<std::string> text_of_configuration(RunDocument document, std::stop_token stop);
    asio::awaitable<std::string> text_of_file(RunDocument document, std::stop_token stop);
    asio::awaitable<std::string> text_of_log_part(RunDocument document, std::stop_token stop);
    asio::awaitable<std::string> text_of_found_lines(RunDocument document, std::stop_token stop);
    asio::awaitable<runs::RunState> state_of(std::shared_ptr<AzureSession> session,
                                             azure::ResourceId job,
                                             std::stop_token stop);

    Services& services_;
    SentText sent_;
    RecentlyUsed<std::shared_ptr<KnownCode>> codes_{4};
};

}  // namespace aml::features
