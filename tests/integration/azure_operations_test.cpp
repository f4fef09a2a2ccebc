#include "azure/assets.hpp"
#include "azure/blobs.hpp"
#include "azure/codes.hpp"
#include "azure/computes.hpp"
#include "azure/subscriptions.hpp"
#include "azure/workspaces.hpp"
#include "integration/fixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace aml;
using test::LiveFixture;

namespace {

template <typename T>
bool has_name(const std::vector<T>& items, const std::string& name) {
    return std::any_of(
        items.begin(), items.end(), [&name](const T& item) { return item.name == name; });
}

}  // namespace

TEST_CASE_FIXTURE(LiveFixture, "the directory: tenants, subscriptions, groups, workspaces") {
    CHECK(run(azure::tenants::list(*client, {}, {})).items.size() == 1);
    const auto subscriptions = run(azure::subscriptions::list(*client, {}, {})).items;
    REQUIRE_FALSE(subscriptions.empty());
    CHECK(subscriptions[0].subscription_id == subscription);
    CHECK(subscriptions[0].readable());
    auto groups = run(azure::resource_groups::list(*client, subscription, {}));
    CHECK(has_name(run(azure::collect(std::move(groups), {})), workspace.resource_group()));
    auto page = run(azure::workspaces::list_by_subscription(*client, subscription, {}));
    CHECK(has_name(run(azure::collect(std::move(page), {})), workspace.name()));
    const auto found = run(azure::workspaces::get(*client, workspace, {}));
    CHECK(found.id == workspace);
    CHECK(found.runs_jobs());
    CHECK(found.provisioning_state == "Succeeded");
}

TEST_CASE_FIXTURE(LiveFixture, "what does not exist or is not allowed says so") {
    const auto other =
        azure::ResourceId::workspace(subscription, workspace.resource_group(), "no-such-workspace");
    auto error = failure(azure::workspaces::get(*client, other, {}));
    CHECK(error.kind() == ErrorKind::NotFound);
    CHECK(error.details().azure_code == "ResourceNotFound");
    CHECK_FALSE(error.details().request_id.empty());
    error = failure(azure::computes::find(*client, other.child("computes", "c"), {}));
    CHECK(error.kind() == ErrorKind::NotFound);
    const auto nowhere =
        azure::ResourceId::workspace("00000000-0000-0000-0000-00000000dead", "g", "gone");
    error = failure(azure::workspaces::get(*client, nowhere, {}));
    CHECK(error.details().azure_code == "SubscriptionNotFound");
    CHECK(error.message().find("the tenant it belongs to") != std::string::npos);
}

TEST_CASE_FIXTURE(LiveFixture, "a cluster is created, read, listed, and deleted") {
    const auto id = workspace.child("computes", "it-cluster");
    std::vector<std::string> statuses;
    auto note = [&](const azure::OperationProgress& progress) {
        statuses.push_back(progress.status);
    };
    azure::AmlComputeSpec spec;
    spec.location = run(azure::workspaces::get(*client, workspace, {})).location;
    spec.max_nodes = 2;
    spec.low_priority = true;
    const auto created = run(azure::computes::create_or_update(*client, id, spec, note, {}));
    CHECK(created.provisioning_state == "Succeeded");
    CHECK(created.vm_size == "STANDARD_DS3_V2");
    CHECK(created.vm_priority == "LowPriority");
    CHECK(created.max_nodes == 2);
    CHECK(created.idle_time == std::chrono::seconds(120));
    CHECK(statuses.back() == "Succeeded");
    auto page = run(azure::computes::list(*client, workspace, {}));
    CHECK(has_name(run(azure::collect(std::move(page), {})), "it-cluster"));
    CHECK(run(azure::computes::list_nodes(*client, id, {})).items.empty());
    run(azure::computes::remove(*client, id, note, {}));
    CHECK_FALSE(run(azure::computes::find(*client, id, {})));
}

TEST_CASE_FIXTURE(LiveFixture, "an impossible cluster is rejected with Azure's reason") {
    azure::AmlComputeSpec spec;
    spec.location = run(azure::workspaces::get(*client, workspace, {})).location;
    spec.vm_size = "STANDARD_NO_SUCH_SIZE";
    const auto id = workspace.child("computes", "it-impossible");
    const auto error = failure(azure::computes::create_or_update(*client, id, spec, nullptr, {}));
    CHECK(error.kind() == ErrorKind::Rejected);
    CHECK(error.message().starts_with("Cannot create the compute it-impossible: "));
    CHECK(error.message().find("STANDARD_NO_SUCH_SIZE") != std::string::npos);
}

TEST_CASE_FIXTURE(LiveFixture, "sizes and quota of a region") {
    const auto region = run(azure::workspaces::get(*client, workspace, {})).location;
    const auto sizes = run(azure::computes::vm_sizes(*client, subscription, region, {}));
    REQUIRE(has_name(sizes, "Standard_DS3_v2"));
    for (const auto& size : sizes) CHECK(size.cores > 0);
    auto usages = run(azure::computes::usages(*client, subscription, region, {}));
    CHECK_FALSE(run(azure::collect(std::move(usages), {})).empty());
}

TEST_CASE_FIXTURE(LiveFixture, "an environment is registered, read and listed") {
    azure::EnvironmentSpec spec;
    spec.image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04";
    spec.conda_file =
        "name: e\nchannels: [conda-forge]\ndependencies:\n  - python=3.11\n  - pip:\n    - "
        "scikit-learn\n";
    spec.description = "for tests";
    spec.tags["k"] = "v";
    const auto created =
        run(azure::environments::create_or_update(*client, workspace, "it-env", "1", spec, {}));
    CHECK(created.version == "1");
    CHECK(nlohmann::json::parse(created.conda_file)["dependencies"][1]["pip"][0] == "scikit-learn");
    run(azure::environments::create_or_update(*client, workspace, "it-env", "2", spec, {}));
    const auto container =
        run(azure::environments::find_container(*client, workspace, "it-env", {}));
    REQUIRE(container);
    CHECK(container->latest_version == "2");
    CHECK(container->next_version == "3");
    auto page = run(azure::environments::list(*client, workspace, {}));
    CHECK(has_name(run(azure::collect(std::move(page), {})), "it-env"));
    const auto versions =
        run(azure::environments::list_versions(*client, workspace, "it-env", {})).items;
    CHECK(versions.at(0).version == "2");
    CHECK(run(azure::environments::find(*client, workspace, "it-env", "1", {}))->image ==
          spec.image);
    CHECK_FALSE(run(azure::environments::find(*client, workspace, "it-env", "9", {})));
    CHECK_FALSE(run(azure::environments::find_container(*client, workspace, "no-such", {})));
}

TEST_CASE_FIXTURE(LiveFixture,
                  "components are registered without a name, and found by their latest") {
    const nlohmann::json spec{{"type", "command"},
                              {"command", "echo"},
                              {"environment", "azureml:e:1"},
                              {"_source", "YAML.JOB"}};
    const auto id = run(azure::components::create_anonymous(*client, workspace, "abc", spec, {}));
    CHECK(id == workspace.to_string() + "/components/azureml_anonymous/versions/abc");
    CHECK(run(azure::components::create_anonymous(*client, workspace, "abc", spec, {})) == id);
    CHECK_FALSE(run(azure::components::find_latest(*client, workspace, "no-such", {})));
}

TEST_CASE_FIXTURE(LiveFixture, "the other branches of the tree are listed") {
    auto datastores = run(azure::datastores::list(*client, workspace, {}));
    const auto all = run(azure::collect(std::move(datastores), {}));
    REQUIRE(has_name(all, "workspaceblobstore"));
    CHECK(std::any_of(
        all.begin(), all.end(), [](const azure::Datastore& store) { return store.is_default; }));
    run(azure::data::list(*client, workspace, {}));
    run(azure::models::list(*client, workspace, {}));
    run(azure::endpoints::list_online(*client, workspace, {}));
    run(azure::endpoints::list_batch(*client, workspace, {}));
}

TEST_CASE_FIXTURE(LiveFixture, "a model is registered once, and found with its next version") {
    CHECK_FALSE(run(azure::models::find_container(*client, workspace, "it-model", {})));
    const azure::ModelSpec spec{.uri = "azureml://datastores/workspaceblobstore/paths/m",
                                .type = "custom_model"};
    const auto made =
        run(azure::models::create_or_update(*client, workspace, "it-model", "1", spec, {}));
    CHECK(made.uri == spec.uri);
    CHECK(run(azure::models::find_container(*client, workspace, "it-model", {}))->next_version ==
          "2");
    CHECK(run(azure::models::find(*client, workspace, "it-model", "1", {}))->type == spec.type);
    CHECK_FALSE(run(azure::models::find(*client, workspace, "it-model", "9", {})));
}

TEST_CASE_FIXTURE(LiveFixture, "curated environments come from the registry") {
    const auto registry = run(azure::registries::discover(*client, plane(), "azureml", {}));
    auto page = run(azure::registries::environments(*client, registry, {}));
    const auto curated = run(azure::collect(std::move(page), {}));
    REQUIRE_FALSE(curated.empty());
    const auto versions =
        run(azure::registries::environment_versions(*client, registry, curated[0].name, {})).items;
    REQUIRE_FALSE(versions.empty());
    CHECK(versions[0].id.starts_with("azureml://registries/azureml/environments/" +
                                     curated[0].name + "/versions/"));
}

TEST_CASE_FIXTURE(LiveFixture, "a snapshot is uploaded, registered and found again by its hash") {
    const auto name = random->uuid();
    const auto hash = std::string(32, 'a') + name.substr(0, 8) + std::string(24, 'b');
    CHECK_FALSE(run(azure::codes::find_by_hash(*client, workspace, name, hash, {})));
    const auto upload = run(azure::codes::start_pending_upload(*client, workspace, name, "1", {}));
    const auto file = azure::blobs::address(upload.container, "proj/dir/a b#ü.py");
    CHECK_FALSE(run(azure::blobs::head(*client, file, {})));
    CHECK(run(azure::blobs::put_blob(
                  *client, file, http::Body("print(1)\n"), azure::Overwrite::No, {}))
              .created);
    CHECK_FALSE(
        run(azure::blobs::put_blob(*client, file, http::Body("other"), azure::Overwrite::No, {}))
            .created);
    const auto empty = azure::blobs::address(upload.container, "proj/empty.txt");
    CHECK(run(azure::blobs::put_blob(*client, empty, http::Body(), azure::Overwrite::No, {}))
              .created);
    const auto large = azure::blobs::address(upload.container, "proj/large.bin");
    run(azure::blobs::put_block(
        *client, large, "0001", http::Body(std::string(3'000'000, 'x')), {}));
    run(azure::blobs::put_block(*client, large, "0002", http::Body(std::string(10, 'y')), {}));
    const std::vector<std::string> ids{"0001", "0002"};
    CHECK(run(azure::blobs::put_block_list(*client, large, ids, azure::Overwrite::No, {})).created);
    const std::map<std::string, std::string> metadata{
        {"upload_status", "completed"}, {"name", name}, {"version", "1"}};
    run(azure::blobs::set_metadata(*client, file, metadata, {}));
    const auto properties = run(azure::blobs::head(*client, file, {}));
    REQUIRE(properties);
    CHECK(properties->size == 9);
    CHECK(properties->metadata == metadata);
    CHECK(run(azure::blobs::head(*client, large, {}))->size == 3'000'010);

    auto listing = run(azure::blobs::list(*client, upload.container, "proj/", {}));
    const auto blobs = run(azure::collect(std::move(listing), {}));
    REQUIRE(blobs.size() == 3);
    CHECK(has_name(blobs, "proj/dir/a b#ü.py"));

    azure::CodeSpec spec;
    spec.code_uri = upload.blob_uri + "/proj";
    spec.hash = hash;
    const auto code = run(azure::codes::create_or_update(*client, workspace, name, "1", spec, {}));
    CHECK(code.name == name);
    CHECK(code.hash == hash);
    const auto found =
        run(azure::codes::find_by_hash(*client, workspace, random->uuid(), hash, {}));
    REQUIRE(found);
    CHECK(found->id == code.id);
    spec.code_uri += "2";
    CHECK(failure(azure::codes::create_or_update(*client, workspace, name, "1", spec, {})).kind() ==
          ErrorKind::Rejected);
}

TEST_CASE_FIXTURE(LiveFixture, "ranges of a blob: some, nothing new, not there, not allowed") {
    const auto upload =
        run(azure::codes::start_pending_upload(*client, workspace, random->uuid(), "1", {}));
    const auto file = azure::blobs::address(upload.container, "log.txt");
    CHECK(run(azure::blobs::get_range(*client, file, 0, 10, {})).missing);
    run(azure::blobs::put_blob(*client, file, http::Body("0123456789"), azure::Overwrite::Yes, {}));
    auto range = run(azure::blobs::get_range(*client, file, 4, 3, {}));
    CHECK(range.bytes == "456");
    CHECK(range.total == 10);
    range = run(azure::blobs::get_range(*client, file, 10, 3, {}));
    CHECK(range.bytes.empty());
    CHECK(range.total == 10);
    range = run(azure::blobs::get_range(*client, file, 50, 3, {}));
    CHECK(range.total == 10);
    auto address = file.url.reveal();
    address.replace(address.find("sig=") + 4, 3, "AAA");
    const auto error = failure(azure::blobs::get_range(*client, {Secret(address)}, 0, 1, {}));
    CHECK(error.kind() == ErrorKind::Forbidden);
    CHECK(error.details().azure_code == "AuthenticationFailed");
}
