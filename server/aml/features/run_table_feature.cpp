#include "features/run_table_feature.hpp"

#include "features/azure_session.hpp"
#include "features/convert_run_table.hpp"
#include "features/run_id.hpp"
#include "support/error.hpp"
#include "support/text.hpp"
#include "tree/tree_node.hpp"
#include "views/run_filter_text.hpp"
#include "views/run_order.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace aml::features {
namespace {

constexpr std::size_t most_table_rows = 1'000;

/// By which a run is starred.
std::string star_key(const azure::ResourceId& job) {
    return lower(job.to_string());
}

/// Names of the runs of a workspace that are starred.
std::set<std::string> starred_runs(const state::Entries& stars,
                                   const azure::ResourceId& workspace) {
    const auto prefix = lower(workspace.to_string()) + "/jobs/";
    std::set<std::string> names;
    for (const auto& [key, starred] : stars) {
        if (key.starts_with(prefix)) names.insert(starred.get<std::string>());
    }
    return names;
}

/// Names of runs by their ids; what is no id names none.
std::vector<std::string> names_of(const std::vector<std::string>& ids) {
    std::vector<std::string> names;
    for (const auto& text : ids) {
        if (const auto id = azure::ResourceId::parse(text)) names.push_back(id->name());
    }
    return names;
}

}  // namespace

RunTableFeature::RunTableFeature(Services& services)
    : services_(services) {
    services_.on_session([this](AzureSession&) { open_.clear(); });
}

void RunTableFeature::bind(rpc::Router& router) {
    router.request<protocol::RunsQuery>(this, &RunTableFeature::query);
    router.request<protocol::RunsStar>(this, &RunTableFeature::star);
}

std::shared_ptr<views::RunTableReader> RunTableFeature::open(const std::string& id) {
    const auto address = tree::parse_address(id);
    const auto kind = address ? address->kind : std::string_view();
    const bool is_experiment = kind == tree::row_kind::experiment;
    const bool is_all = kind == tree::row_kind::workspace || kind == tree::row_kind::experiments;
    if (!is_experiment && !is_all) {
        throw Error(ErrorKind::InvalidParams,
                    "/params/id: expected the row of a workspace or an experiment");
    }
    const auto experiment = is_experiment ? address->name : std::string();
    const auto session = services_.session_of(id);
    const auto is_meant = [&](const std::shared_ptr<views::RunTableReader>& known) {
        return known->owner() == session && known->workspace() == address->workspace &&
               known->experiment() == experiment;
    };
    return open_.use(is_meant, [&] {
        return std::make_shared<views::RunTableReader>(session,
                                                       session->access,
                                                       session->watcher,
                                                       services_.clock,
                                                       services_.tasks,
                                                       address->workspace,
                                                       experiment);
    });
}

asio::awaitable<protocol::RunsQueryResult> RunTableFeature::query(protocol::RunsQueryParams params,
                                                                  rpc::RequestContext& context) {
    if (params.count > most_table_rows)
        throw Error(ErrorKind::InvalidParams, "/params/count: expected at most 1000");
    const auto reader = open(params.id);
    const auto stars = co_await services_.state().recall(workspace::StateFile::Stars);
    reader->set_starred(starred_runs(stars, reader->workspace()));
    co_await reader->wait_for_change(params.revision, context.stop());
    const auto& table = reader->table();
    protocol::RunsQueryResult result;
    result.title = reader->experiment().empty() ? reader->workspace().name() : reader->experiment();
    result.revision = reader->revision();
    result.total = table.size();
    result.complete = reader->complete();
    if (!reader->problem().empty()) result.problem = reader->problem();
    std::vector<std::size_t> rows;
    try {
        const auto conditions = views::parse_filter(params.filter.value_or(std::string()));
        rows = views::matching_rows(table, conditions);
    } catch (const Error& error) {
        result.filterProblem = error.message();
        rows = views::matching_rows(table, {});
    }
    result.matching = rows.size();
    // Which columns vary is known once all runs are.
    result.columnsRevision = table.columns_revision() + (reader->complete() ? 1 : 0);
    if (params.columnsRevision != result.columnsRevision) result.columns = wire_columns(table);
    auto sorted = views::sorted_rows(table, std::move(rows), sort_keys(params));
    if (params.pinned)
        sorted = views::pinned_first(table, std::move(sorted), names_of(*params.pinned));
    const auto begin = std::min<std::size_t>(params.offset, sorted.size());
    const auto end = begin + std::min<std::size_t>(params.count, sorted.size() - begin);
    const std::vector<std::size_t> shown(sorted.begin() + static_cast<std::ptrdiff_t>(begin),
                                         sorted.begin() + static_cast<std::ptrdiff_t>(end));
    result.rows = wire_rows(table, shown, params);
    co_return result;
}

asio::awaitable<void> RunTableFeature::star(protocol::RunsStarParams params, rpc::RequestContext&) {
    const auto job = job_of(params.id);
    auto change =
        [key = star_key(job), name = job.name(), starred = params.starred](state::Entries& stars) {
            if (starred) {
                stars[key] = name;
            } else {
                stars.erase(key);
            }
        };
    co_await services_.state().update(workspace::StateFile::Stars, std::move(change));
}

}  // namespace aml::features
