#include "arm/seed.hpp"

#include "arm/compute_instances.hpp"
#include "arm/compute_validation.hpp"
#include "arm/locations.hpp"
#include "arm/workspaces.hpp"
#include "core/digest.hpp"
#include "core/error_response.hpp"
#include "core/seeded_facts.hpp"
#include "core/tenants.hpp"
#include "core/text.hpp"
#include "core/time.hpp"
#include "core/tokens.hpp"
#include "support/error.hpp"
#include "web/errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace aml::emulator {
namespace {

/// A place in the seed document, for messages.
class Place final {
public:
    Place(const json& value, std::string path)
        : value_(value),
          path_(std::move(path)) {
        if (!value_.is_object()) reject("an object is expected");
    }

    [[noreturn]] void reject(std::string_view what) const {
        throw Error(ErrorKind::InvalidParams, fmt::format("{}: {}.", path_, what));
    }

    /// Any other key is a mistake.
    void only(std::initializer_list<std::string_view> keys) const {
        for (const auto& [key, ignored] : value_.items()) {
            if (std::find(keys.begin(), keys.end(), key) == keys.end())
                reject(fmt::format("unknown key \"{}\"", key));
        }
    }

    std::string text(const char* key, std::string fallback) const {
        if (!value_.contains(key)) return fallback;
        if (!value_.at(key).is_string()) reject(fmt::format("\"{}\" must be a text", key));
        return value_.at(key).get<std::string>();
    }

    std::int64_t number(const char* key, std::int64_t fallback, std::int64_t most) const {
        if (!value_.contains(key)) return fallback;
        const auto& value = value_.at(key);
        if (!value.is_number_integer() || value < 0 || value > most)
            reject(fmt::format("\"{}\" must be a whole number from 0 to {}", key, most));
        return value.get<std::int64_t>();
    }

    std::vector<Place> list(const char* key) const {
        std::vector<Place> places;
        if (!value_.contains(key)) return places;
        if (!value_.at(key).is_array()) reject(fmt::format("\"{}\" must be a list", key));
        for (const auto& item : value_.at(key))
            places.emplace_back(item, fmt::format("{}/{}/{}", path_, key, places.size()));
        return places;
    }

private:
    const json& value_;
    std::string path_;
};

json seeded_by(const Identity& identity, Time now) {
    return {{"createdAt", iso_time(now)},
            {"createdBy", identity.user_name},
            {"createdByType", "User"},
            {"lastModifiedAt", iso_time(now)},
            {"lastModifiedBy", identity.user_name},
            {"lastModifiedByType", "User"}};
}

/// `sweep-{n}` becomes `sweep-7`; without the mark the number is put at the end when there are
/// several.
std::string numbered(std::string name, std::int64_t number, std::int64_t count) {
    const auto mark = name.find("{n}");
    if (mark != std::string::npos) return name.replace(mark, 3, std::to_string(number));
    return count > 1 ? fmt::format("{}-{}", name, number) : name;
}

std::string_view seeded_status(std::int64_t number) {
    if (number % 25 == 24) return run_status::canceled;
    return number % 10 == 9 ? run_status::failed : run_status::completed;
}

Run seeded_run(const Site& site,
               const Workspace& workspace,
               const Experiment& experiment,
               std::int64_t number,
               Time now) {
    const auto& identity = site.context.identity;
    Run run;
    run.workspace_id = workspace.id;
    run.id = fmt::format("{}_{:05}", experiment.name, number);
    run.uuid = site.context.random.uuid();
    run.experiment_id = experiment.id;
    run.status = seeded_status(number);
    run.display_name = fmt::format("{} {}", experiment.name, number);
    run.properties = {{"_azureml.ComputeTargetType", "serverless"}};
    run.job = {
        {"command", "python train.py"},
        {"environmentId", workspace.arm_id() + "/environments/AzureML-sklearn-1.5/versions/24"},
        {"codeId", nullptr},
        {"computeId", nullptr},
        {"inputs", json::object()},
        {"outputs", json::object()},
        {"resources", {{"instanceCount", 1}}}};
    run.created_by = {{"userObjectId", identity.user_object_id},
                      {"userTenantId", identity.tenant_id},
                      {"userName", identity.user_name},
                      {"userType", "User"}};
    run.created = now;
    run.started = now + std::chrono::seconds(20);
    run.ended = now + std::chrono::seconds(60 + number % 600);
    if (run.status == run_status::failed) {
        run.error = error_response("UserError",
                                   "The script failed with exit code 1.",
                                   {"ExecutionFailed"},
                                   "execution",
                                   *run.ended);
    }
    return run;
}

void seed_runs(Site& site, const Workspace& workspace, const Place& place) {
    auto& context = site.context;
    place.only({"name", "count", "runs"});
    const auto name = place.text("name", "experiment-{n}");
    const auto count = place.number("count", 1, 10'000);
    const auto runs = place.number("runs", 0, 1'000'000);
    for (std::int64_t e = 1; e <= count; ++e) {
        const auto experiment_name = numbered(name, e, count);
        if (!is_name(experiment_name, 1, 255, "-_"))
            place.reject(fmt::format("\"{}\" is not an experiment name", experiment_name));
        // The newest run ended a minute ago; the others lie a minute apart before it.
        const auto first = context.clock.now() - std::chrono::minutes(runs + 12);
        const auto experiment =
            context.runs.ensure_experiment(workspace.id, experiment_name, first);
        for (std::int64_t i = 1; i <= runs; ++i) {
            auto run = seeded_run(site, workspace, experiment, i, first + std::chrono::minutes(i));
            if (!context.runs.find(workspace.id, run.id)) context.runs.insert(run);
        }
    }
}

void seed_compute(Site& site, const Workspace& workspace, const Place& place) {
    place.only({"name", "vmSize", "minNodeCount", "maxNodeCount", "instance"});
    Resource compute;
    compute.workspace_id = workspace.id;
    compute.type = "computes";
    compute.name = place.text("name", "cpu-cluster");
    if (!is_compute_name(compute.name))
        place.reject(fmt::format("\"{}\" is not a compute name", compute.name));
    compute.system_data = workspace.system_data;
    const auto stamp = workspace.system_data.value("createdAt", "");
    compute.body = {{"location", workspace.location},
                    {"tags", json::object()},
                    {"identity", nullptr},
                    {"sku", nullptr},
                    {"properties",
                     {{"computeType", "AmlCompute"},
                      {"computeLocation", workspace.location},
                      {"description", nullptr},
                      {"createdOn", stamp},
                      {"modifiedOn", stamp},
                      {"resourceId", nullptr},
                      {"disableLocalAuth", true},
                      {"isAttachedCompute", false},
                      {"provisioningState", "Succeeded"},
                      {"provisioningErrors", nullptr},
                      {"properties",
                       {{"osType", "Linux"},
                        {"vmSize", to_upper(place.text("vmSize", "STANDARD_DS3_V2"))},
                        {"vmPriority", "Dedicated"},
                        {"scaleSettings",
                         {{"minNodeCount", place.number("minNodeCount", 0, 1000)},
                          {"maxNodeCount", place.number("maxNodeCount", 4, 1000)},
                          {"nodeIdleTimeBeforeScaleDown", "PT120S"}}}}}}}};
    if (place.number("instance", 0, 1) == 1) {
        const json sent{{"properties", {{"vmSize", place.text("vmSize", "STANDARD_DS3_V2")}}}};
        const json creator{{"userName", site.context.identity.user_name},
                           {"userOrgId", site.context.identity.tenant_id},
                           {"userId", site.context.identity.user_object_id}};
        compute.body["properties"] =
            instance_properties(sent, nullptr, workspace, creator, site.context.clock.now());
        compute.body["properties"]["provisioningState"] = "Succeeded";
        check_instance(site, compute.body, workspace);
        end_power(*find_power_action("computes.create"), compute);
    } else {
        check_cluster(compute.body, workspace);
    }
    site.context.resources.put(compute);
    site.scheduler.compute_changed(workspace.id, compute.name);
}

void seed_tenant(Site& site, const Place& place) {
    place.only({"id", "displayName", "domain", "signIn"});
    const auto id = place.text("id", site.context.random.uuid());
    const auto policy = place.text("signIn", "allowed");
    if (policy != "allowed" && policy != "secondFactor" && policy != "blocked")
        place.reject("\"signIn\" must be allowed, secondFactor or blocked");
    site.context.tenants.put({id,
                              place.text("displayName", id),
                              place.text("domain", id + ".example"),
                              policy == "allowed"        ? SignInPolicy::Allowed
                              : policy == "secondFactor" ? SignInPolicy::SecondFactor
                                                         : SignInPolicy::Blocked});
}

void seed_workspaces(Site& site, const Place& place) {
    place.only({"name",
                "count",
                "subscription",
                "resourceGroup",
                "location",
                "sharedKeys",
                "imageBuilds",
                "logFiles",
                "locked",
                "computes",
                "experiments"});
    const auto& identity = site.context.identity;
    const auto subscription =
        site.directory.find_subscription(place.text("subscription", identity.subscription_id));
    if (!subscription) place.reject("\"subscription\" is not the id of a known subscription");
    const auto* region = find_region(place.text("location", identity.location));
    if (region == nullptr) place.reject("\"location\" is not a known region");
    ResourceGroup group{subscription->id,
                        place.text("resourceGroup", identity.resource_group),
                        std::string(region->name),
                        json::object()};
    if (!site.directory.find_group(group.subscription, group.name)) site.directory.put(group);
    const auto count = place.number("count", 1, 10'000);
    for (std::int64_t n = 1; n <= count; ++n) {
        const auto name = numbered(place.text("name", identity.workspace), n, count);
        if (!is_name(name, 3, 33, "-_"))
            place.reject(fmt::format("\"{}\" is not a workspace name", name));
        auto workspace =
            site.context.resources.find_workspace(group.subscription, group.name, name);
        if (!workspace) {
            workspace = Workspace();
            workspace->subscription = group.subscription;
            workspace->resource_group = group.name;
            workspace->name = name;
            workspace->location = region->name;
            workspace->system_data = seeded_by(identity, site.context.clock.now());
            create_workspace(site, *workspace);
        }
        const std::pair<const char*, std::string> facts[] = {
            {"sharedKeys", keyless_fact(workspace->storage_account)},
            {"imageBuilds", no_image_builds_fact(workspace->id)},
            {"logFiles", no_log_files_fact(workspace->id)}};
        for (const auto& [key, fact] : facts) {
            if (place.number(key, 1, 1) == 0) site.context.store.set_fact(fact, "1");
        }
        if (place.number("locked", 0, 1) == 1)
            site.context.store.set_fact(locked_fact(workspace->id), "1");
        for (const auto& compute : place.list("computes")) seed_compute(site, *workspace, compute);
        for (const auto& experiment : place.list("experiments"))
            seed_runs(site, *workspace, experiment);
    }
}

}  // namespace

void apply_seed(Site& site, std::string_view text, std::string_view name) {
    const auto document = json::parse(text, nullptr, false);
    if (document.is_discarded())
        throw Error(ErrorKind::InvalidParams, fmt::format("{}: it is not JSON.", name));
    const Place place(document, std::string(name));
    place.only({"tenants",
                "subscriptions",
                "workspaces",
                "requireContext",
                "listIssued",
                "softDelete",
                "comment"});
    Transaction transaction(site.context.store);
    try {
        if (place.number("listIssued", 0, 1) == 1) {
            list_issued(site.context.store);
            note_issued(site.context.store, site.context.identity.client_secret);
            note_issued(site.context.store, site.context.store.fact("machine_secret").value_or(""));
        }
        if (place.number("softDelete", 0, 1) == 1)
            site.context.store.set_fact(soft_delete_fact, "1");
        const auto context = place.text("requireContext", "");
        if (!context.empty()) site.context.store.set_fact("required_context", context);
        for (const auto& item : place.list("tenants")) seed_tenant(site, item);
        for (const auto& item : place.list("subscriptions")) {
            item.only({"id", "displayName", "state", "tenant"});
            const auto id = item.text("id", site.context.random.uuid());
            const auto tenant = item.text("tenant", "");
            auto& tenants = site.context.tenants;
            if (!tenant.empty() && !tenants.find(tenant))
                item.reject("\"tenant\" is not the id of a known tenant");
            site.directory.put(
                Subscription{id, item.text("displayName", id), item.text("state", "Enabled")});
            if (!tenant.empty()) tenants.assign(id, tenant);
        }
        for (const auto& item : place.list("workspaces")) seed_workspaces(site, item);
    } catch (const Refused& refused) {
        const auto reply = json::parse(std::get<std::string>(refused.reply().body));
        throw Error(ErrorKind::InvalidParams,
                    fmt::format("{}: {}", name, text_at(reply["error"], "message")));
    }
    transaction.commit();
}

void seed(Site& site) {
    auto& context = site.context;
    if (!context.store.fact("seeded")) {
        Transaction transaction(context.store);
        site.directory.put(
            Subscription{context.identity.subscription_id, "Demo Subscription", "Enabled"});
        apply_seed(site, R"({"workspaces":[{}]})", "the fresh state");
        context.store.set_fact("seeded", iso_time(context.clock.now()));
        transaction.commit();
    }
    if (!context.settings.seed) return;
    const auto file = context.settings.seed->string();
    std::ifstream input(file, std::ios::binary);
    if (!input)
        throw Error(ErrorKind::InvalidParams, fmt::format("Cannot read the seed file {}.", file));
    const std::string text((std::istreambuf_iterator<char>(input)),
                           std::istreambuf_iterator<char>());
    const auto mark = "seed:" + hex(sha256(text));
    if (context.store.fact(mark)) return;
    Transaction transaction(context.store);
    apply_seed(site, text, file);
    context.store.set_fact(mark, iso_time(context.clock.now()));
    transaction.commit();
}

}  // namespace aml::emulator
