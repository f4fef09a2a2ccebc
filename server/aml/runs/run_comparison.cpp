#include "runs/run_comparison.hpp"

#include "azure/jobs.hpp"
#include "runs/run_metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

namespace aml::runs {

namespace {

using nlohmann::json;

using Facts = std::map<std::string, std::string>;

/// Written by the service about its own doings.
bool is_of_service(std::string_view key) {
    constexpr std::array<std::string_view, 5> names{"services",
                                                    "provisioningState",
                                                    "properties.ContentSnapshotId",
                                                    "properties._az",
                                                    "properties.azureml."};
    return std::ranges::any_of(names,
                               [key](std::string_view name) { return key.starts_with(name); });
}

std::string with_placeholder(std::string text, const std::string& name) {
    constexpr std::string_view placeholder = "{name}";
    if (name.empty()) return text;
    for (auto at = text.find(name); at != std::string::npos;
         at = text.find(name, at + placeholder.size()))
        text.replace(at, name.size(), placeholder);
    return text;
}

/// "name:version" of a version of an asset, the name of any other resource, any other text as it
/// is.
std::string readable(const std::string& text) {
    const auto id = text.starts_with('/') ? azure::ResourceId::parse(text) : std::nullopt;
    if (!id) return text;
    constexpr std::string_view versions = "/versions/";
    const auto at = text.rfind(versions);
    if (at == std::string::npos) return id->name();
    const auto asset = text.substr(0, at);
    return fmt::format(
        "{}:{}", asset.substr(asset.rfind('/') + 1), text.substr(at + versions.size()));
}

void collect_facts(const json& value,
                   const std::string& key,
                   const std::string& name,
                   Facts& facts) {
    if (value.is_null() || is_of_service(key)) return;
    if (value.is_object()) {
        for (const auto& [member, inner] : value.items())
            collect_facts(inner, key.empty() ? member : key + "." + member, name, facts);
        return;
    }
    auto text = value.is_string() ? readable(value.get<std::string>()) : value.dump();
    // The service names the places of outputs after the run.
    if (key.starts_with("outputs.")) text = with_placeholder(std::move(text), name);
    facts[key] = std::move(text);
}

Facts metric_facts(const ComparedRun& run) {
    Facts facts;
    for (const auto& metric : run.metrics) facts["metrics." + metric.name] = metric.value;
    return facts;
}

void add_differences(const Facts& left, const Facts& right, std::vector<Difference>& found) {
    auto keys = left;
    keys.insert(right.begin(), right.end());
    for (const auto& [key, either] : keys) {
        const auto a = left.find(key);
        const auto b = right.find(key);
        Difference difference{.key = key,
                              .left = a == left.end() ? std::string() : a->second,
                              .right = b == right.end() ? std::string() : b->second};
        if (difference.left != difference.right) found.push_back(std::move(difference));
    }
}

}  // namespace

std::vector<Difference> differences(const ComparedRun& left, const ComparedRun& right) {
    Facts a;
    Facts b;
    collect_facts(left.job, "", left.name, a);
    collect_facts(right.job, "", right.name, b);
    std::vector<Difference> found;
    add_differences(a, b, found);
    add_differences(metric_facts(left), metric_facts(right), found);
    return found;
}

asio::awaitable<ComparedRun> read_to_compare(workspace::AzureAccess& access,
                                             azure::ResourceId job,
                                             std::stop_token stop) {
    auto* connection = co_await access.connect(stop);
    ComparedRun run{.name = job.name()};
    auto known =
        co_await azure::jobs::properties(connection->client, job.workspace(), job.name(), stop);
    run.job = std::move(known).value_or(nlohmann::json::object());
    auto metrics = co_await last_metrics(access, std::move(job), std::move(stop));
    run.metrics = std::move(metrics);
    co_return run;
}

}  // namespace aml::runs
