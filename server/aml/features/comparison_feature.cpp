#include "features/comparison_feature.hpp"

#include "async/linked_stop.hpp"
#include "features/azure_session.hpp"
#include "features/run_id.hpp"
#include "features/uri.hpp"
#include "runs/run_comparison.hpp"
#include "runs/run_reader.hpp"
#include "runs/run_status.hpp"
#include "support/localize.hpp"

#include <algorithm>
#include <utility>

namespace aml::features {
namespace {

constexpr std::string_view compared_run_wanted = "the id of a run";
constexpr std::size_t most_runs = 200;
/// More than anybody reads; the editor opens them all.
constexpr std::size_t most_changes = 200;

constexpr std::string_view folder_choice = "folder:";
constexpr std::string_view other_folder = "folder:?";

ui::PickItem item_of(const runs::RunSnapshot& run) {
    ui::PickItem item{.id = run.job.to_string(), .label = run.title()};
    item.description = runs::status_text(run.status);
    item.detail = runs::time_text(run.created_at);
    const std::string_view icon = runs::look_of(run.status).icon;
    item.icon = icon.substr(0, icon.find('~'));
    return item;
}

void add_folders(std::vector<ui::PickItem>& items, const Services& services) {
    for (const auto& folder : services.folders) {
        ui::PickItem item{.id = std::string(folder_choice) + folder.string(),
                          .label = folder.filename().string()};
        item.description = folder.string();
        item.icon = "folder";
        items.push_back(std::move(item));
    }
    ui::PickItem other{.id = std::string(other_folder), .label = localize("A folder…")};
    other.icon = "folder-opened";
    items.push_back(std::move(other));
    items.push_back(ui::PickItem::separator(localize("Runs of the experiment")));
}

/// A name for a tab, which may not divide.
std::string tab_name(std::string name) {
    std::replace(name.begin(), name.end(), '/', '-');
    return name;
}

}  // namespace

ComparisonFeature::ComparisonFeature(Services& services,
                                     ProgressFeature& progress,
                                     UiFeature& ui,
                                     RunDocumentFeature& documents)
    : services_(services),
      progress_(progress),
      ui_(ui),
      documents_(documents) {}

void ComparisonFeature::bind(rpc::Router& router, CommandsFeature& commands) {
    router.request<protocol::RunsCompare>(this, &ComparisonFeature::compare);
    commands.add("azureml.runs.compare",
                 [this](CommandCall call) { return compare_runs(std::move(call)); });
    commands.add("azureml.run.compareCode",
                 [this](CommandCall call) { return compare_code(std::move(call)); });
}

asio::awaitable<protocol::RunsCompareResult> ComparisonFeature::compare(
    protocol::RunsCompareParams params, rpc::RequestContext& context) {
    auto left = job_of(params.left);
    auto right = job_of(params.right);
    co_return co_await differences(std::move(left), std::move(right), context.stop());
}

asio::awaitable<protocol::Json> ComparisonFeature::compare_runs(CommandCall call) {
    const auto left = job_of(call.text(compared_run_wanted));
    const auto other = co_await other_of(call, left, Folders::No);
    if (!other) co_return protocol::Json();
    const auto right = std::get<azure::ResourceId>(*other);
    const auto compared = co_await differences(left, right, call.stop());
    if (compared.differences.empty()) {
        services_.tell(protocol::MessageType::Info,
                       localize("Both runs were submitted alike and have the same metrics."));
        co_return protocol::Json();
    }
    RunDocument document{.kind = RunDocument::Kind::Difference, .owner = left};
    document.other = right;
    protocol::FileChange change{.path = "differences"};
    change.left = uri_of_document(document, tab_name(compared.left));
    document.owner = right;
    document.other = left;
    document.is_right = true;
    change.right = uri_of_document(document, tab_name(compared.right));
    protocol::ShowChangesParams changes;
    changes.title = localize("{} and {}", compared.left, compared.right);
    changes.files.push_back(std::move(change));
    co_await show(std::move(changes), call.stop());
    co_return protocol::Json();
}

asio::awaitable<protocol::Json> ComparisonFeature::compare_code(CommandCall call) {
    const auto job = job_of(call.text(compared_run_wanted));
    const auto other = co_await other_of(call, job, Folders::Offered);
    if (!other) co_return protocol::Json();
    if (const auto* folder = std::get_if<std::filesystem::path>(&*other)) {
        co_await compare_with_folder(job, *folder, call.stop());
        co_return protocol::Json();
    }
    auto title = co_await title_of(std::get<azure::ResourceId>(*other), call.stop());
    co_await show_changes(job, *other, std::move(title), call.stop());
    co_return protocol::Json();
}

asio::awaitable<void> ComparisonFeature::compare_with_folder(azure::ResourceId job,
                                                             std::filesystem::path folder,
                                                             std::stop_token stop) {
    auto name = folder.filename().string();
    Other other(std::move(folder));
    co_await show_changes(std::move(job), std::move(other), std::move(name), std::move(stop));
}

asio::awaitable<void> ComparisonFeature::show_changes(azure::ResourceId job,
                                                      Other other,
                                                      std::string title,
                                                      std::stop_token stop) {
    const auto own_title = co_await title_of(job, stop);
    auto found = co_await changes_to(job, other, stop);
    if (found.empty()) {
        services_.tell(protocol::MessageType::Info,
                       localize("The code of {} and {} is the same.", own_title, title));
        co_return;
    }
    if (found.size() > most_changes) {
        services_.tell(
            protocol::MessageType::Warning,
            localize("{} files differ; the first {} are shown.", found.size(), most_changes));
        found.resize(most_changes);
    }
    protocol::ShowChangesParams changes;
    changes.title = localize("Code of {} and {}", own_title, title);
    for (const auto& one : found) {
        const auto address = [&](const azure::ResourceId& run, const std::string& whose) {
            const RunDocument file{.kind = RunDocument::Kind::Code, .owner = run, .path = one.path};
            return uri_of_document(file, tab_name(whose) + "/" + one.path);
        };
        protocol::FileChange change{.path = one.path};
        if (one.change != runs::FileChange::Added) change.left = address(job, own_title);
        if (one.change != runs::FileChange::Removed) {
            const auto* run = std::get_if<azure::ResourceId>(&other);
            change.right = run != nullptr
                               ? address(*run, title)
                               : uri_of_path(std::get<std::filesystem::path>(other) / one.path);
        }
        changes.files.push_back(std::move(change));
    }
    co_await show(std::move(changes), std::move(stop));
}

asio::awaitable<std::vector<runs::CodeChange>> ComparisonFeature::changes_to(azure::ResourceId job,
                                                                             Other other,
                                                                             std::stop_token stop) {
    const auto session = services_.session_of(job);
    auto progress =
        progress_.begin(localize("Comparing the code"), ProgressFeature::Cancel::Offered);
    const async::LinkedStop either(stop, progress.stop_token());
    auto* connection = co_await session->access.connect(either.token());
    auto before = co_await documents_.code_of(std::move(job), either.token());
    if (const auto* folder = std::get_if<std::filesystem::path>(&other)) {
        co_return co_await runs::compare_with_folder(
            connection->client, services_.pool, std::move(before), *folder, either.token());
    }
    auto after = co_await documents_.code_of(std::get<azure::ResourceId>(other), either.token());
    co_return co_await runs::compare_code(
        connection->client, std::move(before), std::move(after), either.token());
}

asio::awaitable<std::optional<ComparisonFeature::Other>> ComparisonFeature::other_of(
    CommandCall& call, azure::ResourceId job, Folders folders) {
    if (const auto given = call.optional_text(2)) {
        if (is_file_uri(*given)) co_return Other(path_of_uri(*given));
        co_return Other(job_of(*given));
    }
    const auto session = services_.session_of(job);
    co_await session->follow(job, call.stop());
    const auto run = session->watcher.find(job);
    auto experiment = run ? run->experiment : std::string();
    auto* connection = co_await session->access.connect(call.stop());
    const auto listed = co_await runs::list_runs_of(
        connection->client, job.workspace(), std::move(experiment), most_runs, call.stop());
    ui::PickQuestion question{.title = folders == Folders::Offered ? localize("Compare code with")
                                                                   : localize("Compare with")};
    question.placeholder = localize("Run to compare with");
    if (folders == Folders::Offered) add_folders(question.items, services_);
    for (const auto& one : listed) {
        if (one.job != job) question.items.push_back(item_of(one));
    }
    const auto answer = co_await ui_.pick(std::move(question), call.stop());
    const auto* picked = std::get_if<ui::Picked>(&answer);
    if (picked == nullptr || picked->ids.empty()) co_return std::nullopt;
    const auto& chosen = picked->ids.front();
    if (chosen == other_folder) {
        auto folder = co_await pick_folder(call.stop());
        co_return folder ? std::optional<Other>(std::move(*folder)) : std::nullopt;
    }
    if (chosen.starts_with(folder_choice))
        co_return Other(std::filesystem::path(chosen.substr(folder_choice.size())));
    co_return Other(job_of(chosen));
}

asio::awaitable<std::optional<std::filesystem::path>> ComparisonFeature::pick_folder(
    std::stop_token stop) {
    protocol::PickFolderParams question{.title = localize("Compare code with"),
                                        .openLabel = localize("Compare")};
    const auto chosen = co_await services_.client.request<protocol::UiPickFolder>(
        std::move(question), std::move(stop));
    if (!chosen.uri) co_return std::nullopt;
    co_return path_of_uri(*chosen.uri);
}

asio::awaitable<std::string> ComparisonFeature::title_of(azure::ResourceId job,
                                                         std::stop_token stop) {
    const auto session = services_.session_of(job);
    co_await session->follow(job, std::move(stop));
    const auto run = session->watcher.find(job);
    co_return run ? run->title() : job.name();
}

asio::awaitable<protocol::RunsCompareResult> ComparisonFeature::differences(azure::ResourceId left,
                                                                            azure::ResourceId right,
                                                                            std::stop_token stop) {
    const auto session = services_.session_of(left);
    protocol::RunsCompareResult result;
    auto left_title = co_await title_of(left, stop);
    result.left = std::move(left_title);
    const auto before = co_await runs::read_to_compare(session->access, left, stop);
    auto right_title = co_await title_of(right, stop);
    result.right = std::move(right_title);
    const auto after = co_await runs::read_to_compare(session->access, right, std::move(stop));
    auto found = runs::differences(before, after);
    for (auto& [key, one, other] : found)
        result.differences.push_back({std::move(key), std::move(one), std::move(other)});
    co_return result;
}

asio::awaitable<void> ComparisonFeature::show(protocol::ShowChangesParams changes,
                                              std::stop_token stop) {
    co_await services_.client.request<protocol::UiShowChanges>(std::move(changes), std::move(stop));
}

}  // namespace aml::features
