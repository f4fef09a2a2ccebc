#include "runs/run_log.hpp"

#include "azure/blobs.hpp"
#include "azure/run_history.hpp"
#include "support/localize.hpp"

#include <algorithm>
#include <utility>

namespace aml::runs {

namespace {

/// A file that holds less answers with what it holds; one piece of a log is in memory at a time.
constexpr std::uint64_t largest_read = 4U << 20U;
/// Addresses are good for eight hours; new files appear within this time.
constexpr std::chrono::seconds fresh_for{60};

}  // namespace

RunLog::RunLog(workspace::AzureAccess& access, async::Clock& clock, azure::ResourceId job)
    : access_(access),
      clock_(clock),
      job_(std::move(job)) {}

bool RunLog::is_fresh(RunState state) const {
    if (!refreshed_at_) return false;
    // The last files appear with the end of the run, and after that none.
    if (state == RunState::Final) return refreshed_in_ == RunState::Final;
    return clock_.now() - *refreshed_at_ < fresh_for;
}

bool RunLog::has_script_output() const {
    return std::any_of(addresses_.begin(), addresses_.end(), [](const auto& file) {
        return is_script_output(file.first);
    });
}

asio::awaitable<void> RunLog::refresh(RunState state, std::stop_token stop) {
    auto* connection = co_await access_.connect(stop);
    auto& client = connection->client;
    const auto plane = co_await client.data_plane(job_.workspace(), stop);
    auto details = co_await azure::run_history::details(client, plane, job_.name(), stop);
    addresses_.clear();
    for (auto& [path, address] : details.log_files) addresses_[path] = std::move(address);
    refreshed_at_ = clock_.now();
    refreshed_in_ = state;
}

std::vector<std::string> RunLog::known_files() const {
    std::vector<std::string> paths;
    for (const auto& [path, address] : addresses_) paths.push_back(path);
    return ordered_logs(std::move(paths));
}

asio::awaitable<std::vector<std::string>> RunLog::files(RunState state, std::stop_token stop) {
    // Until the script prints, a better file may appear at any time.
    const bool settled = state == RunState::Final || has_script_output();
    if (!settled || !is_fresh(state)) co_await refresh(state, stop);
    co_return known_files();
}

asio::awaitable<azure::BlobRange> RunLog::read_bytes(std::string path,
                                                     std::uint64_t offset,
                                                     RunState state,
                                                     std::stop_token stop) {
    auto& client = access_.connection()->client;
    bool expired = false;
    try {
        const azure::BlobAddress address{addresses_.at(path)};
        co_return co_await azure::blobs::get_range(client, address, offset, largest_read, stop);
    } catch (const Error& error) {
        expired = error.kind() == ErrorKind::Forbidden;
        if (!expired) throw;
    }
    co_await refresh(state, stop);
    if (!addresses_.contains(path)) {
        azure::BlobRange missing;
        missing.missing = true;
        co_return missing;
    }
    const azure::BlobAddress renewed{addresses_.at(path)};
    co_return co_await azure::blobs::get_range(client, renewed, offset, largest_read, stop);
}

asio::awaitable<LogChunk> RunLog::read(std::string path,
                                       std::uint64_t offset,
                                       RunState state,
                                       std::stop_token stop) {
    const bool known = addresses_.contains(path) && is_fresh(state);
    if (!known) co_await refresh(state, stop);
    LogChunk chunk;
    chunk.path = path;
    chunk.next_offset = offset;
    chunk.files = known_files();
    if (!addresses_.contains(path)) {
        if (state == RunState::Final) {
            throw Error(ErrorKind::NotFound, localize("The run has no log file {}.", path));
        }
        chunk.at_end = true;
        co_return chunk;
    }
    auto range = co_await read_bytes(path, offset, state, stop);
    if (!range.missing && range.total < offset) {
        chunk.restarted = true;
        chunk.next_offset = 0;
        range = co_await read_bytes(path, 0, state, stop);
    }
    const auto end = chunk.next_offset + range.bytes.size();
    chunk.at_end = range.missing || end >= range.total;
    chunk.complete = chunk.at_end && state == RunState::Final;
    auto decoded = decode_utf8(range.bytes, chunk.complete ? MoreBytes::None : MoreBytes::Expected);
    chunk.text = std::move(decoded.text);
    chunk.next_offset += decoded.consumed;
    co_return chunk;
}

}  // namespace aml::runs
