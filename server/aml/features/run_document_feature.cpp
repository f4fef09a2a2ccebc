#include "features/run_document_feature.hpp"

#include "azure/blobs.hpp"
#include "features/azure_session.hpp"
#include "features/owned_files.hpp"
#include "features/uri.hpp"
#include "runs/log_part.hpp"
#include "runs/log_search.hpp"
#include "runs/run_comparison.hpp"
#include "submit/submitted_configuration.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"
#include "views/preview.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace aml::features {
namespace {

/// Of lines that were found, in bytes.
constexpr std::size_t longest_found = 4U << 20U;

/// What is put into the editor for a file: its text, or what can be said of it.
std::string text_of_content(const std::string& path,
                            const azure::BlobRange& start,
                            const std::string& md5) {
    auto preview = views::preview_of(path, start.bytes, start.total);
    const bool is_text = preview.kind == views::PreviewKind::Text;
    if (is_text && preview.complete) return std::move(preview.bytes);
    const auto size = human_size(start.total);
    const std::string said = is_text
                                 ? localize("This file ({}) is too large to be shown here.", size)
                                 : localize("This file ({}) is not text.", size);
    // Contents that differ shall be seen to.
    return md5.empty() ? said + "\n" : fmt::format("{}\nMD5: {}\n", said, md5);
}

}  // namespace

RunDocumentFeature::RunDocumentFeature(Services& services)
    : services_(services) {
    services_.on_session([this](AzureSession&) { codes_.clear(); });
}

void RunDocumentFeature::bind(rpc::Router& router) {
    router.request<protocol::RunsDocument>(this, &RunDocumentFeature::document);
}

asio::awaitable<protocol::RunsDocumentResult> RunDocumentFeature::document(
    protocol::RunsDocumentParams params, rpc::RequestContext& context) {
    auto wanted = document_of_uri(params.uri);
    protocol::RunsDocumentResult result;
    auto text = co_await text_of(std::move(wanted), context.stop());
    result.text = std::move(text);
    co_return result;
}

asio::awaitable<std::string> RunDocumentFeature::text_of(RunDocument document,
                                                         std::stop_token stop) {
    switch (document.kind) {
        case RunDocument::Kind::Code:
            return text_of_code(std::move(document), std::move(stop));
        case RunDocument::Kind::Difference:
            return text_of_difference(std::move(document), std::move(stop));
        case RunDocument::Kind::Configuration:
            return text_of_configuration(std::move(document), std::move(stop));
        case RunDocument::Kind::LogPart:
            return text_of_log_part(std::move(document), std::move(stop));
        case RunDocument::Kind::FoundLines:
            return text_of_found_lines(std::move(document), std::move(stop));
        case RunDocument::Kind::Sent:
            return sent_(path_of_uri(document.path), std::move(stop));
        case RunDocument::Kind::File:
            break;
    }
    return text_of_file(std::move(document), std::move(stop));
}

asio::awaitable<runs::RunCode> RunDocumentFeature::code_of(azure::ResourceId job,
                                                           std::stop_token stop) {
    const auto session = services_.session_of(job);
    const auto is_meant = [&](const std::shared_ptr<KnownCode>& known) {
        return known->session == session && known->job == job;
    };
    const auto known = codes_.use(is_meant, [&] {
        return std::make_shared<KnownCode>(KnownCode{.session = session, .job = job});
    });
    if (!known->code) {
        auto* connection = co_await session->access.connect(stop);
        auto code = co_await runs::read_code(connection->client, job, std::move(stop));
        known->code = std::move(code);
    }
    co_return *known->code;
}

asio::awaitable<std::string> RunDocumentFeature::text_of_code(RunDocument document,
                                                              std::stop_token stop) {
    const auto session = services_.session_of(document.owner);
    const auto code = co_await code_of(document.owner, stop);
    const auto is_it = [&](const runs::CodeFile& file) { return file.path == document.path; };
    const auto file = std::find_if(code.files.begin(), code.files.end(), is_it);
    if (file == code.files.end()) {
        throw Error(
            ErrorKind::NotFound,
            localize(
                "The code of the run {} has no file {}.", document.owner.name(), document.path));
    }
    auto* connection = co_await session->access.connect(stop);
    const auto start = co_await azure::blobs::get_range(
        connection->client, file->address, 0, views::preview_limit(file->path), std::move(stop));
    co_return text_of_content(file->path, start, file->md5);
}

asio::awaitable<std::string> RunDocumentFeature::text_of_difference(RunDocument document,
                                                                    std::stop_token stop) {
    const auto session = services_.session_of(document.owner);
    const auto left = document.is_right ? document.other : document.owner;
    const auto right = document.is_right ? document.owner : document.other;
    const auto before = co_await runs::read_to_compare(session->access, left, stop);
    const auto after = co_await runs::read_to_compare(session->access, right, std::move(stop));
    std::string text;
    // A line for each difference, so that the same lines stand beside each other.
    for (const auto& one : runs::differences(before, after))
        text += fmt::format("{}: {}\n", one.key, document.is_right ? one.right : one.left);
    co_return text;
}

asio::awaitable<std::string> RunDocumentFeature::text_of_configuration(RunDocument document,
                                                                       std::stop_token stop) {
    const auto session = services_.session_of(document.owner);
    auto* connection = co_await session->access.connect(stop);
    std::string code(code_of_repeated);
    co_return co_await submit::submitted_configuration(
        connection->client, std::move(document.owner), std::move(code), std::move(stop));
}

asio::awaitable<std::string> RunDocumentFeature::text_of_file(RunDocument document,
                                                              std::stop_token stop) {
    const auto session = services_.session_of(document.owner);
    auto* connection = co_await session->access.connect(stop);
    auto files = co_await source_of(connection->client, document.owner, stop);
    const auto address = co_await files.address(document.path, stop);
    const auto start = co_await azure::blobs::get_range(
        connection->client, address, 0, views::preview_limit(document.path), std::move(stop));
    if (start.missing) {
        throw Error(ErrorKind::NotFound, localize("The file {} is gone.", document.path));
    }
    co_return text_of_content(document.path, start, {});
}

asio::awaitable<runs::RunState> RunDocumentFeature::state_of(std::shared_ptr<AzureSession> session,
                                                             azure::ResourceId job,
                                                             std::stop_token stop) {
    co_await session->follow(job, std::move(stop));
    const auto run = session->watcher.find(job);
    co_return run && run->is_final() ? runs::RunState::Final : runs::RunState::GoingOn;
}

asio::awaitable<std::string> RunDocumentFeature::text_of_log_part(RunDocument document,
                                                                  std::stop_token stop) {
    const auto session = services_.session();
    const auto state = co_await state_of(session, document.owner, stop);
    runs::RunLog log(session->access, services_.clock, document.owner);
    runs::FoundLine found{.number = document.line, .offset = document.offset};
    auto part = co_await runs::read_part(
        log, std::move(document.path), std::move(found), state, std::move(stop));
    co_return std::move(part.text);
}

asio::awaitable<std::string> RunDocumentFeature::text_of_found_lines(RunDocument document,
                                                                     std::stop_token stop) {
    const auto session = services_.session();
    const auto state = co_await state_of(session, document.owner, stop);
    runs::RunLog log(session->access, services_.clock, document.owner);
    auto files = co_await log.files(state, stop);
    const auto paths = runs::logs_meant(document.path, std::move(files));
    std::string text;
    for (const auto& path : paths) {
        runs::OnSearched add = [&text, &path](const runs::SearchedPart& part) {
            for (const auto& line : part.lines)
                text += fmt::format("{}:{}: {}\n", path, line.number, line.text);
            return text.size() < longest_found;
        };
        auto pattern = runs::LinePattern::typed(document.text);
        co_await runs::search_log(
            log, services_.pool, path, std::move(pattern), state, std::move(add), stop);
        if (text.size() < longest_found) continue;
        text +=
            localize("… There are more lines. 'aml logs JOB --search TEXT' prints all of them.");
        break;
    }
    co_return text;
}

}  // namespace aml::features
