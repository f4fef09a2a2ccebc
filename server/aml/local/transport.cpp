#include "local/transport.hpp"

#include "async/run_blocking.hpp"
#include "azure/json_fields.hpp"
#include "http/url.hpp"
#include "local/answers.hpp"
#include "local/known_places.hpp"
#include "local/this_computer.hpp"
#include "platform/file.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace aml::local {
namespace {

namespace fs = std::filesystem;
using http::Method;
using nlohmann::json;
using Places = std::vector<fs::path>;

constexpr int ok = 200;
constexpr int partial = 206;
constexpr int not_found = 404;
constexpr int not_here = 405;
constexpr int out_of_range = 416;
constexpr std::string_view content_path = "/content/";

http::Response json_response(const json& body, int status = ok) {
    http::Response response;
    response.status = status;
    response.body = body.dump(-1, ' ', false, json::error_handler_t::replace);
    return response;
}

http::Response refusal(int status, std::string code, std::string message) {
    return json_response({{"error", {{"code", std::move(code)}, {"message", std::move(message)}}}},
                         status);
}

http::Response no_run(std::string_view name) {
    return refusal(not_found, "NotFound", localize("There is no run {} on this computer.", name));
}

http::Response list_response(json items) {
    return json_response({{"value", std::move(items)}});
}

/// A request, taken apart.
struct Asked {
    Method method = Method::Get;
    /// "arm", or the data plane's service, such as "history".
    std::string service{};
    /// Behind the workspace, decoded, divided at '/'.
    std::vector<std::string> path{};
    http::Headers headers{};
    std::string query{};
    json body{};

    /// Whether the path has these parts, of which "*" is any.
    bool is(Method wanted, std::string_view of, const std::vector<std::string_view>& parts) const {
        if (method != wanted || service != of || path.size() != parts.size()) return false;
        for (std::size_t at = 0; at < parts.size(); ++at)
            if (parts[at] != "*" && parts[at] != path[at]) return false;
        return true;
    }
};

std::string query_value(const std::string& query, std::string_view name) {
    std::string_view rest = query;
    while (!rest.empty()) {
        const auto pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
        const auto equals = pair.find('=');
        if (pair.substr(0, equals) == name && equals != std::string_view::npos)
            return http::percent_decode(pair.substr(equals + 1));
    }
    return {};
}

std::vector<std::string> parts_of(std::string_view path) {
    std::vector<std::string> parts;
    while (!path.empty()) {
        const auto part = path.substr(0, path.find('/'));
        path.remove_prefix(std::min(part.size() + 1, path.size()));
        if (!part.empty()) parts.push_back(http::percent_decode(part));
    }
    return parts;
}

Asked taken_apart(const http::Request& request, const http::Url& url) {
    Asked asked{.method = request.method, .headers = request.headers, .query = url.query};
    const auto body = request.body.view();
    if (!body.empty()) asked.body = json::parse(body, nullptr, false);
    const auto workspace = this_computer().key();
    const auto at = lower(url.path).find(workspace);
    if (at == std::string::npos) return asked;
    // "/api/history/v1.0/subscriptions/…"; ARM's begin with the workspace.
    const auto before = parts_of(url.path.substr(0, at));
    asked.service = before.size() > 1 ? before[1] : "arm";
    asked.path = parts_of(url.path.substr(at + workspace.size()));
    return asked;
}

std::optional<RunFolder> find_run(const Places& places, std::string_view name) {
    for (const auto& folder : all_runs(places))
        if (same_name(folder.name(), name)) return folder;
    return std::nullopt;
}

std::string content_uri(const RunFolder& folder, const std::string& file) {
    return fmt::format("{}{}{}/{}?here",
                       origin,
                       content_path,
                       http::percent_encode(folder.name()),
                       http::percent_encode_path(file));
}

/// Tokens are for nobody: there is one person here.
json cloud_json() {
    return {{"name", "ThisComputer"},
            {"authentication", {{"loginEndpoint", origin}, {"audiences", {""}}}}};
}

json workspace_json() {
    const auto id = this_computer();
    return {{"id", id.to_string()},
            {"name", id.name()},
            {"properties", {{"discoveryUrl", fmt::format("{}/discovery", origin)}}}};
}

json experiments_json(const Places& places) {
    std::set<std::string> seen;
    json items = json::array();
    for (const auto& folder : all_runs(places)) {
        const auto record = record_of(folder);
        if (!record || !seen.insert(record->experiment).second) continue;
        items.push_back({{"experimentId", record->experiment},
                         {"name", record->experiment},
                         {"createdUtc", azure::format_time(record->created_at)}});
    }
    return items;
}

/// Runs here have no parts.
json runs_of(const Places& places, const std::string& experiment, const json& query) {
    json items = json::array();
    const auto filter = azure::text(query, "filter");
    const bool of_parts = filter.find("ParentRunId eq ") != std::string::npos &&
                          filter.find("ParentRunId eq null") == std::string::npos;
    if (of_parts) return items;
    for (const auto& folder : all_runs(places)) {
        const auto record = record_of(folder);
        if (record && record->experiment == experiment) items.push_back(history_json(folder));
    }
    if (azure::text(query, "orderBy") == "CreatedUtc asc") std::reverse(items.begin(), items.end());
    return items;
}

json batch_json(const Places& places, const json& body) {
    json found = json::object();
    const auto& requests = azure::member(body, {"requests"});
    for (const auto& [key, one] : requests.items()) {
        const auto folder = find_run(places, azure::text(one, "runId"));
        if (folder) found[key] = {{"runMetadata", history_json(*folder)}};
    }
    return {{"successfulResults", std::move(found)}, {"failedResults", json::object()}};
}

json details_json(const RunFolder& folder) {
    auto document = history_json(folder);
    document["logFiles"] = json::object();
    for (const auto& file : stored_files(folder)) {
        const bool is_log = file.starts_with("user_logs/") || file.starts_with("azureml-logs/");
        if (is_log) document["logFiles"][file] = content_uri(folder, file);
    }
    return document;
}

/// Of what begins with `prefix`; with addresses, if they are wanted.
json artifacts_json(const RunFolder& folder, const std::string& prefix, bool with_address) {
    json items = json::array();
    for (const auto& file : stored_files(folder)) {
        if (!file.starts_with(prefix)) continue;
        json item{{"path", file}};
        if (with_address) item["contentUri"] = content_uri(folder, file);
        items.push_back(std::move(item));
    }
    return items;
}

/// `bytes=FIRST-LAST`.
std::optional<std::pair<std::uint64_t, std::uint64_t>> range_of(const http::Headers& headers) {
    const auto text = headers.get("x-ms-range").value_or("");
    constexpr std::string_view unit = "bytes=";
    const auto dash = text.find('-');
    if (!text.starts_with(unit) || dash == std::string::npos) return std::nullopt;
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    std::from_chars(text.data() + unit.size(), text.data() + dash, first);
    std::from_chars(text.data() + dash + 1, text.data() + text.size(), last);
    return std::pair(first, last);
}

http::Response file_response(const Asked& asked, const fs::path& place) {
    const auto file = platform::File::open(place);
    const auto status = file.status();
    http::Response response;
    response.status = ok;
    response.headers.set("ETag", fmt::format("\"{}-{}\"", status.modified_ns, status.size));
    response.headers.set("Content-Length", fmt::format("{}", status.size));
    if (asked.method == Method::Head) return response;
    const auto range = range_of(asked.headers).value_or(std::pair(std::uint64_t{0}, status.size));
    const bool is_past = range.first >= status.size;
    if (is_past && range.first > 0) {
        response.status = out_of_range;
        response.headers.set("Content-Range", fmt::format("bytes */{}", status.size));
        return response;
    }
    const auto length = std::min(range.second - range.first + 1, status.size - range.first);
    response.body.resize(static_cast<std::size_t>(length));
    response.body.resize(file.read_at(range.first, response.body.data(), response.body.size()));
    response.status = partial;
    response.headers.set(
        "Content-Range",
        fmt::format(
            "bytes {}-{}/{}", range.first, range.first + response.body.size(), status.size));
    response.headers.set("Content-Length", fmt::format("{}", response.body.size()));
    return response;
}

http::Response content(const Asked& asked, const Places& places, std::string_view path) {
    const auto slash = std::min(path.find('/'), path.size());
    const auto folder = find_run(places, http::percent_decode(path.substr(0, slash)));
    if (!folder) return no_run(path.substr(0, slash));
    const auto name = http::percent_decode(path.substr(std::min(slash + 1, path.size())));
    const auto place = place_of_stored(*folder, name);
    std::error_code ignored;
    if (!place || !fs::is_regular_file(*place, ignored))
        return refusal(not_found, "BlobNotFound", localize("The run has no file {}.", name));
    return file_response(asked, *place);
}

std::optional<http::Response> answer_of_run(const Asked& asked, const RunFolder& folder) {
    using std::string_view;
    const auto since = azure::time(asked.body, "startTime");
    if (asked.is(Method::Get, "arm", {"jobs", "*"})) return json_response(job_json(folder));
    if (asked.is(Method::Post, "arm", {"jobs", "*", "cancel"})) {
        cancel(folder);
        return json_response(json::object());
    }
    if (asked.is(Method::Get, "history", {"runs", "*"})) return json_response(history_json(folder));
    if (asked.is(Method::Get, "history", {"runs", "*", "details"}))
        return json_response(details_json(folder));
    if (asked.is(Method::Post, "metric", {"runs", "*", "lastvalues"}))
        return json_response(last_metrics_json(folder));
    if (asked.is(Method::Post, "metric", {"runs", "*", "full"}))
        return json_response(metric_json(folder, azure::text(asked.body, "metricName"), since));
    const auto path = query_value(asked.query, "path");
    if (asked.is(Method::Get, "artifact", {"artifacts", "ExperimentRun", "*"}))
        return list_response(artifacts_json(folder, path, false));
    if (asked.is(
            Method::Get, "artifact", {"artifacts", "ExperimentRun", "*", "prefix", "contentinfo"}))
        return list_response(artifacts_json(folder, path, true));
    if (asked.is(Method::Get, "artifact", {"artifacts", "ExperimentRun", "*", "contentinfo"}))
        return json_response({{"path", path}, {"contentUri", content_uri(folder, path)}});
    return std::nullopt;
}

/// The name of the run that a request is about; "" for none.
std::string run_of(const Asked& asked) {
    constexpr std::string_view container = "dcid.";
    const auto& path = asked.path;
    if (path.size() >= 2 && (path[0] == "jobs" || path[0] == "runs")) return path[1];
    if (path.size() >= 3 && path[0] == "artifacts" && path[2].starts_with(container))
        return path[2].substr(container.size());
    return {};
}

std::optional<http::Response> answer_of_all(const Asked& asked, const Places& places) {
    if (asked.is(Method::Get, "arm", {})) return json_response(workspace_json());
    if (asked.is(Method::Get, "arm", {"jobs"})) {
        json items = json::array();
        for (const auto& folder : all_runs(places)) items.push_back(job_json(folder));
        return list_response(std::move(items));
    }
    if (asked.is(Method::Post, "history", {"batchrundata"}))
        return json_response(batch_json(places, asked.body));
    if (asked.is(Method::Post, "history", {"experiments:query"}))
        return list_response(experiments_json(places));
    if (asked.is(Method::Get, "history", {"experiments", "*"}))
        return json_response({{"experimentId", asked.path[1]}, {"name", asked.path[1]}});
    if (asked.is(Method::Post, "history", {"experiments", "*", "runs:query"}))
        return list_response(runs_of(places, asked.path[1], asked.body));
    if (asked.is(Method::Post, "mlflow", {"api", "2.0", "mlflow", "runs", "search"})) {
        json items = json::array();
        for (const auto& folder : all_runs(places)) items.push_back(logged_json(folder));
        return json_response({{"runs", std::move(items)}});
    }
    return std::nullopt;
}

http::Response answer(const http::Request& request, const Places& places) {
    const auto url = http::parse_url(request.url).value_or(http::Url());
    const auto asked = taken_apart(request, url);
    if (url.path == "/metadata/endpoints") return json_response(cloud_json());
    if (url.path == "/discovery") return json_response({{"api", fmt::format("{}/api", origin)}});
    if (url.path.starts_with(content_path))
        return content(asked, places, std::string_view(url.path).substr(content_path.size()));
    const auto name = run_of(asked);
    if (!name.empty()) {
        const auto folder = find_run(places, name);
        if (!folder) return no_run(name);
        if (auto of_run = answer_of_run(asked, *folder)) return std::move(*of_run);
    } else if (auto of_all = answer_of_all(asked, places)) {
        return std::move(*of_all);
    }
    return refusal(
        not_here, "NotOnThisComputer", localize("this is possible with runs in Azure only"));
}

http::Response safe_answer(const http::Request& request, const Places& places) {
    try {
        return answer(request, places);
    } catch (const fs::filesystem_error& error) {
        return refusal(not_found, "NotFound", error.what());
    }
}

}  // namespace

Transport::Transport(workspace::SavedState& state, Nearby nearby)
    : state_(state),
      nearby_(std::move(nearby)) {}

asio::awaitable<Places> Transport::places() {
    auto places = co_await known_places(state_);
    auto look = [nearby = nearby_(), places = std::move(places)]() mutable {
        for (const auto& folder : nearby)
            if (auto found = find_runs_folder(folder)) places.push_back(std::move(*found));
        return std::move(places);
    };
    auto all = co_await async::run_blocking(state_.pool(), std::move(look));
    co_return all;
}

asio::awaitable<http::Response> Transport::send(http::Request request, std::stop_token stop) {
    auto all = co_await places();
    if (stop.stop_requested()) throw cancelled();
    auto work = [request = std::move(request), all = std::move(all)] {
        return safe_answer(request, all);
    };
    auto response = co_await async::run_blocking(state_.pool(), std::move(work));
    co_return response;
}

}  // namespace aml::local
