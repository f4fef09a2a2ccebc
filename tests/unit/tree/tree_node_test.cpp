#include "tree/tree_node.hpp"

#include "runs/run_filter.hpp"
#include "runs/run_status.hpp"
#include "tree/resource_details.hpp"
#include "tree/tree_branch.hpp"
#include "tree/tree_rows.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <string>
#include <tuple>
#include <utility>

using namespace aml;
using namespace aml;
using namespace aml::tree;
using namespace std::chrono_literals;

namespace {

const auto test_workspace = azure::ResourceId::workspace("S", "My-Group", "Space");

std::string_view kind_of(const std::string& id) {
    const auto address = parse_address(id);
    return address ? address->kind : "none";
}

runs::RunSnapshot a_run(std::string status) {
    runs::RunSnapshot run;
    run.job = test_workspace.child("jobs", "brave_fig_0");
    run.display_name = "train";
    run.experiment = "mnist";
    run.status = std::move(status);
    run.created_by = "Ada";
    run.target = "cpu";
    return run;
}

}  // namespace

TEST_CASE("the row of a file says whose it is, what it is called and in which folder it stands") {
    const auto job = test_workspace.child("jobs", "brave_fig");
    const auto model = test_workspace.child("models", "m").child("versions", "3");
    const auto run = run_row(job);
    const auto version = version_row(asset_row(test_workspace, "models", "m"), "3");
    const std::string folder = "outputs/a #1 b";
    for (const auto& [owner, id, folder_kind, file_kind] :
         {std::tuple{run, job, row_kind::run_folder, row_kind::run_file},
          std::tuple{version, model, row_kind::model_folder, row_kind::model_file}}) {
        const auto file = files_row(owner, file_kind, folder + "/100%.txt");
        const auto address = parse_address(file);
        REQUIRE(address);
        CHECK(address->kind == file_kind);
        CHECK(address->detail == folder + "/100%.txt");
        CHECK(owner_of_files(*address) == id);
        CHECK(list_of(file) == files_row(owner, folder_kind, folder));
        CHECK(list_of(files_row(owner, folder_kind, folder)) ==
              files_row(owner, folder_kind, "outputs"));
        CHECK(is_under(file, owner));
    }
    // All files of a run have a row of their own; those of a model stand below its version.
    const auto all = files_row(run, row_kind::run_folder, {});
    CHECK(parse_address(all)->detail.empty());
    CHECK(list_of(all) == run);
    CHECK(list_of(files_row(run, row_kind::run_folder, "outputs")) == all);
    CHECK(list_of(files_row(version, row_kind::model_folder, "outputs")) == version);
    CHECK(owner_of_files(*parse_address(version)) == model);
}

TEST_CASE("the id of every sort of row can be read back") {
    CHECK(kind_of(subscription_row("S")) == row_kind::subscription);
    CHECK(kind_of(workspace_row(test_workspace)) == row_kind::workspace);
    for (const auto& folder : rows::folders(test_workspace))
        CHECK(kind_of(folder.id) == folder.kind);
    CHECK(kind_of(experiment_row(test_workspace, "Mnist")) == row_kind::experiment);
    CHECK(parse_address(experiment_row(test_workspace, "Mnist"))->name == "Mnist");
    const auto run = parse_address(run_row(test_workspace.child("jobs", "Brave_Fig")));
    REQUIRE(run);
    CHECK(run->kind == row_kind::active_run);
    CHECK(run->name == "Brave_Fig");
    CHECK(run->workspace == test_workspace);
    const auto environment = asset_row(test_workspace, "environments", "sk");
    CHECK(kind_of(environment) == row_kind::environment);
    const auto version = parse_address(version_row(environment, "3"));
    REQUIRE(version);
    CHECK(version->kind == row_kind::environment_version);
    CHECK(version->name == "sk");
    CHECK(version->detail == "3");
    const auto node = parse_address(asset_row(test_workspace, "computes", "cpu") + "#node/tvm1");
    REQUIRE(node);
    CHECK(node->kind == row_kind::compute_node);
    CHECK(node->detail == "tvm1");
}

TEST_CASE("rows that are no resource have no address") {
    const auto experiment = experiment_row(test_workspace, "mnist");
    CHECK(kind_of(rows::load_more(experiment).id) == "none");
    CHECK(kind_of(rows::problem(experiment, "a", "b").id) == "none");
    CHECK(kind_of(rows::nothing(folder_row(test_workspace, row_kind::models), "x").id) == "none");
    CHECK(kind_of("") == "none");
    CHECK(kind_of("/subscriptions/") == "none");
    CHECK(kind_of("/subscriptions/s/resourceGroups/g") == "none");
    CHECK(kind_of("nonsense") == "none");
}

TEST_CASE("the path to a run leads through rows that exist") {
    const auto path = path_to_run(test_workspace.child("jobs", "r1"), "mnist");
    CHECK(path == std::vector<std::string>{subscription_row("s"),
                                           workspace_row(test_workspace),
                                           folder_row(test_workspace, row_kind::experiments),
                                           experiment_row(test_workspace, "mnist"),
                                           run_row(test_workspace.child("jobs", "r1"))});
    for (std::size_t i = 1; i < path.size() - 1; ++i) CHECK(is_under(path[i], path[i - 1]));
}

TEST_CASE("what stands under a row is told from what only looks like it") {
    const auto other = azure::ResourceId::workspace("S", "My-Group", "Space2");
    CHECK(is_under(workspace_row(test_workspace), workspace_row(test_workspace)));
    CHECK(!is_under(workspace_row(other), workspace_row(test_workspace)));
    CHECK(is_under(asset_row(test_workspace, "computes", "cpu"),
                   folder_row(test_workspace, row_kind::computes)));
    CHECK(!is_under(asset_row(test_workspace, "models", "m"),
                    folder_row(test_workspace, row_kind::computes)));
    CHECK(is_under("anything", ""));
}

TEST_CASE("a run's row says its state in words and shows it in colour") {
    const auto now = async::Clock::TimePoint(1000s);
    auto run = a_run("Queued");
    auto row = rows::run(run, now);
    CHECK(row.label == "train");
    CHECK(row.description == "waiting for a node · Ada");
    CHECK(row.kind == row_kind::active_run);
    CHECK(row.parent == experiment_row(test_workspace, "mnist"));
    run = a_run("Completed");
    run.started_at = now - 500s;
    run.ended_at = now - 308s;
    row = rows::run(run, now);
    CHECK(row.description == "completed · 3 min 12 s · Ada");
    CHECK(row.kind == row_kind::final_run);
    CHECK(row.icon_color == "charts.green");
    CHECK(row.tooltip.find("1970-01-01 00:08:20 UTC") != std::string::npos);
    run = a_run("Failed");
    run.error = azure::RunError{"UserError", "No module named *numpy*"};
    row = rows::run(run, now);
    CHECK(row.icon == "error");
    CHECK(row.tooltip.find("No module named \\*numpy\\*") != std::string::npos);
    CHECK(rows::run(a_run("Hibernating"), now).description == "Hibernating · Ada");
}

TEST_CASE("durations are short and in words") {
    CHECK(runs::duration_text(300ms) == "under 1 s");
    CHECK(runs::duration_text(45s) == "45 s");
    CHECK(runs::duration_text(192s) == "3 min 12 s");
    CHECK(runs::duration_text(2h + 5min + 9s) == "2 h 5 min");
}

TEST_CASE("a branch shows its failure with a way to try again, and keeps its rows") {
    const auto id = folder_row(test_workspace, row_kind::computes);
    const auto now = async::Clock::TimePoint(1000s);
    Branch branch;
    branch.problem = "You may not list computes.";
    auto shown = view(id, branch, {}, now);
    REQUIRE(shown.size() == 1);
    CHECK(shown.front().label == "Could not list the computes");
    CHECK(shown.front().description == "You may not list computes.");
    REQUIRE(shown.front().command);
    CHECK(shown.front().command->command == "azureml.tree.retry");
    branch.rows.append(TreeNode{.id = "a"});
    branch.listed_at = now - 5min;
    shown = view(id, branch, {}, now);
    REQUIRE(shown.size() == 2);
    CHECK(shown.front().label == "Not up to date, 5 min 0 s old");
    CHECK(shown.back().id == "a");
}

TEST_CASE("an empty branch says so kindly, and a signed-out top is left to the client's welcome") {
    const auto now = async::Clock::TimePoint(1000s);
    const auto shown = view(folder_row(test_workspace, row_kind::models), Branch(), {}, now);
    REQUIRE(shown.size() == 1);
    CHECK(shown.front().label == "No models yet");
    Branch signed_out;
    signed_out.problem = "Sign in.";
    signed_out.signed_out = true;
    CHECK(view("", signed_out, {}, now).empty());
    signed_out.rows.append(TreeNode{.id = "a"});
    const auto top = view("", signed_out, {}, now);
    REQUIRE(top.size() == 2);
    CHECK(top.front().command->command == "azureml.signIn");
}

TEST_CASE("a branch survives the disk") {
    Branch branch;
    branch.listed_at = async::Clock::TimePoint(1234567ms);
    branch.rows.append(rows::run(a_run("Running"), branch.listed_at));
    branch.rows.append(rows::folders(test_workspace).front());
    const auto back = branch_from_json(nlohmann::json::parse(to_json(branch).dump()));
    REQUIRE(back);
    CHECK(std::equal(back->rows.begin(), back->rows.end(), branch.rows.begin(), branch.rows.end()));
    CHECK(!back->has_more());
    CHECK(back->listed_at == branch.listed_at);
    CHECK(back->state == Branch::State::Cached);
    CHECK(!branch_from_json(nlohmann::json{{"rows", 7}}));
    auto other_language = to_json(branch);
    other_language["language"] = "zh-cn";
    CHECK(!branch_from_json(other_language));
    CHECK(!branch_from_json(nlohmann::json::array()));
}

TEST_CASE("of a long branch the disk keeps the first rows, and that there are more") {
    Branch branch;
    for (int i = 0; i < 150; ++i) branch.rows.append(TreeNode{.id = std::to_string(i)});
    const auto back = branch_from_json(to_json(branch));
    REQUIRE(back);
    CHECK(back->rows.size() == 100);
    CHECK(back->has_more());
    CHECK(view(folder_row(test_workspace, row_kind::models), *back, {}, {}).back().kind ==
          row_kind::more);
}

TEST_CASE("a list finds its rows by their ids, wherever it grew") {
    RowList rows;
    CHECK(rows.append(TreeNode{.id = "b", .label = "second"}));
    CHECK(rows.prepend(TreeNode{.id = "a"}));
    CHECK(!rows.append(TreeNode{.id = "a", .label = "again"}));
    CHECK(!rows.prepend(TreeNode{.id = "b"}));
    CHECK(rows.replace(TreeNode{.id = "a", .label = "first"}));
    CHECK(!rows.replace(TreeNode{.id = "c"}));
    const auto moved = std::move(rows);
    std::string labels;
    for (const auto& row : moved) labels += row.label + " ";
    CHECK(labels == "first second ");
    REQUIRE(moved.find("b") != nullptr);
    CHECK(moved.find("b")->label == "second");
    CHECK(moved.find("c") == nullptr);
}

TEST_CASE("details hide secrets and leave out what is not set") {
    const nlohmann::json raw{
        {"name", "n"},
        {"nothing", nullptr},
        {"properties",
         {{"accountKey", "abc"},
          {"token", "eyJ"},
          {"sshPublicKey", "ssh-rsa A"},
          {"clientSecret", "s"},
          {"logFiles",
           {{"user_logs/std_log.txt", "https://sa.blob.core.windows.net/c/b?sv=1&sig=abcdef"}}},
          {"list", {1, nullptr, "x"}}}}};
    const auto shown = presentable(raw);
    const auto text = shown.dump();
    CHECK(text.find("abc") == std::string::npos);
    CHECK(text.find("eyJ") == std::string::npos);
    CHECK(text.find("abcdef") == std::string::npos);
    CHECK(text.find("nothing") == std::string::npos);
    CHECK(shown["properties"]["sshPublicKey"] == "ssh-rsa A");
    CHECK(shown["name"] == "n");
}
