#include "local/transport.hpp"

#include "azure/artifacts.hpp"
#include "azure/blobs.hpp"
#include "azure/jobs.hpp"
#include "azure/metrics.hpp"
#include "azure/mlflow.hpp"
#include "azure/run_history.hpp"
#include "local/file_store.hpp"
#include "local/this_computer.hpp"
#include "runs/run_reader.hpp"
#include "support/error_of.hpp"
#include "support/fake_clock.hpp"
#include "support/run.hpp"
#include "support/seeded_random.hpp"
#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <fstream>
#include <string>
#include <vector>

using namespace aml;
using namespace std::chrono_literals;
using test::run;

namespace {

/// Two runs on the disk, and the way to them that the product has.
struct Here {
    Here() {
        make("old_fig_1", "mnist", 1'700'000'000'000ms);
        make("new_fig_2", "mnist", 1'700'000'100'000ms);
        local::write_end(folder("old_fig_1"), {.status = "Completed"});
        local::write_end(folder("new_fig_2"),
                         {.status = "Failed", .error = "Execution failed. Error: no"});
    }

    local::RunFolder folder(const std::string& name) const {
        return {directory.path() / ".azureml" / "runs" / name};
    }

    void make(const std::string& name,
              const std::string& experiment,
              std::chrono::milliseconds at) {
        const auto made = local::make_run_folder(directory.path() / ".azureml" / "runs", name);
        local::RunRecord record{.display_name = "the " + name, .experiment = experiment};
        record.user = "me";
        record.job = R"({"command": "python train.py"})";
        record.created_at = async::Clock::TimePoint(at);
        local::write_record(made, record);
        local::make_store(made, record);
    }

    void write(const std::string& name, const std::string& file, const std::string& text) const {
        const auto path = folder(name).root / file;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << text;
    }

    azure::Client& client() { return run(loop, access.connect({}))->client; }

    azure::DataPlane plane() { return run(loop, client().data_plane(workspace, {})); }

    azure::ResourceId job(const std::string& name) const { return workspace.child("jobs", name); }

    asio::io_context loop{1};
    asio::thread_pool pool{1};
    test::FakeClock clock{test::FakeClock::Mode::Jump};
    test::SeededRandom random{1};
    test::TemporaryDirectory directory;
    workspace::SavedState state{directory.path() / "state", pool, Log(), nullptr};
    local::Transport transport{state, [this] { return std::vector{directory.path() / "sub"}; }};
    async::TaskGroup tasks{loop.get_executor(), nullptr};
    workspace::AzureAccess access{{.transport = transport,
                                   .clock = clock,
                                   .random = random,
                                   .log = Log(),
                                   .user_agent = "test"},
                                  tasks,
                                  local::access_settings("test"),
                                  {}};
    azure::ResourceId workspace = local::this_computer();
};

}  // namespace

TEST_CASE("runs on this computer are listed as those of a workspace, newest first") {
    Here here;
    const auto listed = run(here.loop, runs::list_runs(here.client(), here.workspace, 10, {}));
    REQUIRE(listed.size() == 2);
    CHECK(listed[0].job == here.job("new_fig_2"));
    CHECK(listed[0].display_name == "the new_fig_2");
    CHECK(listed[0].experiment == "mnist");
    CHECK(listed[0].status == "Failed");
    CHECK(listed[0].error->message == "Execution failed. Error: no");
    CHECK(listed[1].status == "Completed");
    CHECK(listed[1].created_by == "me");
}

TEST_CASE("a run is found by its name, whatever its case, and one that there is not is not") {
    Here here;
    const auto found = run(here.loop, runs::find_run(here.client(), here.job("OLD_fig_1"), {}));
    REQUIRE(found);
    CHECK(found->status == "Completed");
    CHECK_FALSE(run(here.loop, runs::find_run(here.client(), here.job("no_fig_9"), {})));
    const auto properties =
        run(here.loop, azure::jobs::properties(here.client(), here.workspace, "old_fig_1", {}));
    CHECK(properties->at("command") == "python train.py");
}

TEST_CASE("experiments are those of the runs, and have their runs") {
    Here here;
    here.make("third_fig_3", "other", 1'700'000'200'000ms);
    const auto page =
        run(here.loop, azure::run_history::query_experiments(here.client(), here.plane(), {}));
    REQUIRE(page.items.size() == 2);
    CHECK(page.items[0].name == "other");
    const auto of_mnist =
        run(here.loop, runs::list_runs_of(here.client(), here.workspace, "mnist", 10, {}));
    CHECK(of_mnist.size() == 2);
    runs::RunSnapshot whole{.job = here.job("old_fig_1"), .experiment = "mnist"};
    CHECK(run(here.loop, runs::list_parts_of(here.client(), whole, 10, {})).empty());
}

TEST_CASE("metrics are those that MLflow has logged, NaN among them") {
    Here here;
    here.write("old_fig_1",
               ".run/mlflow/0/old_fig_1/metrics/loss",
               "1700000001000 0.5 1\n1700000002000 nan 2\n");
    here.write("old_fig_1", ".run/mlflow/0/old_fig_1/params/lr", "0.1");
    const auto last =
        run(here.loop, azure::metrics::last_values(here.client(), here.plane(), "old_fig_1", {}));
    REQUIRE(last.size() == 1);
    CHECK(last[0].name == "loss");
    CHECK(last[0].rows.at(0).step == 2);
    CHECK(std::isnan(*last[0].last_number()));
    const auto all = run(
        here.loop,
        azure::metrics::full(here.client(), here.plane(), "old_fig_1", "loss", std::nullopt, {}));
    CHECK(all.rows.size() == 2);
    const async::Clock::TimePoint since(1'700'000'001'500ms);
    const auto later =
        run(here.loop,
            azure::metrics::full(here.client(), here.plane(), "old_fig_1", "loss", since, {}));
    CHECK(later.rows.size() == 1);
    const auto logged =
        run(here.loop, azure::mlflow::search_runs(here.client(), here.plane(), {"mnist"}, 100, {}));
    CHECK(logged.items.at(1).parameters.at("lr") == "0.1");
}

TEST_CASE("files are those that the run has stored, and are read in parts") {
    Here here;
    here.write("old_fig_1", "outputs/a b/model.txt", "0123456789");
    here.write("old_fig_1", "code/train.py", "print(1)");
    here.write("old_fig_1", "user_logs/std_log.txt", "hello\n");
    const auto page =
        run(here.loop, azure::artifacts::list(here.client(), here.plane(), "old_fig_1", "", {}));
    std::vector<std::string> paths;
    for (const auto& file : page.items) paths.push_back(file.path);
    CHECK(paths == std::vector<std::string>{"outputs/a b/model.txt", "user_logs/std_log.txt"});
    const auto details =
        run(here.loop, azure::run_history::details(here.client(), here.plane(), "old_fig_1", {}));
    REQUIRE(details.log_files.size() == 1);
    const auto file =
        run(here.loop,
            azure::artifacts::content_info(
                here.client(), here.plane(), "old_fig_1", "outputs/a b/model.txt", {}));
    const azure::BlobAddress address{file->content_uri};
    const auto part = run(here.loop, azure::blobs::get_range(here.client(), address, 2, 3, {}));
    CHECK(part.bytes == "234");
    CHECK(part.total == 10);
    const auto past = run(here.loop, azure::blobs::get_range(here.client(), address, 10, 3, {}));
    CHECK(past.bytes.empty());
    CHECK(past.total == 10);
    CHECK(run(here.loop, azure::blobs::head(here.client(), address, {}))->size == 10);
}

TEST_CASE("no file outside of what the run has stored can be read") {
    Here here;
    here.write("old_fig_1", "code/secret.txt", "x");
    for (const std::string path : {"../new_fig_2/outputs/x", ".run/run.json", "code/secret.txt"}) {
        CAPTURE(path);
        const auto file =
            run(here.loop,
                azure::artifacts::content_info(here.client(), here.plane(), "old_fig_1", path, {}));
        const azure::BlobAddress address{file->content_uri};
        CHECK(run(here.loop, azure::blobs::get_range(here.client(), address, 0, 9, {})).missing);
    }
}

TEST_CASE("what only Azure can do is refused in words") {
    Here here;
    const auto error = test::error_of([&] {
        run(here.loop,
            azure::jobs::create_or_update(
                here.client(), here.workspace, "old_fig_1", nlohmann::json::object(), {}));
    });
    CHECK(error.message().find("this is possible with runs in Azure only") != std::string::npos);
}
