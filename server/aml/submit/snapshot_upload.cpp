#include "submit/snapshot_upload.hpp"

#include "async/run_blocking.hpp"
#include "async/task_group.hpp"
#include "azure/blobs.hpp"
#include "snapshot/content.hpp"
#include "submit/upload_plan.hpp"

#include <fmt/format.h>

#include <functional>
#include <utility>
#include <vector>

namespace aml::submit {
namespace {

/// One upload; lives in `upload_snapshot` until all its parts have ended.
class Upload final {
public:
    Upload(azure::Client& client,
           asio::thread_pool& pool,
           std::shared_ptr<const snapshot::Listing> listing,
           azure::BlobAddress container,
           std::string folder,
           std::shared_ptr<SubmitReporter> reporter)
        : client_(client),
          pool_(pool),
          listing_(std::move(listing)),
          container_(std::move(container)),
          reporter_(std::move(reporter)),
          plan_(plan_upload(*listing_)),
          blocks_left_(plan_.blocks),
          folder_(std::move(folder)) {}

    asio::awaitable<void> run(std::stop_token stop) {
        std::function<asio::awaitable<void>(std::size_t, std::stop_token)> small =
            [this](std::size_t index, std::stop_token token) {
                return send(plan_.small[index], std::move(token));
            };
        std::function<asio::awaitable<void>(std::size_t, std::stop_token)> large =
            [this](std::size_t index, std::stop_token token) {
                return send(plan_.large[index], std::move(token));
            };
        co_await async::for_each_parallel(
            plan_.small.size(), UploadPlan::small_at_once, small, stop);
        co_await async::for_each_parallel(
            plan_.large.size(), UploadPlan::large_at_once, large, stop);
    }

private:
    asio::awaitable<void> send(UploadPart part, std::stop_token stop) {
        auto reading = [listing = listing_, part] {
            return snapshot::read_part(
                *listing, listing->files[part.file], part.offset, part.length);
        };
        auto bytes = co_await async::run_blocking(pool_, std::move(reading));
        http::Body body(std::move(bytes));
        auto blob =
            azure::blobs::address(container_, folder_ + "/" + listing_->files[part.file].path);
        if (plan_.blocks[part.file] == 0) {
            // A blob that exists is this one, sent before its answer was lost.
            co_await azure::blobs::put_blob(
                client_, std::move(blob), std::move(body), azure::Overwrite::No, std::move(stop));
            reporter_->uploaded(1, part.length);
            co_return;
        }
        auto id = block_id(part.block);
        co_await azure::blobs::put_block(client_, blob, std::move(id), std::move(body), stop);
        reporter_->uploaded(0, part.length);
        if (--blocks_left_[part.file] > 0) co_return;
        std::vector<std::string> ids;
        for (std::uint32_t block = 0; block < plan_.blocks[part.file]; ++block)
            ids.push_back(block_id(block));
        co_await azure::blobs::put_block_list(
            client_, std::move(blob), std::move(ids), azure::Overwrite::No, std::move(stop));
        reporter_->uploaded(1, 0);
    }

    azure::Client& client_;
    asio::thread_pool& pool_;
    std::shared_ptr<const snapshot::Listing> listing_;
    azure::BlobAddress container_;
    std::shared_ptr<SubmitReporter> reporter_;
    UploadPlan plan_;
    std::vector<std::uint32_t> blocks_left_;
    std::string folder_;
};

}  // namespace

asio::awaitable<void> upload_snapshot(azure::Client& client,
                                      asio::thread_pool& pool,
                                      std::shared_ptr<const snapshot::Listing> listing,
                                      azure::BlobAddress container,
                                      std::string folder,
                                      std::shared_ptr<SubmitReporter> reporter,
                                      std::stop_token stop) {
    reporter->start_upload(listing->files.size(), listing->bytes);
    Upload upload(client,
                  pool,
                  std::move(listing),
                  std::move(container),
                  std::move(folder),
                  std::move(reporter));
    co_await upload.run(std::move(stop));
}

}  // namespace aml::submit
