#include "support/fake_workspace.hpp"

#include "http/cloud.hpp"
#include "support/error.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace aml::test {
namespace {

using nlohmann::json;

http::Response reply(int status, const json& body) {
    return {status, {}, body.dump()};
}

http::Response missing(const std::string& what) {
    return reply(404, {{"error", {{"code", "UserError"}, {"message", what + " not found."}}}});
}

std::string last_part(const std::string& path) {
    return path.substr(path.rfind('/') + 1);
}

std::string parameter(const std::string& query, const std::string& name) {
    const auto at = ("&" + query).find("&" + name + "=");
    if (at == std::string::npos) return {};
    const auto start = at + name.size() + 1;
    return query.substr(start, query.find('&', start) - start);
}

json body_of(const http::Request& request) {
    return json::parse(request.body.view());
}

}  // namespace

json FakeWorkspace::cluster(int max_nodes) {
    return {{"computeType", "AmlCompute"},
            {"provisioningState", "Succeeded"},
            {"properties",
             {{"vmSize", "STANDARD_DS3_V2"},
              {"scaleSettings", {{"minNodeCount", 0}, {"maxNodeCount", max_nodes}}}}}};
}

asio::awaitable<http::Response> FakeWorkspace::send(http::Request request, std::stop_token stop) {
    if (stop.stop_requested()) throw cancelled();
    most_running = std::max(most_running, ++running);
    bytes_running += request.body.size();
    most_bytes_running = std::max(most_bytes_running, bytes_running);

    struct Leave {
        FakeWorkspace& self;
        std::size_t bytes;

        ~Leave() {
            --self.running;
            self.bytes_running -= bytes;
        }
    };

    const Leave leave{*this, request.body.size()};
    // Others may start meanwhile, as on a network.
    const auto loop = co_await asio::this_coro::executor;
    for (int turn = 0; turn < 3; ++turn) co_await asio::post(loop, asio::use_awaitable);
    if (stop.stop_requested()) throw cancelled();
    if (intercept) {
        if (auto response = intercept(request)) co_return std::move(*response);
    }
    co_return answer(request);
}

http::Response FakeWorkspace::answer(const http::Request& request) {
    const auto url = http::parse_url(request.url).value();
    if (url.host.find(".blob.") != std::string::npos) return answer_blob(request, url);
    const std::string prefix = id;
    if (url.path.rfind(prefix + "/", 0) != 0) {
        log.push_back("unexpected " + request.url);
        return {501, {}, "{}"};
    }
    if (request.url.find("api-version=") == std::string::npos)
        return reply(400, {{"error", {{"code", "MissingApiVersionParameter"}}}});
    return answer_arm(request, url.path.substr(prefix.size() + 1), url.query);
}

http::Response FakeWorkspace::answer_arm(const http::Request& request,
                                         const std::string& path,
                                         const std::string& query) {
    const auto kind = path.substr(0, path.find('/'));
    const auto verb = std::string(http::to_string(request.method));
    if (kind == "codes") return answer_code(request, path, query);
    log.push_back(verb + " " + path);
    if (kind == "environments") return answer_environment(request, path);
    if (kind == "computes") return answer_compute(path);
    if (kind == "datastores") return answer_datastore(request, path);
    if (kind == "jobs") return answer_job(request, last_part(path));
    return {501, {}, "{}"};
}

http::Response FakeWorkspace::answer_code(const http::Request& request,
                                          const std::string& path,
                                          const std::string& query) {
    const auto code_id = std::string(id) + "/" + path;
    if (request.method == http::Method::Get) {
        log.push_back("GET codes by hash");
        json found = json::array();
        for (const auto& [known, properties] : codes) {
            if (properties["properties"]["hash_sha256"] == parameter(query, "hash")) {
                found.push_back({{"id", known}, {"name", "1"}, {"properties", properties}});
            }
        }
        return reply(200, {{"value", found}});
    }
    if (request.method == http::Method::Post) {
        log.push_back("POST startPendingUpload");
        const auto uri =
            fmt::format("https://sa1.blob.core.windows.net/container{}", ++containers_);
        return reply(
            200,
            {{"blobReferenceForConsumption",
              {{"blobUri", uri},
               {"credential", {{"credentialType", "SAS"}, {"sasUri", uri + "?sig=secret"}}}}}});
    }
    log.push_back("PUT codes");
    codes[code_id] = body_of(request)["properties"];
    return reply(201, {{"id", code_id}, {"name", "1"}, {"properties", codes[code_id]}});
}

http::Response FakeWorkspace::answer_environment(const http::Request& request,
                                                 const std::string& path) {
    // environments/{name}[/versions[/{version}]]
    const auto parts = fmt::format("{}/", path);
    const auto name_end = parts.find('/', 13);
    const auto name = parts.substr(13, name_end - 13);
    const auto resource = [&](const std::string& version) {
        return json{{"id", fmt::format("{}/environments/{}/versions/{}", id, name, version)},
                    {"name", version},
                    {"properties", environments[name][version]}};
    };
    if (path.find("/versions/") != std::string::npos) {
        const auto version = last_part(path);
        if (request.method == http::Method::Put) {
            const auto sent = body_of(request)["properties"];
            const auto build = sent.value("build", json::object()).value("contextUri", "");
            if (build.starts_with("azureml:")) {
                return reply(400,
                             {{"error",
                               {{"code", "UserError"},
                                {"message", "The build context is neither blob nor Git."}}}});
            }
            environments[name][version] = body_of(request)["properties"];
            return reply(201, resource(version));
        }
        const bool known = environments.count(name) > 0 && environments[name].count(version) > 0;
        return known ? reply(200, resource(version)) : missing("Environment " + name);
    }
    if (environments.count(name) == 0) return missing("Environment " + name);
    const auto latest = environments[name].rbegin()->first;
    if (path.find("/versions") != std::string::npos)
        return reply(200, {{"value", {resource(latest)}}});
    return reply(200, {{"name", name}, {"properties", {{"latestVersion", latest}}}});
}

http::Response FakeWorkspace::answer_compute(const std::string& path) {
    auto resource = [&](const std::string& name) {
        return json{{"id", std::string(id) + "/computes/" + name},
                    {"name", name},
                    {"properties", computes[name]}};
    };
    if (path == "computes") {
        json all = json::array();
        for (const auto& [name, properties] : computes) all.push_back(resource(name));
        return reply(200, {{"value", all}});
    }
    const auto name = last_part(path);
    return computes.count(name) == 0 ? missing("Compute " + name) : reply(200, resource(name));
}

http::Response FakeWorkspace::answer_job(const http::Request& request, const std::string& name) {
    const bool known = jobs.count(name) > 0;
    if (request.method == http::Method::Get)
        return known ? reply(200, job_resource(name)) : missing("Job " + name);
    auto properties = body_of(request)["properties"];
    const auto code = properties.value("codeId", "");
    if (!code.empty() && codes.count(code) == 0)
        return reply(
            400, {{"error", {{"code", "UserError"}, {"message", "Code " + code + " not found."}}}});
    if (known) {
        const json inner{{"type", "InnerError"},
                         {"info", {{"value", {{"code", "JobPropertyImmutable"}}}}}};
        return reply(400,
                     {{"error",
                       {{"code", "UserError"},
                        {"message", "A job with this name already exists."},
                        {"additionalInfo", json::array({inner})}}}});
    }
    jobs[name] = std::move(properties);
    return reply(201, job_resource(name));
}

json FakeWorkspace::job_resource(const std::string& name) const {
    auto properties = jobs.at(name);
    properties["status"] = "Starting";
    properties["services"]["Studio"]["endpoint"] = "https://ml.azure.com/runs/" + name;
    return {
        {"id", fmt::format("{}/jobs/{}", id, name)}, {"name", name}, {"properties", properties}};
}

http::Response FakeWorkspace::answer_datastore(const http::Request& request,
                                               const std::string& path) {
    if (request.method == http::Method::Post)
        return reply(200, {{"secretsType", "Sas"}, {"sasToken", "?sig=secret"}});
    const json store{{"id", std::string(id) + "/datastores/workspaceblobstore"},
                     {"name", "workspaceblobstore"},
                     {"properties",
                      {{"datastoreType", "AzureBlob"},
                       {"isDefault", true},
                       {"accountName", "sa1"},
                       {"containerName", "store"},
                       {"endpoint", "core.windows.net"},
                       {"protocol", "https"},
                       {"credentials", {{"credentialsType", datastore_credentials}}}}}};
    if (path == "datastores") return reply(200, {{"value", {store}}});
    return last_part(path) == "workspaceblobstore" ? reply(200, store) : missing("Datastore");
}

http::Response FakeWorkspace::list_blobs(const std::string& container,
                                         const std::string& encoded_prefix) const {
    std::string items;
    for (const auto& [path, content] : blobs) {
        if (!path.starts_with(container + "/")) continue;
        const auto name = path.substr(container.size() + 1);
        if (!http::percent_encode(name).starts_with(encoded_prefix)) continue;
        items += fmt::format(
            "<Blob><Name>{}</Name><Properties><Content-Length>{}</Content-Length></Properties>"
            "</Blob>",
            name,
            content.size());
    }
    return {200,
            {},
            fmt::format("<EnumerationResults><Blobs>{}</Blobs><NextMarker/></EnumerationResults>",
                        items)};
}

http::Response FakeWorkspace::answer_blob(const http::Request& request, const http::Url& url) {
    const auto path = url.path.substr(1);
    const auto operation = parameter(url.query, "comp");
    const bool as_identity =
        datastore_credentials == "None" && request.scope == http::storage_scope;
    if (parameter(url.query, "sig") != "secret" && !as_identity)
        return {403, {{"x-ms-error-code", "AuthenticationFailed"}}, ""};
    if (operation == "list") {
        log.push_back("GET blobs");
        return list_blobs(path, parameter(url.query, "prefix"));
    }
    log.push_back(fmt::format("PUT blob {}{}",
                              operation.empty() ? "" : operation + " ",
                              path.substr(path.find('/') + 1)));
    if (operation == "block") {
        blocks[path + "?" + parameter(url.query, "blockid")] = request.body.view();
    } else if (operation == "blocklist") {
        blobs[path] = joined_blocks(path, std::string(request.body.view()));
    } else if (operation == "metadata") {
        metadata[path] = request.headers;
        return {200, {}, ""};
    } else {
        blobs[path] = request.body.view();
    }
    return {201, {}, ""};
}

std::string FakeWorkspace::joined_blocks(const std::string& path, const std::string& list) const {
    std::string whole;
    constexpr std::string_view tag = "<Latest>";
    for (auto at = list.find(tag); at != std::string::npos; at = list.find(tag, at)) {
        at += tag.size();
        whole +=
            blocks.at(path + "?" + http::percent_encode(list.substr(at, list.find('<', at) - at)));
    }
    return whole;
}

}  // namespace aml::test
