// Uploads a folder with the server's own code, through its real transport, to the container whose
// address with a SAS is in AML_UPLOAD_CONTAINER; then reads back what lies there. Prints one line
// of JSON: what was reported and found, or the error as the user would be told it.
// usage: aml_blob_upload FOLDER

#include "async/clock.hpp"
#include "azure/blobs.hpp"
#include "azure/client.hpp"
#include "http/cpprest_transport.hpp"
#include "http/policies.hpp"
#include "snapshot/digest.hpp"
#include "snapshot/listing.hpp"
#include "submit/snapshot_upload.hpp"
#include "support/error.hpp"
#include "support/random.hpp"
#include "support/run.hpp"

#include <nlohmann/json.hpp>

#include <cstdlib>
#include <iostream>

namespace {

using namespace aml;
using nlohmann::json;

constexpr std::uint64_t read_at_once = 4 * 1024 * 1024;

/// The server's way to storage, with nothing faked.
struct Storage {
    template <typename T>
    T run(asio::awaitable<T> task) {
        return test::run(loop, std::move(task));
    }

    asio::io_context loop{1};
    asio::thread_pool pool{2};
    std::unique_ptr<async::Clock> clock = async::system_clock();
    std::unique_ptr<Random> random = system_random();
    std::unique_ptr<http::Transport> transport = std::make_unique<http::CpprestTransport>();
    http::PipelineParts parts{*transport, *clock, *random, Log(), "aml-tests", {}};
    http::Pipeline pipeline = http::make_anonymous_pipeline(parts);
    // The address has the right to act, so that nobody is asked for a token.
    azure::Client client{pipeline, pipeline, *clock, http::Cloud()};
};

/// SHA-256 of a blob that is read piece by piece, as logs and artifacts are.
std::string hash_of(Storage& storage,
                    const azure::BlobAddress& container,
                    const azure::BlobItem& item) {
    snapshot::Digest hash(snapshot::Digest::Algorithm::Sha256);
    std::uint64_t offset = 0;
    for (;;) {
        auto url = azure::blobs::address(container, item.name);
        const auto range = storage.run(azure::blobs::get_range(
            storage.client, std::move(url), offset, read_at_once, std::stop_token()));
        hash.update(range.bytes);
        offset += range.bytes.size();
        if (range.bytes.empty() || offset >= range.total) return hash.finish();
    }
}

json found_in(Storage& storage, const azure::BlobAddress& container) {
    auto page = storage.run(azure::blobs::list(storage.client, container, "", std::stop_token()));
    const auto items = storage.run(azure::collect(std::move(page), std::stop_token(), 1'000'000));
    auto found = json::object();
    for (const auto& item : items) {
        auto url = azure::blobs::address(container, item.name);
        const auto properties =
            storage.run(azure::blobs::head(storage.client, std::move(url), std::stop_token()));
        found[item.name] = {{"size", properties ? json(properties->size) : json()},
                            {"sha256", hash_of(storage, container, item)}};
    }
    return found;
}

json upload(Storage& storage, const std::string& folder, const azure::BlobAddress& container) {
    auto listing =
        std::make_shared<const snapshot::Listing>(snapshot::list_files(folder, std::stop_token()));
    submit::SubmitProgress last;
    auto reporter = std::make_shared<submit::SubmitReporter>(
        storage.loop.get_executor(), *storage.clock, [&](const submit::SubmitProgress& progress) {
            last = progress;
        });
    test::run(storage.loop,
              submit::upload_snapshot(storage.client,
                                      storage.pool,
                                      listing,
                                      container,
                                      listing->folder_name(),
                                      reporter,
                                      std::stop_token()));
    auto first = azure::blobs::address(container,
                                       listing->folder_name() + "/" + listing->files.front().path);
    const std::map<std::string, std::string> mark{{"upload_status", "completed"}};
    test::run(
        storage.loop,
        azure::blobs::set_metadata(storage.client, std::move(first), mark, std::stop_token()));
    return {{"folder", listing->folder_name()},
            {"marked", listing->files.front().path},
            {"filesReported", last.files_done},
            {"bytesReported", last.bytes_done},
            {"found", found_in(storage, container)}};
}

}  // namespace

int main(int argc, char** argv) {
    const char* container = std::getenv("AML_UPLOAD_CONTAINER");
    if (argc != 2 || container == nullptr) {
        std::cerr << "usage: AML_UPLOAD_CONTAINER=SAS aml_blob_upload FOLDER\n";
        return 2;
    }
    http::initialize_transport_threads();
    Storage storage;
    try {
        std::cout << upload(storage, argv[1], {Secret(container)}).dump() << '\n';
        return EXIT_SUCCESS;
    } catch (const Error& error) {
        const json failure{{"kind", to_string(error.kind())},
                           {"message", error.message()},
                           {"azureCode", error.details().azure_code}};
        std::cout << failure.dump() << '\n';
        return EXIT_FAILURE;
    }
}
