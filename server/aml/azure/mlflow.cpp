#include "azure/mlflow.hpp"

#include "azure/json_fields.hpp"
#include "azure/metrics.hpp"
#include "azure/page_reader.hpp"
#include "support/localize.hpp"

#include <utility>

namespace aml::azure {
namespace {

using nlohmann::json;

constexpr std::string_view mlflow_service = "mlflow/v2.0";
constexpr const char* newest_first = "attributes.start_time DESC";

LoggedRun logged_run(const json& item) {
    LoggedRun run;
    run.run_id = text(member(item, {"info"}), "run_id");
    const auto& data = member(item, {"data"});
    for (const auto& metric : member(data, {"metrics"})) {
        const auto value = read_metric_value(member(metric, {"value"}));
        if (const auto* number = std::get_if<double>(&value))
            run.metrics[text(metric, "key")] = *number;
    }
    for (const auto& parameter : member(data, {"params"}))
        run.parameters[text(parameter, "key")] = text(parameter, "value");
    for (const auto& tag : member(data, {"tags"})) run.tags[text(tag, "key")] = text(tag, "value");
    return run;
}

asio::awaitable<Page<LoggedRun>> search_page(
    Client& client, http::Request request, json body, PageTrail trail, std::stop_token stop) {
    auto current = request;
    set_json(current, body);
    const auto answer = co_await client.send(std::move(current), std::move(stop));
    Page<LoggedRun> page;
    for (const auto& item : member(answer.body, {"runs"})) page.items.push_back(logged_run(item));
    const auto token = text(answer.body, "next_page_token");
    if (!token.empty()) {
        trail.go_on(request.operation, token);
        page.fetch = [&client, request, body, token, trail](std::stop_token next_stop) {
            auto next_body = body;
            next_body["page_token"] = token;
            return search_page(client, request, std::move(next_body), trail, std::move(next_stop));
        };
    }
    co_return page;
}

}  // namespace

asio::awaitable<Page<LoggedRun>> mlflow::search_runs(Client& client,
                                                     DataPlane plane,
                                                     std::vector<std::string> experiment_ids,
                                                     int page_size,
                                                     std::stop_token stop) {
    auto request = client.data(http::Method::Post,
                               localize("read what the runs have logged"),
                               plane,
                               mlflow_service,
                               "/api/2.0/mlflow/runs/search");
    // It only reads.
    request.repeat = http::Repeat::Safe;
    json body = {{"experiment_ids", experiment_ids},
                 {"run_view_type", "ACTIVE_ONLY"},
                 {"max_results", page_size},
                 {"order_by", {newest_first}}};
    return search_page(client, std::move(request), std::move(body), PageTrail(), std::move(stop));
}

}  // namespace aml::azure
