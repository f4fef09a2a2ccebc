#include "azure/run_history.hpp"

#include "async/task_group.hpp"
#include "azure/page_reader.hpp"
#include "azure/run_json.hpp"
#include "support/localize.hpp"

#include <algorithm>
#include <utility>

namespace aml::azure {
namespace {

using nlohmann::json;

constexpr std::string_view history_service = "history/v1.0";

std::string experiment_path(const std::string& name) {
    return "/experiments/" + http::percent_encode(name);
}

std::string run_path(const std::string& run_id) {
    return "/runs/" + http::percent_encode(run_id);
}

http::Request reading_post(const Client& client,
                           LocalizedText operation,
                           const DataPlane& plane,
                           std::string path) {
    auto request = client.data(
        http::Method::Post, std::move(operation), plane, history_service, std::move(path));
    request.repeat = http::Repeat::Safe;
    return request;
}

std::vector<std::string> batch_at(const std::vector<std::string>& run_ids, std::size_t index) {
    const auto start = index * run_history::batch_size;
    const auto end = std::min(start + run_history::batch_size, run_ids.size());
    return {run_ids.begin() + static_cast<std::ptrdiff_t>(start),
            run_ids.begin() + static_cast<std::ptrdiff_t>(end)};
}

asio::awaitable<void> read_batch(Client& client,
                                 DataPlane plane,
                                 std::vector<std::string> run_ids,
                                 const run_history::TakeRuns& take,
                                 std::stop_token stop) {
    auto request = reading_post(client, localize("read the runs"), plane, "/batchrundata");
    json requests = json::object();
    for (const auto& id : run_ids) requests[id] = {{"runId", id}, {"selectRunMetadata", true}};
    json body = json::object();
    body["requests"] = std::move(requests);
    set_json(request, body);
    const auto answer = co_await client.send(std::move(request), std::move(stop));
    // By the key each request was given; runs that were not found are among `failedResults`.
    std::vector<Run> found;
    for (const auto& item : member(answer.body, {"successfulResults"})) {
        const auto& metadata = member(item, {"runMetadata"});
        if (metadata.is_object()) found.push_back(run_from_json(metadata));
    }
    take(run_ids, found);
}

}  // namespace

asio::awaitable<Page<Experiment>> run_history::query_experiments(Client& client,
                                                                 DataPlane plane,
                                                                 std::stop_token stop) {
    auto request =
        reading_post(client, localize("list the experiments"), plane, "/experiments:query");
    json body = {{"viewType", "ActiveOnly"}, {"top", 100}};
    return data_page<Experiment>(
        client, std::move(request), std::move(body), experiment_from_json, std::move(stop));
}

asio::awaitable<std::optional<json>> run_history::find_experiment_document(Client& client,
                                                                           DataPlane plane,
                                                                           std::string name,
                                                                           std::stop_token stop) {
    auto request = client.data(http::Method::Get,
                               localize("read the experiment"),
                               plane,
                               history_service,
                               experiment_path(name));
    auto answer = co_await client.find(std::move(request), std::move(stop));
    if (!answer) co_return std::nullopt;
    co_return std::move(answer->body);
}

asio::awaitable<Page<Run>> run_history::query_runs(
    Client& client, DataPlane plane, std::string experiment, RunQuery query, std::stop_token stop) {
    auto request = reading_post(
        client, localize("list the runs"), plane, experiment_path(experiment) + "/runs:query");
    json body = {{"top", query.top}};
    if (!query.order_by.empty()) body["orderBy"] = query.order_by;
    if (!query.filter.empty()) body["filter"] = query.filter;
    return data_page<Run>(
        client, std::move(request), std::move(body), run_from_json, std::move(stop));
}

asio::awaitable<void> run_history::batch_run_data(Client& client,
                                                  DataPlane plane,
                                                  std::vector<std::string> run_ids,
                                                  TakeRuns take,
                                                  std::stop_token stop) {
    constexpr std::size_t most_calls = 4;
    const auto count = (run_ids.size() + batch_size - 1) / batch_size;
    std::function<asio::awaitable<void>(std::size_t, std::stop_token)> step =
        [&](std::size_t index, std::stop_token token) {
            return read_batch(client, plane, batch_at(run_ids, index), take, std::move(token));
        };
    co_await async::for_each_parallel(count, most_calls, std::move(step), std::move(stop));
}

asio::awaitable<std::optional<json>> run_history::find_run_document(Client& client,
                                                                    DataPlane plane,
                                                                    std::string run_id,
                                                                    std::stop_token stop) {
    auto request = client.data(
        http::Method::Get, localize("read the run"), plane, history_service, run_path(run_id));
    auto answer = co_await client.find(std::move(request), std::move(stop));
    if (!answer) co_return std::nullopt;
    co_return std::move(answer->body);
}

asio::awaitable<std::optional<Run>> run_history::find_run(Client& client,
                                                          DataPlane plane,
                                                          std::string run_id,
                                                          std::stop_token stop) {
    const auto document =
        co_await find_run_document(client, std::move(plane), std::move(run_id), std::move(stop));
    if (!document) co_return std::nullopt;
    co_return run_from_json(*document);
}

asio::awaitable<RunDetails> run_history::details(Client& client,
                                                 DataPlane plane,
                                                 std::string run_id,
                                                 std::stop_token stop) {
    auto request = client.data(http::Method::Get,
                               localize("read the run"),
                               plane,
                               history_service,
                               run_path(run_id) + "/details");
    const auto answer = co_await client.send(std::move(request), std::move(stop));
    RunDetails details;
    details.run = run_from_json(answer.body);
    // std::map orders by path; secrets stay wrapped.
    for (auto& [path, url] : text_map(answer.body, "logFiles"))
        details.log_files.emplace_back(path, Secret(url));
    co_return details;
}

}  // namespace aml::azure
