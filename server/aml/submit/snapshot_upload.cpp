#include "submit/snapshot_upload.hpp"

#include "async/linked_stop.hpp"
#include "async/run_blocking.hpp"
#include "async/task_group.hpp"
#include "azure/blobs.hpp"
#include "snapshot/content.hpp"
#include "submit/upload_pace.hpp"
#include "support/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace aml::submit {
namespace {

// Put Block List, limits of block blobs.
constexpr std::uint64_t max_blocks = 50'000;

/// One upload; lives in `upload_snapshot` until all its parts have ended.
class Upload final {
public:
    Upload(const asio::any_io_executor& executor,
           azure::Client& client,
           asio::thread_pool& pool,
           std::shared_ptr<const snapshot::Listing> listing,
           azure::BlobAddress container,
           std::string folder,
           std::shared_ptr<SubmitReporter> reporter,
           std::stop_token stop)
        : client_(client),
          pool_(pool),
          listing_(std::move(listing)),
          container_(std::move(container)),
          reporter_(std::move(reporter)),
          plan_(plan_upload(*listing_)),
          blocks_left_(plan_.blocks),
          folder_(std::move(folder)),
          pace_(client.clock().now()),
          stop_(std::move(stop)),
          sending_(executor, nullptr) {}

    /// Ends when nothing is under way any more.
    asio::awaitable<void> run() {
        start_parts();
        co_await sending_.join();
        if (failure_) std::rethrow_exception(failure_);
        if (stop_.token().stop_requested()) throw cancelled();
    }

private:
    /// Starts what may be under way now: at the beginning, and whenever a request has ended.
    void start_parts() {
        while (next_ < plan_.parts.size() && !stop_.token().stop_requested()) {
            const auto& part = plan_.parts[next_];
            const bool fits = bytes_running_ + part.length <= UploadPlan::most_bytes;
            if (running_ > 0 && (running_ >= pace_.at_once() || !fits)) return;
            ++next_;
            ++running_;
            bytes_running_ += part.length;
            sending_.spawn(send(part));
        }
    }

    asio::awaitable<void> send(UploadPart part) {
        try {
            co_await upload(part, stop_.token());
        } catch (...) {
            if (!failure_) failure_ = std::current_exception();
            stop_.request_stop();
        }
        --running_;
        bytes_running_ -= part.length;
        start_parts();
    }

    asio::awaitable<void> upload(UploadPart part, std::stop_token stop) {
        auto reading = [listing = listing_, part] {
            return snapshot::read_part(
                *listing, listing->files[part.file], part.offset, part.length);
        };
        auto bytes = co_await async::run_blocking(pool_, std::move(reading));
        http::Body body(std::move(bytes));
        auto blob =
            azure::blobs::address(container_, folder_ + "/" + listing_->files[part.file].path);
        const auto began = client_.clock().now();
        if (plan_.blocks[part.file] == 0) {
            // A blob that exists is this one, sent before its answer was lost.
            const auto written = co_await azure::blobs::put_blob(
                client_, std::move(blob), std::move(body), azure::Overwrite::No, std::move(stop));
            note(written, part, began);
            reporter_->uploaded(1, part.length);
            co_return;
        }
        auto id = block_id(part.block);
        const auto written =
            co_await azure::blobs::put_block(client_, blob, std::move(id), std::move(body), stop);
        note(written, part, began);
        reporter_->uploaded(0, part.length);
        if (--blocks_left_[part.file] > 0) co_return;
        std::vector<std::string> ids;
        for (std::uint32_t block = 0; block < plan_.blocks[part.file]; ++block)
            ids.push_back(block_id(block));
        co_await azure::blobs::put_block_list(
            client_, std::move(blob), std::move(ids), azure::Overwrite::No, std::move(stop));
        reporter_->uploaded(1, 0);
    }

    void note(const azure::BlobWrite& written,
              const UploadPart& part,
              async::Clock::TimePoint began) {
        const auto now = client_.clock().now();
        if (written.attempts > 1) {
            pace_.refused(began, now);
        } else {
            pace_.sent(part.length, now);
        }
    }

    azure::Client& client_;
    asio::thread_pool& pool_;
    std::shared_ptr<const snapshot::Listing> listing_;
    azure::BlobAddress container_;
    std::shared_ptr<SubmitReporter> reporter_;
    UploadPlan plan_;
    std::vector<std::uint32_t> blocks_left_;
    std::string folder_;
    UploadPace pace_;
    std::size_t next_ = 0;
    std::size_t running_ = 0;
    std::uint64_t bytes_running_ = 0;
    std::exception_ptr failure_;
    async::LinkedStop stop_;
    async::TaskGroup sending_;
};

}  // namespace

UploadPlan plan_upload(const snapshot::Listing& listing) {
    UploadPlan plan;
    plan.blocks.resize(listing.files.size());
    for (std::size_t i = 0; i < listing.files.size(); ++i) {
        const auto size = listing.files[i].stamp.size;
        if (size <= UploadPlan::block_size) {
            plan.parts.push_back({.file = i, .offset = 0, .length = size});
            continue;
        }
        const auto length = std::max(UploadPlan::block_size, (size + max_blocks - 1) / max_blocks);
        for (std::uint64_t offset = 0; offset < size; offset += length) {
            plan.parts.push_back({.file = i,
                                  .offset = offset,
                                  .length = std::min(length, size - offset),
                                  .block = plan.blocks[i]++});
        }
    }
    // Many small requests show soonest how much gets through at once.
    std::stable_sort(
        plan.parts.begin(), plan.parts.end(), [](const UploadPart& left, const UploadPart& right) {
            return left.length < right.length;
        });
    return plan;
}

std::string block_id(std::uint32_t block) {
    return fmt::format("block-{:08}", block);
}

asio::awaitable<void> upload_snapshot(azure::Client& client,
                                      asio::thread_pool& pool,
                                      std::shared_ptr<const snapshot::Listing> listing,
                                      azure::BlobAddress container,
                                      std::string folder,
                                      std::shared_ptr<SubmitReporter> reporter,
                                      std::stop_token stop) {
    reporter->start_upload(listing->files.size(), listing->bytes);
    const auto executor = co_await asio::this_coro::executor;
    Upload upload(executor,
                  client,
                  pool,
                  std::move(listing),
                  std::move(container),
                  std::move(folder),
                  std::move(reporter),
                  std::move(stop));
    co_await upload.run();
}

}  // namespace aml::submit
