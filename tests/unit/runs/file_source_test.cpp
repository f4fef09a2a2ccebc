#include "runs/file_source.hpp"

#include "runs/model_registration.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace aml;
using runs::entries_of;
using runs::FilePlace;

namespace {

const auto& models_workspace() {
    static const auto id = azure::ResourceId::workspace("s", "g", "w");
    return id;
}

std::optional<FilePlace> place(const std::string& uri) {
    return runs::place_of_uri(models_workspace(), uri);
}

}  // namespace

TEST_CASE("the address of a model says whether its files are those of a run or in a datastore") {
    const auto job = models_workspace().child("jobs", "brave_fig");
    const FilePlace of_run{.job = job, .path = "outputs/a b"};
    for (const std::string uri :
         {"azureml://jobs/brave_fig/outputs/artifacts/paths/outputs/a%20b/",
          "azureml://jobs/brave_fig/outputs/artifacts/outputs/a b",
          "azureml://datastores/workspaceartifactstore/ExperimentRun/dcid.brave_fig/outputs/a b",
          "azureml://subscriptions/s/resourceGroups/g/workspaces/w/datastores/"
          "workspaceartifactstore/paths/ExperimentRun/dcid.brave_fig/outputs/a%20b"}) {
        CAPTURE(uri);
        CHECK(place(uri) == of_run);
    }
    CHECK(place("azureml://datastores/mine/paths/models/m.pkl") ==
          FilePlace{.datastore = "mine", .path = "models/m.pkl"});
    CHECK(place("azureml://datastores/workspaceartifactstore/paths/other") ==
          FilePlace{.datastore = "workspaceartifactstore", .path = "other"});
    for (const std::string uri :
         {"https://a.blob.core.windows.net/c/m", "azureml:m:1", "azureml://jobs/j", "azureml://x"})
        CHECK_FALSE(place(uri));
}

TEST_CASE("of all files below a folder, what stands directly in it: folders first") {
    const std::vector<std::string> files{
        "README.md", "outputs/b.txt", "outputs/plots/1.png", "outputs/plots/2.png", "outputs2/c"};
    CHECK(entries_of(files, "") == std::vector<std::string>{"outputs/", "outputs2/", "README.md"});
    CHECK(entries_of(files, "outputs") == std::vector<std::string>{"plots/", "b.txt"});
    CHECK(entries_of(files, "none").empty());
}

TEST_CASE("a model is called by the rule of Azure, and a name by it is proposed") {
    for (const auto* good : {"m", "model-1_b", "0"}) CHECK_FALSE(runs::model_name_problem(good));
    for (const auto* bad : {"", "-m", "a b", "a.b", "模型"}) CHECK(runs::model_name_problem(bad));
    CHECK(runs::model_name_problem(std::string(256, 'a')));
    CHECK(runs::proposed_model_name("outputs/net v2.pkl") == "net_v2");
    CHECK(runs::proposed_model_name("outputs/模型") == "model______");
    CHECK(runs::proposed_model_name("model") == "model");
}
