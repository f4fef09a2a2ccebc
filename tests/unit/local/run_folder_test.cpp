#include "local/run_folder.hpp"

#include "execution/supervisor.hpp"
#include "platform/file.hpp"
#include "support/error_of.hpp"
#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <string>

using namespace aml;
using local::RunFolder;

namespace {

/// A run whose files a test writes, as the programs that take part leave them.
struct WrittenRun {
    WrittenRun() {
        local::RunRecord record{.display_name = "first", .experiment = "mnist"};
        record.command = "python train.py";
        local::write_record(folder, record);
    }

    void write(const std::filesystem::path& file, const std::string& text = "") const {
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file, std::ios::binary) << text;
    }

    /// The supervisor has begun; how the command ended, if it has.
    void launch(const std::string& exit = "") const {
        const execution::SupervisorFiles files(folder.process());
        write(files.lock);
        write(files.supervisor);
        if (!exit.empty()) write(files.exit, exit);
    }

    std::string status() const { return local::state_of(folder).status; }

    test::TemporaryDirectory directory;
    RunFolder folder = local::make_run_folder(directory.path() / ".azureml" / "runs", "fig_1");
};

}  // namespace

TEST_CASE("the folder of a run is ignored by git, and its name is used once") {
    const WrittenRun run;
    const auto runs = run.folder.root.parent_path();
    std::ifstream ignored(runs / ".gitignore");
    std::string line;
    CHECK(std::getline(ignored, line));
    CHECK(line == "*");
    const auto again = test::error_of([&] { local::make_run_folder(runs, "fig_1"); });
    CHECK(again.kind() == ErrorKind::Conflict);
    CHECK(again.message().starts_with("There is a run named fig_1 on this computer already."));
    CHECK(local::find_runs_folder(run.folder.code()) == runs);
}

TEST_CASE("a folder is a run once it has a record, which says what is known") {
    const WrittenRun run;
    const auto runs = run.folder.root.parent_path();
    const auto bare = local::make_run_folder(runs, "debug_1");
    REQUIRE(local::runs_in(runs).size() == 1);
    CHECK(local::runs_in(runs).front().root == run.folder.root);
    CHECK(local::record_of(run.folder)->experiment == "mnist");
    CHECK_FALSE(local::record_of(bare));
}

TEST_CASE("a run is prepared as long as somebody holds it") {
    const WrittenRun run;
    auto preparing = platform::File::open_or_create(run.folder.preparing());
    preparing.lock();
    CHECK(run.status() == "Starting");
    run.write(run.folder.build() / "lock");
    CHECK(run.status() == "Preparing");
    local::cancel(run.folder);
    CHECK(run.status() == "CancelRequested");
}

TEST_CASE("a run that nobody prepares any more has failed, and says so from then on") {
    const WrittenRun run;
    { const auto preparing = platform::File::open_or_create(run.folder.preparing()); }
    const auto state = local::state_of(run.folder);
    CHECK(state.status == "Failed");
    CHECK(state.error ==
          "The program that prepared the run was ended before the run's command began. Run it "
          "again.");
    CHECK(state.ended_at);
    // It has ended, so that nobody can end it.
    local::cancel(run.folder);
    CHECK(run.status() == "Failed");
}

TEST_CASE("a run goes on as long as its supervisor lives, and is asked to end through it") {
    const WrittenRun run;
    run.launch();
    const execution::SupervisorFiles files(run.folder.process());
    auto supervisor = platform::File::open_or_create(files.lock);
    supervisor.lock();
    CHECK(run.status() == "Running");
    local::cancel(run.folder);
    CHECK(run.status() == "CancelRequested");
    CHECK(std::filesystem::exists(files.stop));
}

TEST_CASE("how a command ended is how its run did") {
    SUBCASE("well") {
        const WrittenRun run;
        run.launch("code 0\n");
        CHECK(run.status() == "Completed");
        CHECK(local::state_of(run.folder).error.empty());
    }
    SUBCASE("with an exception") {
        const WrittenRun run;
        run.launch("code 3\n");
        run.write(run.folder.log(), "Traceback (most recent call last):\nValueError: no\n");
        const auto state = local::state_of(run.folder);
        CHECK(state.status == "Failed");
        CHECK(state.error.starts_with(
            "Execution failed. User process 'python' exited with status code 3."));
        CHECK(state.error.ends_with("ValueError: no"));
    }
    SUBCASE("by a signal") {
        const WrittenRun run;
        run.launch("signal 9 Killed\n");
        CHECK(local::state_of(run.folder).error.find("was ended by signal 9 (Killed)") !=
              std::string::npos);
    }
    SUBCASE("since it was cancelled") {
        const WrittenRun run;
        run.launch("signal 15 Terminated\n");
        run.write(run.folder.cancelled());
        CHECK(run.status() == "Canceled");
    }
    SUBCASE("with its supervisor") {
        const WrittenRun run;
        run.launch();
        const auto state = local::state_of(run.folder);
        CHECK(state.status == "Failed");
        CHECK(state.error.starts_with("The run's process was lost"));
    }
}

TEST_CASE("an end that was written down counts") {
    const WrittenRun run;
    local::write_end(run.folder, {.status = "Failed", .error = "Image build failed."});
    const auto state = local::state_of(run.folder);
    CHECK(state.status == "Failed");
    CHECK(state.error == "Image build failed.");
    CHECK(local::has_ended(state));
}
