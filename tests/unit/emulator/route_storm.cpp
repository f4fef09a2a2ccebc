#include "route_storm.hpp"

#include "core/text.hpp"
#include "support/log.hpp"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <filesystem>
#include <utility>

namespace aml::emulator::test {

namespace {

using Texts = std::vector<std::string>;

// What is asked for by name, and is there.
constexpr auto known_run = "known_run";
constexpr auto known_experiment = "known";

const Texts& odd_texts() {
    static const Texts texts{"",
                             "0",
                             "-1",
                             "1",
                             "7",
                             "18446744073709551616",
                             "9223372036854775807",
                             "-9223372036854775808",
                             "1e400",
                             "-1e400",
                             "0.5",
                             "NaN",
                             "Infinity",
                             "null",
                             "true",
                             "'",
                             "\"",
                             "%",
                             "%%%",
                             "a%00b",
                             "..",
                             "../../etc/passwd",
                             "a/b/../c",
                             "/",
                             "//",
                             ".",
                             " ",
                             "{name}",
                             "${{inputs.x}}",
                             "\xff\xfe\xc3",
                             "\xf0\x9f\x98\x80",
                             "\xe4\xb8\xad\xe6\x96\x87",
                             "2026-02-31T25:61:61Z",
                             "9999-12-31T23:59:59.9999999Z",
                             "0000-00-00T00:00:00Z",
                             "-P1D",
                             "PT99999999999999999999S",
                             "P1Y2M3DT4H5M6S",
                             "azureml://datastores/workspaceblobstore/paths/x",
                             "azureml://",
                             "azureml:x:1",
                             "azureml://registries/azureml/environments/x/versions/1",
                             "https://127.0.0.1/a/b?sig=x",
                             "/subscriptions/x",
                             "dcid.",
                             "dcid.known_run",
                             "ExperimentRun/dcid.known_run/outputs/a.txt",
                             "Status eq 'Running' and (Tags/x ne null or RunId eq a)",
                             "((((((((((((((((((((((((((((((a eq b",
                             "not a filter )",
                             "metrics.loss < 1 and params.x = '1'",
                             "tags.`a b` != \"x\"",
                             "CreatedUtc ge 2026-01-01T00:00:00Z",
                             "name eq 'x'",
                             "attributes.status = 'RUNNING'",
                             "loss desc, Status asc,,",
                             "MC4wLjAuMA",
                             "MTg0NDY3NDQwNzM3MDk1NTE2MTUuOTk5OTk5OTk5OTk5OTk5OTk5OS4xLjE",
                             "bytes=0-0",
                             "bytes=5-1",
                             "bytes=-5",
                             "bytes=99999999999999999999-",
                             "bytes=0-9223372036854775807",
                             "*",
                             "\"0x1\"",
                             "Basic eDp5",
                             "\r\n"};
    return texts;
}

// Sound bodies, by a piece of the pattern that they belong to.
const std::vector<std::pair<std::string, std::string>>& sound_bodies() {
    static const std::vector<std::pair<std::string, std::string>> bodies{
        {"/jobs/{",
         R"({"properties":{"jobType":"Command","command":"python a.py ${{inputs.x}}","environmentId":"azureml:e:1",
             "computeId":"cpu-cluster","experimentName":"known","displayName":"d","tags":{"a":"b"},"inputs":{"x":
             {"jobInputType":"uri_file","uri":"azureml://datastores/workspaceblobstore/paths/x","mode":"Download"}},
             "outputs":{"default":{"jobOutputType":"uri_folder"}},"resources":{"instanceCount":2},
             "limits":{"jobLimitsType":"Command","timeout":"PT1H"},"environmentVariables":{"A":"b"},
             "distribution":{"distributionType":"PyTorch","processCountPerInstance":1}}})"},
        {"/computes/{",
         R"({"location":"eastus","properties":{"computeType":"AmlCompute","properties":{"vmSize":"STANDARD_DS3_V2",
             "scaleSettings":{"minNodeCount":0,"maxNodeCount":4,"nodeIdleTimeBeforeScaleDown":"PT120S"}}}})"},
        {"/environments/{",
         R"({"properties":{"image":"ubuntu","condaFile":"dependencies:\n- python=3.11\n"}})"},
        {"/codes/{",
         R"({"properties":{"codeUri":"https://127.0.0.1:1/a/b","properties":{"hash_sha256":"x"}}})"},
        {"/data/{",
         R"({"properties":{"dataType":"uri_file","dataUri":"azureml://datastores/x/paths/y"}})"},
        {"/models/{",
         R"({"properties":{"modelUri":"azureml://jobs/x/outputs/y","flavors":{"python_function":{}}}})"},
        {"/datastores/{",
         R"({"properties":{"datastoreType":"AzureBlob","accountName":"a","containerName":"c",
             "credentials":{"credentialsType":"AccountKey","secrets":{"secretsType":"AccountKey","key":"eA=="}}}})"},
        {"listSecrets", R"({"expirableSecret":true,"expireAfterHours":2})"},
        {"Endpoints/{",
         R"({"location":"eastus","properties":{"authMode":"Key","traffic":{"blue":100}}})"},
        {"schedules",
         R"({"properties":{"trigger":{"triggerType":"Cron","expression":"* * * * *"}}})"},
        {"/workspaces/{",
         R"({"location":"eastus","sku":{"name":"Basic"},"properties":{"friendlyName":"w"}})"},
        {"runs:query",
         R"({"filter":"Status eq Running","orderBy":"CreatedUtc desc","top":2,"continuationToken":null})"},
        {"experiments:query", R"({"filter":"name eq 'known'","viewType":"ActiveOnly","top":3})"},
        {"batchrundata", R"({"requests":{"a":{"runId":"known_run","selectRunMetadata":true}}})"},
        {"rundata", R"({"runId":"known_run","selectRunDefinition":true})"},
        {"runIds", R"({"runIds":["known_run","other"]})"},
        {"batch/runs",
         R"({"runs":[{"runId":"child","parentRunId":"known_run","tags":{"a":"b"}}]})"},
        {"events",
         R"({"name":"Microsoft.MachineLearning.Run.Start","data":{"RunId":"known_run"},"events":[{"name":
             "Microsoft.MachineLearning.Run.Warning","data":{"RunId":"known_run","source":"s","message":"m"}}]})"},
        {"/batch",
         R"({"values":[{"name":"loss","columns":{"loss":"Double"},"properties":{"uxMetricType":"azureml.v1.scalar"},
             "value":[{"step":1,"createdUtc":"2026-01-01T00:00:00Z","data":{"loss":0.5}}]}]})"},
        {"/full", R"({"metricName":"loss","continuationToken":"1"})"},
        {"/sample", R"({"metricName":"loss"})"},
        {"batch/metadata", R"({"paths":[{"path":"outputs/a.txt"}]})"},
        {"register",
         R"({"origin":"ExperimentRun","container":"dcid.known_run","path":"outputs/a.txt"})"},
        {"batchGetResolvedUris",
         R"({"values":["azureml://x/data/azureml_known_run_output_data_default/versions/1"]})"},
        {"log-batch",
         R"({"run_id":"known_run","metrics":[{"key":"loss","value":0.5,"timestamp":"1717563256142","step":"1"}],
             "params":[{"key":"p","value":"v"}],"tags":[{"key":"t","value":"v"}]})"},
        {"log-metric",
         R"({"run_id":"known_run","key":"loss","value":"NaN","timestamp":1717563256142,"step":3})"},
        {"runs/search",
         R"({"experiment_ids":["0"],"filter":"metrics.loss < 1","order_by":["start_time DESC"]})"},
        {"runs/create",
         R"({"experiment_id":"0","start_time":"1717563256142","tags":[{"key":"a","value":"b"}]})"},
        {"runs/",
         R"({"run_id":"known_run","key":"k","value":"v","status":"FINISHED","end_time":"1717563256142"})"},
        {"mlflow/experiments",
         R"({"name":"known","experiment_id":"0","max_results":5,"order_by":["name ASC"]})"},
        {"oauth2",
         "grant_type=client_credentials&client_id=x&client_secret=y&scope=https://"
         "management.azure.com/.default"},
        {"devicelogin", "otc=ABC&action=approve"},
        {"applications",
         R"({"keyCredentials":[{"key":"eA==","usage":"Verify"}],"issuer":"i","subject":"s","publicKey":"k"})"}};
    return bodies;
}

const Texts& query_names() {
    static const Texts names{"$skip",
                             "$top",
                             "$filter",
                             "$orderby",
                             "$sortorder",
                             "$count",
                             "$continuationtoken",
                             "continuationToken",
                             "count",
                             "path",
                             "hash",
                             "name",
                             "names",
                             "version",
                             "searchText",
                             "isDefault",
                             "listViewType",
                             "jobType",
                             "tag",
                             "run_id",
                             "run_uuid",
                             "metric_key",
                             "max_results",
                             "page_token",
                             "experiment_id",
                             "experiment_name",
                             "restype",
                             "comp",
                             "prefix",
                             "marker",
                             "maxresults",
                             "delimiter",
                             "include",
                             "blockid",
                             "blocklisttype",
                             "append",
                             "index",
                             "resource",
                             "wsid",
                             "tid",
                             "underlyingResourceAction",
                             "forceToPurge"};
    return names;
}

}  // namespace

class RouteStorm::Sink final : public LogSink {
public:
    void write(LogLevel, std::string_view, std::string_view message) override { last = message; }

    std::string last;
};

std::string StormRequest::describe() const {
    std::string text = method + " " + target;
    for (const auto& [name, value] : headers) {
        if (name != "Authorization") text += " | " + name + ": " + value;
    }
    text += " | " + body.substr(0, 2000);
    std::string shown;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        shown += std::isprint(byte) != 0 ? std::string(1, c) : fmt::format("\\x{:02x}", byte);
    }
    return shown;
}

RouteStorm::RouteStorm(std::uint64_t seed)
    : random_(seed),
      store_(folder_.path() / "emulator.db"),
      resources_(store_),
      runs_(store_, *system_random_),
      tenants_(store_),
      tokens_(store_),
      context_{settings_,
               folder_.path(),
               Log(),
               clock_,
               *system_random_,
               pool_,
               tasks_,
               store_,
               resources_,
               runs_,
               tenants_,
               tokens_,
               load_identity(store_, *system_random_),
               "https://127.0.0.1:1",
               {}},
      entra_(context_, router_),
      machine_(context_, router_),
      blobs_(context_, router_),
      arm_(context_, router_, scheduler_, blobs_),
      metrics_(store_),
      data_(context_, router_, blobs_, metrics_, scheduler_),
      studio_(context_, router_, blobs_, metrics_),
      authentication_(store_, tenants_, tokens_, context_.identity.tenant_id),
      sink_(std::make_shared<Sink>()) {
    entra_.add_routes();
    machine_.add_routes();
    blobs_.add_routes();
    arm_.add_routes();
    data_.add_routes();
    studio_.add_routes();
    arm_.start();
    Gateway::Parts parts{router_,
                         authentication_,
                         clock_,
                         *system_random_,
                         pool_,
                         Log(sink_, LogLevel::Error),
                         {},
                         Faults::parse(R"({"rules":[]})", "storm"),
                         std::make_unique<Recorder>(folder_.path() / "record.jsonl"),
                         stop_.get_token()};
    gateway_ = std::make_unique<Gateway>(std::move(parts));
    workspace_ = *resources_.find_workspace(context_.identity.subscription_id,
                                            context_.identity.resource_group,
                                            context_.identity.workspace);
    Run run;
    run.workspace_id = workspace_.id;
    run.id = known_run;
    run.uuid = known_run;
    run.experiment_id = runs_.ensure_experiment(workspace_.id, known_experiment, clock_.now()).id;
    run.created = clock_.now();
    runs_.insert(run);
}

RouteStorm::~RouteStorm() {
    stop_.request_stop();
    tasks_.request_stop();
    aml::test::run(loop_, tasks_.join());
    pool_.join();
}

const std::string& RouteStorm::pick(const std::vector<std::string>& values) {
    return values[random_() % values.size()];
}

bool RouteStorm::chance(unsigned percent) {
    return random_() % 100 < percent;
}

std::string RouteStorm::odd_text() {
    if (!chance(3)) return pick(odd_texts());
    return std::string(random_() % 70'000, chance(50) ? 'x' : '(');
}

std::string RouteStorm::parameter(std::string_view name) {
    const auto& identity = context_.identity;
    // The scope is sound nearly always, or nothing below it would be reached.
    if (!chance(3)) {
        if (name == "subscription") return identity.subscription_id;
        if (name == "group") return identity.resource_group;
        if (name == "workspace") return identity.workspace;
        if (name == "tenant") return identity.tenant_id;
        if (name == "account") return workspace_.storage_account;
        if (name == "location") return workspace_.location;
    }
    if (chance(60)) {
        if (name == "run" || name == "job") return known_run;
        if (name == "experiment") return known_experiment;
        if (name == "experimentId") return experiment_id_;
        if (name == "container")
            return chance(50) ? "dcid.known_run" : workspace_.blobstore_container();
        if (name == "compute") return "cpu-cluster";
        if (name == "datastore") return "workspaceblobstore";
        if (name == "version") return std::to_string(random_() % 3);
        if (name == "path") return "outputs/a.txt";
        return "one";
    }
    return percent_encode(odd_text().substr(0, 4000));
}

std::string RouteStorm::path_of(std::string_view pattern) {
    std::string path;
    while (!pattern.empty()) {
        const auto open = pattern.find('{');
        path += pattern.substr(0, open);
        if (open == std::string_view::npos) break;
        const auto close = pattern.find('}', open);
        auto name = pattern.substr(open + 1, close - open - 1);
        if (name.ends_with('*')) name.remove_suffix(1);
        path += parameter(name);
        pattern.remove_prefix(close + 1);
    }
    return chance(2) ? path + odd_texts()[random_() % 20] : path;
}

std::string RouteStorm::query_of(const Route& route) {
    std::string query;
    if (route.versions != nullptr && !chance(3))
        query = "api-version=" +
                route.versions->supported[random_() % route.versions->supported.size()];
    if (route.surface == Surface::Blob && chance(60)) {
        static const Texts modes{"restype=container",
                                 "restype=container&comp=list",
                                 "comp=block&blockid=MDAw",
                                 "comp=blocklist",
                                 "comp=appendblock",
                                 "comp=metadata",
                                 "comp=properties",
                                 "comp=list"};
        query += pick(modes);
    }
    for (auto count = random_() % 4; count > 0; --count) {
        if (!query.empty()) query += '&';
        const auto value = chance(20) ? std::string(known_run) : odd_text().substr(0, 4000);
        query += pick(query_names()) + "=" + percent_encode(value);
    }
    return query;
}

json RouteStorm::odd_json(int depth) {
    switch (random_() % (depth > 0 ? 9 : 7)) {
        case 0:
            return nullptr;
        case 1:
            return chance(50);
        case 2:
            return static_cast<std::int64_t>(random_());
        case 3:
            return static_cast<std::int64_t>(random_() % 5) - 1;
        case 4:
            return chance(50) ? 1e308 * 10 * (chance(50) ? 0.1 : 0.01) : -0.25;
        case 5:
            return random_();
        case 6:
            return odd_text();
        case 7: {
            auto list = json::array();
            for (auto count = random_() % 4; count > 0; --count)
                list.push_back(odd_json(depth - 1));
            return list;
        }
        default: {
            auto object = json::object();
            for (auto count = random_() % 4; count > 0; --count)
                object[odd_text().substr(0, 100)] = odd_json(depth - 1);
            return object;
        }
    }
}

void RouteStorm::mutate(json& value, int depth) {
    if (depth == 0 || value.empty() || (!value.is_object() && !value.is_array())) {
        value = odd_json(2);
        return;
    }
    auto place = value.begin();
    std::advance(place, static_cast<std::ptrdiff_t>(random_() % value.size()));
    if (chance(10)) {
        value.erase(place);
    } else if (chance(25)) {
        *place = odd_json(2);
    } else {
        mutate(*place, depth - 1);
    }
}

std::string RouteStorm::body_of(const Route& route) {
    if (chance(4)) return odd_text();
    if (chance(2)) return std::string(200, '[');
    if (chance(2)) return "{\"a\":" + std::string(100, '[') + std::string(100, ']') + "}";
    for (const auto& [piece, body] : sound_bodies()) {
        if (route.pattern.find(piece) == std::string::npos || chance(10)) continue;
        auto value = json::parse(body, nullptr, false);
        if (value.is_discarded())
            return chance(70) ? body : body.substr(0, random_() % body.size());
        for (auto count = random_() % 4; count > 0; --count) mutate(value, 6);
        return json_text(value);
    }
    return chance(30) ? std::string() : json_text(odd_json(3));
}

std::string RouteStorm::token(const Route& route) {
    const Caller caller{context_.identity.tenant_id, "o", "Demo User", "User"};
    const auto* audience = route.surface == Surface::Blob ? "https://storage.azure.com/"
                                                          : "https://management.azure.com/";
    return "Bearer " + tokens_.issue(caller, audience, "app", clock_.now(), std::chrono::hours(1));
}

Headers RouteStorm::headers_of(const Route& route) {
    Headers headers;
    headers.set("Host", chance(2) ? odd_text() : "127.0.0.1:1");
    if (!chance(3)) headers.set("Authorization", token(route));
    if (chance(2)) headers.set("Authorization", odd_text());
    if (!chance(3)) {
        const bool form = route.surface == Surface::Entra || route.surface == Surface::Page;
        headers.set("Content-Type",
                    form ? "application/x-www-form-urlencoded" : "application/json");
    }
    static const Texts names{"Range",
                             "x-ms-range",
                             "If-None-Match",
                             "If-Match",
                             "Content-MD5",
                             "x-ms-version",
                             "x-ms-blob-type",
                             "x-ms-blob-condition-appendpos",
                             "x-ms-meta-a",
                             "x-ms-client-request-id",
                             "x-ms-copy-source",
                             "Accept-Encoding",
                             "Metadata",
                             "X-IDENTITY-HEADER",
                             "Content-Type",
                             "Host"};
    if (route.surface == Surface::Blob && !chance(10))
        headers.set("x-ms-blob-type", chance(70) ? "BlockBlob" : "AppendBlob");
    for (auto count = random_() % 3; count > 0; --count)
        headers.set(pick(names), odd_text().substr(0, 200));
    return headers;
}

StormRequest RouteStorm::next() {
    static const Texts methods{
        "GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS", "TRACE", "get", "", "\xff"};
    const auto& routes = router_.routes();
    const auto* chosen = routes[random_() % routes.size()].get();
    // Without the workspace there would be nothing left to ask for.
    while (chosen->method == "DELETE" &&
           (chosen->pattern.ends_with("/{workspace}") || chosen->pattern.ends_with("/{group}")))
        chosen = routes[random_() % routes.size()].get();
    const auto& route = *chosen;
    StormRequest request;
    request.method = chance(5) ? pick(methods) : route.method;
    request.target = path_of(route.pattern);
    const auto query = query_of(route);
    if (!query.empty()) request.target += "?" + query;
    request.headers = headers_of(route);
    if (route.method != "GET" || chance(10)) request.body = body_of(route);
    return request;
}

std::optional<std::string> RouteStorm::send(const StormRequest& sent) {
    Request request;
    request.method = sent.method;
    request.target = sent.target;
    const auto mark = sent.target.find('?');
    request.path = sent.target.substr(0, mark);
    if (mark != std::string::npos) request.query = Query::parse(sent.target.substr(mark + 1));
    request.headers = sent.headers;
    request.base_url = context_.base_url;
    TextBody body(sent.body);
    sink_->last.clear();
    try {
        const auto reply = aml::test::run(loop_, gateway_->handle(request, body));
        if (reply.status < 200 || reply.status > 599) return fmt::format("status {}", reply.status);
        if (reply.status == 500) return "500: " + sink_->last;
        const auto* text = std::get_if<std::string>(&reply.body);
        const bool is_json = reply.headers.get("Content-Type").starts_with("application/json");
        const bool packed = reply.headers.has("Content-Encoding");
        if (text != nullptr && is_json && !packed && request.method != "HEAD" &&
            !json::accept(*text))
            return "not the JSON it says it is: " + text->substr(0, 200);
        return std::nullopt;
    } catch (const std::exception& error) {
        return std::string("thrown: ") + error.what();
    }
}

}  // namespace aml::emulator::test
