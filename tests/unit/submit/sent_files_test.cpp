#include "submit/sent_files.hpp"

#include "snapshot/listing.hpp"
#include "submit/run_plan.hpp"
#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

using namespace aml;
using namespace aml::submit;

namespace {

SentFolder folder_of(const test::TemporaryDirectory& folder) {
    SentFolder sent{.path = folder.path(), .is_code = true};
    sent.listing =
        std::make_shared<const snapshot::Listing>(snapshot::list_files(folder.path(), {}));
    return sent;
}

std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

RunPlan planned() {
    RunPlan plan;
    plan.compute.name = "cpu";
    plan.compute.vm_size = "Standard_DS3_v2";
    plan.compute.price = azure::VmPrice{.per_hour = 0.27, .currency = "USD"};
    plan.compute.free = 1;
    plan.compute.most = 4;
    plan.compute.cores = 4;
    plan.compute.quota = azure::Usage{.current = 8, .limit = 24};
    plan.image = {.name = "sklearn", .state = ImageState::ToBuild};
    plan.folders = {
        {.path = "/p", .files = 8, .bytes = 2048, .missing_files = 8, .missing_bytes = 2048}};
    return plan;
}

}  // namespace

TEST_CASE("what is sent says sizes, and which line of which file leaves out the rest") {
    const test::TemporaryDirectory folder;
    folder.write("train.py", "print(1)");
    folder.write("data/a.csv", std::string(3000, 'x'));
    folder.write("data/b.tmp", "x");
    folder.write("cache/c.txt", "x");
    folder.write(".amlignore", "# notes\r\n\r\ncache/\n");
    folder.write("data/.amlignore", "*.tmp");
    auto sent = folder_of(folder);
    sent.findings = {
        {folder.path(), {snapshot::Concern::LargeData, "data/", 2, 3005}, ".amlignore"}};
    sent.stays = {"secret.env"};
    const auto text = sent_text({sent});
    const auto has = [&](const std::string& part) {
        CHECK_MESSAGE(text.find(part) != std::string::npos, part, " in ", text);
    };
    has(fmt::format("Code: {}\n4 files, ", folder.path().string()));
    has("Check before it goes:\n    3.0 KB  data/  (large data, 2 files, 3.0 KB)\n");
    has("Folders:\n    3.0 KB  data/  (2 files, 3.0 KB)\n");
    has("Files, the largest first:\n    3.0 KB  data/a.csv\n");
    has("Left out:\n  secret.env  (as you have said)\n  cache/  (.amlignore:3: cache/)\n"
        "  data/b.tmp  (data/.amlignore:1: *.tmp)\n");
    CHECK(sent_text({}) == "Nothing of this computer is sent.\n");
}

TEST_CASE("of very many files the small ones are counted only") {
    snapshot::Listing listing;
    for (int i = 0; i < 20'000; ++i) {
        listing.files.push_back({.path = fmt::format("d{}/f{}", i % 200, i)});
        listing.files.back().stamp.size = static_cast<std::uint64_t>(i);
    }
    SentFolder sent{.path = "/p"};
    sent.listing = std::make_shared<const snapshot::Listing>(std::move(listing));
    const auto text = sent_text({sent});
    CHECK(std::count(text.begin(), text.end(), '\n') < 600);
    CHECK(text.find("d199/f19999\n") != std::string::npos);
    CHECK(text.find("19500 smaller files\n") != std::string::npos);
}

TEST_CASE("a line that leaves something out leaves out just that") {
    CHECK(ignore_line("data/") == "/data/");
    CHECK(ignore_line("#a") == "/#a");
    CHECK(ignore_line("a[1]*?.txt") == "/a\\[1]\\*\\?.txt");
    CHECK(ignore_line("a ") == "/a\\ ");
    const test::TemporaryDirectory folder;
    folder.write("a[1].txt", "x");
    folder.write("a1.txt", "x");
    folder.write("deep/a[1].txt", "x");
    const auto file = folder.path() / ".amlignore";
    add_ignore_line(file, ignore_line("a[1].txt"));
    CHECK(bytes_of(file) == "/a\\[1].txt\n");
    std::vector<std::string> paths;
    const auto sent = folder_of(folder);
    for (const auto& one : sent.listing->files) paths.push_back(one.path);
    CHECK(paths == std::vector<std::string>{".amlignore", "a1.txt", "deep/a[1].txt"});
    folder.write("other", "one\r\ntwo");
    add_ignore_line(folder.path() / "other", "/x");
    CHECK(bytes_of(folder.path() / "other") == "one\r\ntwo\r\n/x\r\n");
}

TEST_CASE("a plan is one line, and several for a terminal") {
    auto plan = planned();
    CHECK(
        plan_line(plan) ==
        "cpu · Standard_DS3_v2 · $0.27 an hour · 1 node free, none to start · image to be built · "
        "8 files to send, 2.0 KB · 16 of 24 cores left");
    plan.compute.wanted = 3;
    plan.folders[0].missing_files = 0;
    plan.image.state = ImageState::Ready;
    plan.compute.low_priority = true;
    plan.compute.quota.reset();
    CHECK(plan_line(plan) ==
          "cpu · Standard_DS3_v2 · low priority · 3 × $0.27 an hour · 1 node free, 2 to start · "
          "image ready · all 8 files there already");
    const auto told = to_json(plan);
    CHECK(told["compute"]["nodesToStart"] == 2);
    CHECK(told["image"] == nlohmann::json{{"name", "sklearn"}, {"state", "ready"}});
    plan.problems = {"It is full."};
    CHECK(plan_lines(plan).back() == "Problem: It is full.");
}
