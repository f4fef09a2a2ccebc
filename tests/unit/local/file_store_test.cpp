#include "local/file_store.hpp"

#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cmath>
#include <fstream>
#include <iterator>
#include <string>

using namespace aml;
using local::RunFolder;

namespace {

struct StoredRun {
    StoredRun() {
        local::RunRecord record{.display_name = "first: \"try\"", .experiment = "mnist"};
        record.created_at = async::Clock::TimePoint(std::chrono::milliseconds(1'700'000'000'123));
        local::make_store(folder, record);
    }

    std::filesystem::path place() const { return folder.store() / "0" / folder.name(); }

    void log(const std::string& file, const std::string& text) const {
        const auto path = place() / file;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary | std::ios::app) << text;
    }

    test::TemporaryDirectory directory;
    RunFolder folder{directory.path() / "a b" / "brave_fig_1"};
};

nlohmann::json meta_of(const std::filesystem::path& folder) {
    std::ifstream file(folder / "meta.yaml");
    return nlohmann::json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
}

}  // namespace

TEST_CASE("a store has the experiment and the run, whose artifacts go to the run's folder") {
    const StoredRun run;
    CHECK(meta_of(run.folder.store() / "0").at("name") == "mnist");
    const auto meta = meta_of(run.place());
    CHECK(meta.at("run_id") == "brave_fig_1");
    CHECK(meta.at("run_name") == "first: \"try\"");
    CHECK(meta.at("start_time") == 1'700'000'000'123);
    CHECK(meta.at("artifact_uri") == local::file_uri(run.folder.root));
    CHECK(local::file_uri(run.folder.root).ends_with("/a%20b/brave_fig_1"));
    CHECK(local::logged_metrics(run.folder).empty());
}

TEST_CASE("metrics are read line by line, and a line that is being written is left for later") {
    const StoredRun run;
    run.log("metrics/loss", "1700000001000 0.5 1\n1700000002000 nan 2\n17000000030");
    run.log("metrics/val/acc", "1700000001000 0.25\nrubbish\n");
    const auto metrics = local::logged_metrics(run.folder);
    REQUIRE(metrics.size() == 2);
    const auto& loss = metrics.at("loss");
    REQUIRE(loss.size() == 2);
    CHECK(loss[0].value == 0.5);
    CHECK(loss[0].step == 1);
    CHECK(loss[0].time.time_since_epoch() == std::chrono::milliseconds(1'700'000'001'000));
    CHECK(std::isnan(loss[1].value));
    REQUIRE(metrics.at("val/acc").size() == 1);
    CHECK(metrics.at("val/acc")[0].step == 0);
}

TEST_CASE("parameters and tags are the texts of their files") {
    const StoredRun run;
    run.log("params/optimizer/lr", "0.1");
    run.log("tags/note", "two\nlines \xFF");
    CHECK(local::logged_parameters(run.folder) == local::LoggedTexts{{"optimizer/lr", "0.1"}});
    CHECK(local::logged_tags(run.folder) ==
          local::LoggedTexts{{"note", "two\nlines \xEF\xBF\xBD"}});
}

TEST_CASE("a path of Windows becomes an address with its drive") {
    CHECK(local::file_uri("C:/my runs/x") == "file:///C:/my%20runs/x");
    CHECK(local::file_uri("/my runs/x") == "file:///my%20runs/x");
}
