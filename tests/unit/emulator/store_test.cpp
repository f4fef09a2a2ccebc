#include "core/store.hpp"

#include "core/resources.hpp"
#include "core/runs.hpp"
#include "core/time.hpp"
#include "support/error_of.hpp"
#include "support/random.hpp"
#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

namespace aml::emulator::store_test {

namespace fs = std::filesystem;

namespace {

/// A folder that goes with the test.
struct StoreFolder {
    aml::test::TemporaryDirectory directory;

    fs::path file() const { return directory.path() / "emulator.db"; }
};

Workspace some_workspace() {
    Workspace workspace;
    workspace.id = "11111111-2222-3333-4444-555555555555";
    workspace.subscription = "sub";
    workspace.resource_group = "rg";
    workspace.name = "Ws";
    workspace.location = "eastus2";
    return workspace;
}

Run some_run(const std::string& id, Time created) {
    Run run;
    run.workspace_id = some_workspace().id;
    run.id = id;
    run.experiment_id = "e";
    run.created = created;
    return run;
}

std::string store_failure(const fs::path& file) {
    const auto error = aml::test::error_of([&] { const Store store(file); });
    CHECK(error.kind() == ErrorKind::Unavailable);
    return error.message();
}

}  // namespace

TEST_CASE("a second emulator on the same state is refused") {
    const StoreFolder folder;
    const Store store(folder.file());
    CHECK(store_failure(folder.file()).find("another emulator is using it") != std::string::npos);
}

TEST_CASE("a damaged state file is named and left alone") {
    const StoreFolder folder;
    std::ofstream(folder.file()) << std::string(8192, 'x');
    CHECK(store_failure(folder.file()).find("emulator.db") != std::string::npos);
    CHECK(fs::file_size(folder.file()) == 8192);
}

TEST_CASE("migrations run once and a newer state is refused") {
    const StoreFolder folder;
    {
        Store store(folder.file());
        store.migrate("part", {"CREATE TABLE t(a INTEGER)", "ALTER TABLE t ADD COLUMN b TEXT"});
        store.migrate("part", {"CREATE TABLE t(a INTEGER)", "ALTER TABLE t ADD COLUMN b TEXT"});
        store.execute("INSERT INTO t(a, b) VALUES(?, ?)",
                      {std::int64_t{1}, std::string("x\0y", 3)});
    }
    Store store(folder.file());
    std::string text;
    store.query("SELECT b FROM t", {}, [&](const Row& row) { text = row.text(0); });
    CHECK(text == std::string("x\0y", 3));
    CHECK_THROWS_AS(store.migrate("part", {"CREATE TABLE t(a INTEGER)"}), Error);
}

TEST_CASE("an inner transaction that is given up takes the outer one with it") {
    const StoreFolder folder;
    Store store(folder.file());
    {
        Transaction outer(store);
        store.set_fact("outer", "1");
        { const Transaction inner(store); }
        CHECK_THROWS_AS(outer.commit(), Error);
    }
    CHECK_FALSE(store.fact("outer"));
    Transaction next(store);
    store.set_fact("next", "1");
    next.commit();
    CHECK(store.fact("next") == "1");
}

TEST_CASE("names compare without regard to case and children go with their workspace") {
    const StoreFolder folder;
    Store store(folder.file());
    ResourceStore resources(store);
    const auto random = system_random();
    RunStore runs(store, *random);
    resources.put_workspace(some_workspace());
    Resource compute;
    compute.workspace_id = some_workspace().id;
    compute.type = "computes";
    compute.name = "Cpu";
    CHECK(resources.put(compute));
    compute.name = "CPU";
    CHECK_FALSE(resources.put(compute));
    CHECK(resources.find_workspace("SUB", "RG", "wS"));
    CHECK(resources.find(some_workspace().id, "COMPUTES", "cpu")->name == "Cpu");
    auto run = some_run("r", from_millis(1000));
    runs.insert(run);
    resources.put_workspace(some_workspace());
    CHECK(resources.find(some_workspace().id, "computes", "cpu"));
    resources.remove_workspace(some_workspace().id);
    CHECK_FALSE(resources.find(some_workspace().id, "computes", "cpu"));
    CHECK_FALSE(runs.find(some_workspace().id, "r"));
}

TEST_CASE("runs keep their fields, count revisions and page newest first") {
    const StoreFolder folder;
    Store store(folder.file());
    ResourceStore resources(store);
    const auto random = system_random();
    RunStore runs(store, *random);
    resources.put_workspace(some_workspace());
    for (int i = 0; i < 5; ++i) {
        auto run = some_run("r" + std::to_string(i), from_millis(1000 + i));
        runs.insert(run);
    }
    auto again = some_run("R0", from_millis(1));
    CHECK_THROWS_AS(runs.insert(again), Error);
    auto run = *runs.find(some_workspace().id, "r1");
    run.status = run_status::completed;
    run.ended = from_millis(5000);
    run.tags["k"] = "v";
    runs.update(run, from_millis(6000));
    const auto stored = *runs.find(some_workspace().id, "r1");
    CHECK(stored.revision == 2);
    CHECK(stored.status_revision == 1);
    CHECK(stored.ended == from_millis(5000));
    CHECK_FALSE(stored.started);
    CHECK(stored.tags["k"] == "v");
    CHECK(runs.unfinished().size() == 4);
    const auto first = runs.list_jobs(some_workspace().id, {0, 2});
    REQUIRE(first.size() == 2);
    CHECK(first[0].id == "r4");
    CHECK(runs.list_jobs(some_workspace().id, {first[1].sequence, 2})[0].id == "r2");
}

}  // namespace aml::emulator::store_test
