#include "runs/run_log.hpp"

#include "azure/artifacts.hpp"
#include "azure/blobs.hpp"
#include "azure/run_history.hpp"
#include "runs/run_status.hpp"
#include "support/localize.hpp"

#include <algorithm>
#include <utility>

namespace aml::runs {

namespace {

/// A file that holds less answers with what it holds; one piece of a log is in memory at a time.
constexpr std::uint64_t largest_read = 4U << 20U;
/// A file that holds no more is read at once when only its end is wanted.
constexpr std::uint64_t whole_read = 64U << 10U;
/// Addresses are good for eight hours; new files appear within this time.
constexpr std::chrono::seconds fresh_for{60};

/// The logs among the files that a run has stored: where the service does not list them with the
/// run, the official client looks there.
asio::awaitable<std::map<std::string, Secret>> stored_logs(azure::Client& client,
                                                           azure::DataPlane plane,
                                                           std::string run_id,
                                                           std::stop_token stop) {
    std::map<std::string, Secret> found;
    for (const std::string folder : {"user_logs/", "azureml-logs/"}) {
        try {
            auto first =
                co_await azure::artifacts::prefix_content_info(client, plane, run_id, folder, stop);
            auto files = co_await azure::collect(std::move(first), stop);
            for (auto& file : files) found[file.path] = std::move(file.content_uri);
        } catch (const Error& error) {
            if (error.kind() == ErrorKind::Cancelled) throw;
        }
    }
    co_return found;
}

/// Where in `bytes`, of which the first one is skipped in any case, the first line begins; of a
/// line that goes on to their end, the first character.
std::size_t start_of_line(std::string_view bytes) {
    const auto end_of_line = bytes.find('\n');
    if (end_of_line < bytes.size() - 1) return end_of_line + 1;
    const auto continues = [](char byte) {
        return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
    };
    std::size_t start = std::min<std::size_t>(bytes.size(), 1);
    while (start < bytes.size() && continues(bytes[start])) ++start;
    return start;
}

/// Whether it runs or ran, so that there are logs somewhere.
bool has_begun(const azure::Run& run) {
    const auto phase = phase_of(run.status);
    return phase == RunPhase::Active || phase == RunPhase::Final;
}

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
    std::map<std::string, Secret> found;
    for (auto& [path, address] : details.log_files) found[path] = std::move(address);
    if (found.empty() && has_begun(details.run)) {
        auto stored = co_await stored_logs(client, plane, job_.name(), stop);
        found = std::move(stored);
    }
    addresses_ = std::move(found);
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
                                                     std::uint64_t limit,
                                                     RunState state,
                                                     std::stop_token stop) {
    auto& client = access_.connection()->client;
    bool expired = false;
    try {
        const azure::BlobAddress address{addresses_.at(path)};
        co_return co_await azure::blobs::get_range(client, address, offset, limit, stop);
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
    co_return co_await azure::blobs::get_range(client, renewed, offset, limit, stop);
}

asio::awaitable<bool> RunLog::look_for(std::string path, RunState state, std::stop_token stop) {
    const bool known = addresses_.contains(path) && is_fresh(state);
    if (!known) co_await refresh(state, stop);
    const bool found = addresses_.contains(path);
    if (!found && state == RunState::Final)
        throw Error(ErrorKind::NotFound, localize("The run has no log file {}.", path));
    co_return found;
}

LogChunk RunLog::chunk_of(std::string path,
                          std::uint64_t offset,
                          const azure::BlobRange& range,
                          RunState state) const {
    LogChunk chunk{.path = std::move(path)};
    chunk.offset = offset;
    chunk.at_end = range.missing || offset + range.bytes.size() >= range.total;
    chunk.complete = chunk.at_end && state == RunState::Final;
    auto decoded = decode_utf8(range.bytes, chunk.complete ? MoreBytes::None : MoreBytes::Expected);
    chunk.text = std::move(decoded.text);
    chunk.next_offset = offset + decoded.consumed;
    chunk.files = known_files();
    return chunk;
}

asio::awaitable<LogChunk> RunLog::read(std::string path,
                                       std::uint64_t offset,
                                       RunState state,
                                       std::stop_token stop) {
    azure::BlobRange range;
    range.missing = true;
    const bool found = co_await look_for(path, state, stop);
    if (found) range = co_await read_bytes(path, offset, largest_read, state, stop);
    const bool restarted = !range.missing && range.total < offset;
    if (restarted) {
        offset = 0;
        range = co_await read_bytes(path, offset, largest_read, state, stop);
    }
    auto chunk = chunk_of(std::move(path), offset, range, state);
    chunk.restarted = restarted;
    co_return chunk;
}

asio::awaitable<azure::BlobRange> RunLog::read_piece(std::string path,
                                                     std::uint64_t offset,
                                                     std::uint64_t limit,
                                                     RunState state,
                                                     std::stop_token stop) {
    azure::BlobRange piece;
    piece.missing = true;
    const bool found = co_await look_for(path, state, stop);
    if (found) piece = co_await read_bytes(path, offset, limit, state, stop);
    co_return piece;
}

asio::awaitable<LogChunk> RunLog::read_end(std::string path,
                                           std::uint64_t last,
                                           RunState state,
                                           std::stop_token stop) {
    last = std::clamp<std::uint64_t>(last, 1, largest_read - 1);
    azure::BlobRange range;
    range.missing = true;
    const bool found = co_await look_for(path, state, stop);
    if (found) range = co_await read_bytes(path, 0, std::min(last, whole_read), state, stop);
    if (range.bytes.size() >= range.total) co_return chunk_of(std::move(path), 0, range, state);
    if (range.total <= last) co_return co_await read(std::move(path), 0, state, std::move(stop));
    // The byte before tells whether a line begins there.
    auto offset = range.total - last - 1;
    range = co_await read_bytes(path, offset, last + 1, state, stop);
    const auto skipped = start_of_line(range.bytes);
    range.bytes.erase(0, skipped);
    offset += skipped;
    co_return chunk_of(std::move(path), offset, range, state);
}

}  // namespace aml::runs
