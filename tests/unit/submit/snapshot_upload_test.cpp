#include "submit/snapshot_upload.hpp"

#include "snapshot/listing.hpp"
#include "submit/upload_pace.hpp"
#include "support/error.hpp"
#include "unit/submit/submit_bench.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace aml;
using test::SubmitBench;

namespace {

snapshot::File file(std::string path, std::uint64_t size) {
    snapshot::File result;
    result.path = std::move(path);
    result.stamp.size = size;
    return result;
}

struct UploadBench : SubmitBench {
    void upload() {
        auto listing =
            std::make_shared<const snapshot::Listing>(snapshot::list_files(project.path(), {}));
        auto reporter = std::make_shared<submit::SubmitReporter>(
            loop.get_executor(), clock, [this](const submit::SubmitProgress& step) {
                progress.push_back(step);
            });
        azure::BlobAddress container{Secret("https://sa1.blob.core.windows.net/c?sig=secret")};
        auto folder = listing->folder_name();
        test::run(loop,
                  submit::upload_snapshot(client,
                                          pool,
                                          std::move(listing),
                                          std::move(container),
                                          std::move(folder),
                                          reporter,
                                          {}));
    }

    std::string content(const std::string& path) {
        return azure.blobs["c/" + project.path().filename().string() + "/" + path];
    }
};

}  // namespace

TEST_CASE("files go whole up to a block, larger ones in blocks, and what is small goes first") {
    snapshot::Listing listing;
    constexpr auto block = submit::UploadPlan::block_size;
    listing.files = {file("d", 2 * block + 1), file("c", block), file("b", 1000), file("a", 0)};
    const auto plan = submit::plan_upload(listing);
    CHECK(plan.blocks == std::vector<std::uint32_t>{3, 0, 0, 0});
    REQUIRE(plan.parts.size() == 6);
    std::vector<std::size_t> files;
    for (const auto& part : plan.parts) files.push_back(part.file);
    CHECK(files == std::vector<std::size_t>{3, 0, 2, 0, 0, 1});
    CHECK(plan.parts[1].offset == 2 * block);
    CHECK(plan.parts[1].length == 1);
    CHECK(plan.parts[4].offset == block);
    CHECK(plan.parts[4].length == block);
}

TEST_CASE("a file for which 50,000 blocks of the usual size would not do gets larger ones") {
    snapshot::Listing listing;
    listing.files = {file("huge", 60'000 * submit::UploadPlan::block_size)};
    const auto plan = submit::plan_upload(listing);
    CHECK(plan.blocks[0] <= 50'000);
    std::uint64_t end = 0;
    for (const auto& part : plan.parts) end = std::max(end, part.offset + part.length);
    CHECK(end == listing.files[0].stamp.size);
}

TEST_CASE("block ids of one blob are equally long and in order") {
    CHECK(submit::block_id(0).size() == submit::block_id(49'999).size());
    CHECK(submit::block_id(9) < submit::block_id(10));
}

TEST_CASE("every byte arrives under its path, and only so much is in flight") {
    UploadBench bench;
    std::string large(20'000'000, '\0');
    for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * 7 % 251);
    bench.project.write("data/large.bin", large);
    bench.project.write("data/medium.bin", large.substr(0, 3'000'000));
    bench.project.write("empty", "");
    for (int i = 0; i < 100; ++i)
        bench.project.write("many/" + std::to_string(i), std::string(1000, 'x'));
    bench.upload();
    CHECK((bench.content("data/large.bin") == large));
    CHECK((bench.content("data/medium.bin") == large.substr(0, 3'000'000)));
    CHECK(bench.content("train.py") == "print('hi')\n");
    CHECK(bench.azure.blobs.count("c/" + bench.project.path().filename().string() + "/empty") == 1);
    CHECK(bench.azure.blobs.size() == 106);
    CHECK(bench.azure.most_running <= submit::UploadPace::most);
    CHECK(bench.azure.most_bytes_running <= submit::UploadPlan::most_bytes);
    CHECK(bench.progress.back().bytes_done == bench.progress.back().bytes_total);
    CHECK(bench.progress.back().files_done == 106);
}

TEST_CASE("names are encoded in addresses") {
    UploadBench bench;
    bench.project.write("with space/ä#.py", "x");
    // Which no name of Windows has.
    const bool has_marks = std::filesystem::path::preferred_separator == '/';
    if (has_marks) bench.project.write("what?.py", "y");
    bench.upload();
    CHECK(bench.content("with%20space/%C3%A4%23.py") == "x");
    if (has_marks) CHECK(bench.content("what%3F.py") == "y");
}

TEST_CASE("the first failed file stops the upload with its reason") {
    UploadBench bench;
    for (int i = 0; i < 50; ++i) bench.project.write("many/" + std::to_string(i), "x");
    bench.azure.intercept = [](const http::Request& request) -> std::optional<http::Response> {
        if (request.url.find("many/1?") == std::string::npos) return std::nullopt;
        return http::Response{403, {{"x-ms-error-code", "AuthorizationFailure"}}, ""};
    };
    CHECK_THROWS_AS(bench.upload(), Error);
    CHECK(bench.azure.running == 0);
    CHECK(bench.azure.blobs.size() < 53);
}

TEST_CASE("a file that changes between hash and upload is named") {
    UploadBench bench;
    auto listing =
        std::make_shared<const snapshot::Listing>(snapshot::list_files(bench.project.path(), {}));
    bench.project.write("train.py", "something else entirely");
    auto reporter =
        std::make_shared<submit::SubmitReporter>(bench.loop.get_executor(), bench.clock, nullptr);
    azure::BlobAddress container{Secret("https://sa1.blob.core.windows.net/c?sig=secret")};
    CHECK_THROWS_WITH_AS(
        test::run(
            bench.loop,
            submit::upload_snapshot(
                bench.client, bench.pool, listing, std::move(container), "folder", reporter, {})),
        doctest::Contains("train.py changed while it was being read"),
        Error);
}
