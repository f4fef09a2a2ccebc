#include "features/plan_feature.hpp"

#include "async/run_blocking.hpp"
#include "features/azure_session.hpp"
#include "features/file_question.hpp"
#include "features/run_document.hpp"
#include "features/uri.hpp"
#include "features/workspace_names.hpp"
#include "runconfig/run_configuration.hpp"
#include "submit/run_plan.hpp"
#include "submit/sent_files.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <utility>

namespace aml::features {
namespace {

/// Pauses in typing that are long enough for a plan.
constexpr std::chrono::milliseconds plan_pause{1000};
/// Nodes come and go, files are written.
constexpr std::chrono::minutes plan_lifetime{1};
constexpr std::size_t most_plans = 20;
/// Rows of the list to leave out from.
constexpr std::size_t most_candidates = 200;

/// A folder or file that can be left out, by its path below the folder that is sent.
struct Candidate {
    std::string path;
    std::string description;
    std::uint64_t bytes = 0;
    bool is_finding = false;
};

std::string amount_of(std::uint64_t files, std::uint64_t bytes) {
    const auto size = human_size(bytes);
    return files == 1 ? localize("1 file, {}", size) : localize("{} files, {}", files, size);
}

/// What is worth leaving out: what should be checked, then folders and files, the largest first.
std::vector<Candidate> candidates_of(const submit::SentFolder& folder) {
    std::vector<Candidate> all;
    std::set<std::string> named;
    for (const auto& found : folder.findings) {
        if (!named.insert(found.finding.path).second) continue;
        all.push_back({found.finding.path, found.description(), found.finding.bytes, true});
    }
    std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> folders;
    std::vector<Candidate> rest;
    for (const auto& file : folder.listing->files) {
        const auto slash = file.path.find('/');
        if (slash != std::string::npos) {
            auto& [files, bytes] = folders[file.path.substr(0, slash + 1)];
            ++files;
            bytes += file.stamp.size;
        }
        rest.push_back({file.path, human_size(file.stamp.size), file.stamp.size});
    }
    for (const auto& [path, amount] : folders)
        rest.push_back({path, amount_of(amount.first, amount.second), amount.second});
    const auto shown = std::min(rest.size(), most_candidates);
    std::partial_sort(rest.begin(),
                      rest.begin() + static_cast<std::ptrdiff_t>(shown),
                      rest.end(),
                      [](const Candidate& left, const Candidate& right) {
                          return left.bytes != right.bytes ? left.bytes > right.bytes
                                                           : left.path < right.path;
                      });
    rest.resize(shown);
    for (auto& candidate : rest) {
        if (!named.contains(candidate.path)) all.push_back(std::move(candidate));
    }
    return all;
}

void write_ignore_lines(const std::filesystem::path& file, const std::vector<std::string>& paths) {
    for (const auto& path : paths) submit::add_ignore_line(file, submit::ignore_line(path));
}

}  // namespace

PlanFeature::PlanFeature(Services& services,
                         UiFeature& ui,
                         DocumentsFeature& documents,
                         RunDocumentFeature& run_documents)
    : services_(services),
      ui_(ui),
      documents_(documents),
      run_documents_(run_documents) {
    services_.on_session([this](AzureSession&) { plans_.clear(); });
    documents_.on_plan([this](const std::filesystem::path& file, const std::string& text) {
        return line_of(file, text);
    });
    run_documents_.on_sent([this](std::filesystem::path file, std::stop_token stop) {
        return sent_text(std::move(file), std::move(stop));
    });
}

void PlanFeature::bind(CommandsFeature& commands) {
    commands.add("azureml.showSent",
                 [this](CommandCall call) { return show_sent(std::move(call)); });
    commands.add("azureml.leaveOut",
                 [this](CommandCall call) { return leave_out(std::move(call)); });
}

std::optional<std::string> PlanFeature::line_of(const std::filesystem::path& file,
                                                const std::string& text) {
    // Without being asked again, the editor would not hear of the plan.
    const auto& workspace = services_.capabilities.workspace;
    const bool refreshes =
        workspace && workspace->codeLens && workspace->codeLens->refreshSupport.value_or(false);
    if (!refreshes || !is_signed_in(*services_.session())) return std::nullopt;
    if (plans_.size() > most_plans && !plans_.contains(file)) plans_.clear();
    auto& plan = plans_[file];
    const bool is_current =
        plan.text == text && services_.clock.now() < plan.made_at + plan_lifetime;
    if (!is_current && !plan.under_way) {
        plan.under_way = true;
        services_.tasks.spawn(make_plan(file, text));
    }
    return plan.line.empty() ? std::nullopt : std::optional(plan.line);
}

asio::awaitable<void> PlanFeature::make_plan(std::filesystem::path file, std::string text) {
    co_await services_.clock.sleep_for(plan_pause, services_.tasks.stop_token());
    if (auto newer = documents_.text_of(file)) text = std::move(*newer);
    std::string line;
    try {
        auto planned = co_await planned_line(file, text);
        line = std::move(planned);
    } catch (const Error& error) {
        if (services_.tasks.stop_token().stop_requested()) throw;
        services_.log.info("what a run would take could not be found out: {}", error.message());
    }
    auto& plan = plans_[file];
    const bool is_news = plan.line != line;
    plan = {std::move(text), std::move(line), services_.clock.now(), false};
    if (is_news) services_.refresh_lenses();
}

asio::awaitable<std::string> PlanFeature::planned_line(std::filesystem::path file,
                                                       std::string text) {
    const auto stop = services_.tasks.stop_token();
    const auto workspace = co_await bound_workspace(services_, file);
    if (!workspace) co_return std::string();
    submit::SubmitRequest request;
    request.workspace = *workspace;
    auto look = [text = std::move(text), file]() mutable {
        return runconfig::check(std::move(text), std::move(file));
    };
    auto configuration = co_await async::run_blocking(services_.pool, std::move(look));
    request.configuration = std::move(configuration);
    const auto session = services_.session();
    const submit::PlanTools tools{
        session->catalog, services_.state(), services_.random, services_.clock};
    const auto plan = co_await submit::plan_run(tools, std::move(request), stop);
    auto line = submit::plan_line(plan);
    if (!plan.problems.empty()) line = "⚠ " + plan.problems.front() + " · " + line;
    co_return line;
}

asio::awaitable<protocol::Json> PlanFeature::show_sent(CommandCall call) {
    const auto uri = co_await file_of(call, FileKind::RunConfiguration, services_, ui_);
    if (!uri) co_return protocol::Json();
    auto file = path_of_uri(*uri);
    // What cannot be listed is said now rather than in a document.
    co_await sent_by(file, call.stop());
    co_await show_document(std::move(file), call.stop());
    co_return protocol::Json(*uri);
}

asio::awaitable<void> PlanFeature::show_document(std::filesystem::path file, std::stop_token stop) {
    RunDocument document{.kind = RunDocument::Kind::Sent};
    document.path = uri_of_path(file);
    document.number = ++shown_;
    const std::string name = localize("What is sent by {}", file.filename().string());
    co_await ui_.show_file(uri_of_document(document, name + ".txt"), std::move(stop));
}

asio::awaitable<std::vector<submit::SentFolder>> PlanFeature::sent_by(std::filesystem::path file,
                                                                      std::stop_token stop) {
    auto text = documents_.text_of(file);
    auto look = [text = std::move(text), file = std::move(file)]() mutable {
        if (text) return runconfig::check(std::move(*text), std::move(file));
        return runconfig::load(std::move(file));
    };
    auto configuration = co_await async::run_blocking(services_.pool, std::move(look));
    co_return co_await submit::look_at_uploads(
        services_.state(), std::move(configuration), std::move(stop));
}

asio::awaitable<std::string> PlanFeature::sent_text(std::filesystem::path file,
                                                    std::stop_token stop) {
    auto folders = co_await sent_by(std::move(file), std::move(stop));
    auto writing = [folders = std::move(folders)] { return submit::sent_text(folders); };
    co_return co_await async::run_blocking(services_.pool, std::move(writing));
}

asio::awaitable<protocol::Json> PlanFeature::leave_out(CommandCall call) {
    const auto document = document_of_uri(call.text("the URI of what is sent"));
    if (document.kind != RunDocument::Kind::Sent)
        throw Error(ErrorKind::InvalidParams, "/params/arguments/0: expected what is sent");
    auto file = path_of_uri(document.path);
    const auto folders = co_await sent_by(file, call.stop());
    ui::PickQuestion question{.title = localize("What shall be left out from now on?")};
    question.can_pick_many = true;
    std::vector<std::vector<Candidate>> candidates;
    for (std::size_t i = 0; i < folders.size(); ++i) {
        // A single file of data has no ignore file.
        const bool is_folder = !folders[i].listing->ignore_file.empty();
        candidates.push_back(is_folder ? candidates_of(folders[i]) : std::vector<Candidate>());
        if (folders.size() > 1 && !candidates.back().empty())
            question.items.push_back(ui::PickItem::separator(folders[i].path.string()));
        for (std::size_t k = 0; k < candidates[i].size(); ++k) {
            ui::PickItem row{.id = fmt::format("{}/{}", i, k), .label = candidates[i][k].path};
            row.description = candidates[i][k].description;
            row.icon = candidates[i][k].is_finding ? "warning"
                       : row.label.ends_with('/')  ? "folder"
                                                   : "file";
            question.items.push_back(std::move(row));
        }
    }
    const auto answer = co_await ui_.pick(std::move(question), call.stop());
    const auto* picked = std::get_if<ui::Picked>(&answer);
    if (picked == nullptr || picked->ids.empty()) co_return protocol::Json();
    std::map<std::filesystem::path, std::vector<std::string>> lines;
    for (const auto& id : picked->ids) {
        const auto slash = id.find('/');
        const auto i = static_cast<std::size_t>(std::stoul(id));
        const auto k = static_cast<std::size_t>(std::stoul(id.substr(slash + 1)));
        const auto& listing = *folders.at(i).listing;
        lines[listing.root / listing.ignore_file].push_back(candidates.at(i).at(k).path);
    }
    for (const auto& [ignore_file, paths] : lines) {
        auto writing = [ignore_file, paths] { write_ignore_lines(ignore_file, paths); };
        co_await async::run_blocking(services_.pool, std::move(writing));
    }
    plans_.clear();
    services_.refresh_lenses();
    co_await show_document(std::move(file), call.stop());
    co_return protocol::Json(picked->ids.size());
}

}  // namespace aml::features
