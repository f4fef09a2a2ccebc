#include "runs/run_files.hpp"

#include "async/run_blocking.hpp"
#include "platform/file.hpp"
#include "runs/log_files.hpp"
#include "support/error.hpp"
#include "support/half_written.hpp"
#include "support/localize.hpp"
#include "support/system_text.hpp"

#include <algorithm>
#include <cctype>
#include <memory>
#include <optional>
#include <utility>

namespace aml::runs {

namespace {

namespace fs = std::filesystem;

/// One piece is in memory at a time.
constexpr std::uint64_t piece_size = 4U << 20U;

constexpr bool on_windows = fs::path::preferred_separator == '\\';

bool can_be_name(std::string_view part) {
    if (part.empty() || part == "." || part == "..") return false;
    if (part.find('\0') != std::string_view::npos) return false;
    if (!on_windows) return true;
    const bool has_odd_letter = std::ranges::any_of(part, [](char letter) {
        return static_cast<unsigned char>(letter) < ' ' ||
               std::string_view("<>:\"\\|?*").find(letter) != std::string_view::npos;
    });
    return !has_odd_letter && !part.ends_with('.') && !part.ends_with(' ');
}

/// Another file of the run has another one, and so has a file that was replaced.
fs::path part_of(const fs::path& target, const std::string& etag) {
    std::string mark;
    for (const char letter : etag) {
        if (std::isalnum(static_cast<unsigned char>(letter)) != 0) mark += letter;
    }
    auto part = target;
    part += "." + mark + std::string(half_written_ending);
    return part;
}

/// A part of a file on disk. All calls block.
class PartialFile final {
public:
    PartialFile(fs::path part, fs::path target, std::uint64_t total)
        : part_(std::move(part)),
          target_(std::move(target)) {
        fs::create_directories(target_.parent_path());
        file_ = platform::File::open_or_create(part_, platform::Readers::Everyone);
        offset_ = file_.status().size;
        if (offset_ <= total) return;
        file_.resize(0);
        offset_ = 0;
    }

    std::uint64_t offset() const { return offset_; }

    void append(std::string_view bytes) {
        file_.write_at(offset_, bytes);
        offset_ += bytes.size();
    }

    /// False when something has the name.
    bool finish() {
        file_.sync();
        file_ = platform::File();
        return platform::rename_if_new(part_, target_);
    }

private:
    fs::path part_;
    fs::path target_;
    platform::File file_;
    std::uint64_t offset_ = 0;
};

/// Does what blocks, and says what the system would not do.
template <typename Work>
auto on_pool(asio::thread_pool& pool, Work work) {
    auto telling = [work = std::move(work)]() mutable {
        try {
            return work();
        } catch (const fs::filesystem_error& error) {
            throw Error(
                ErrorKind::Unavailable,
                localize("Cannot save {}: {}.", error.path1().string(), system_text(error.code())));
        }
    };
    return async::run_blocking(pool, std::move(telling));
}

Error gone(const std::string& path) {
    return Error(ErrorKind::NotFound, localize("The run has no file {}.", path));
}

Error taken(const fs::path& target) {
    return Error(ErrorKind::Rejected,
                 localize("{} exists already and is another file. Choose another folder, or remove "
                          "it.",
                          target.string()));
}

std::optional<std::uint64_t> size_of(const fs::path& file) {
    if (!fs::exists(file)) return std::nullopt;
    return fs::is_regular_file(file) ? fs::file_size(file) : std::optional<std::uint64_t>();
}

}  // namespace

asio::awaitable<azure::BlobAddress> file_address(azure::Client& client,
                                                 azure::ResourceId job,
                                                 std::string path,
                                                 std::stop_token stop) {
    auto plane = co_await client.data_plane(job.workspace(), stop);
    auto content = co_await azure::artifacts::content_info(
        client, std::move(plane), job.name(), path, std::move(stop));
    if (!content) throw gone(path);
    co_return azure::BlobAddress{std::move(content->content_uri)};
}

asio::awaitable<std::vector<std::string>> run_files(azure::Client& client,
                                                    azure::ResourceId job,
                                                    std::string folder,
                                                    std::stop_token stop) {
    auto plane = co_await client.data_plane(job.workspace(), stop);
    auto page = co_await azure::artifacts::list(
        client, std::move(plane), job.name(), std::move(folder), stop);
    auto files = co_await azure::collect(std::move(page), std::move(stop));
    std::vector<std::string> paths;
    for (auto& file : files) {
        if (!is_log(file.path)) paths.push_back(std::move(file.path));
    }
    std::sort(paths.begin(), paths.end());
    co_return paths;
}

asio::awaitable<azure::BlobRange> read_start(azure::Client& client,
                                             azure::ResourceId job,
                                             std::string path,
                                             std::uint64_t limit,
                                             std::stop_token stop) {
    const auto address = co_await file_address(client, std::move(job), path, stop);
    auto start = co_await azure::blobs::get_range(client, address, 0, limit, std::move(stop));
    if (start.missing) throw gone(path);
    co_return start;
}

fs::path place_for(const fs::path& folder, std::string_view path) {
    auto place = folder;
    auto rest = path;
    for (;;) {
        const auto end = rest.find('/');
        const auto part = rest.substr(0, end);
        if (!can_be_name(part)) {
            throw Error(ErrorKind::Rejected,
                        localize("The run's file {} cannot have this name here. Download it from "
                                 "the portal under another name.",
                                 path));
        }
        place /= part;
        if (end == std::string_view::npos) return place;
        rest.remove_prefix(end + 1);
    }
}

asio::awaitable<Fetched> download(azure::Client& client,
                                  asio::thread_pool& pool,
                                  azure::BlobAddress address,
                                  std::string path,
                                  fs::path target,
                                  OnBytes on_bytes,
                                  std::stop_token stop) {
    const auto blob = co_await azure::blobs::head(client, address, stop);
    if (!blob) throw gone(path);
    const auto total = blob->size;
    auto look = [target] { return size_of(target); };
    if (const auto known = co_await on_pool(pool, std::move(look))) {
        if (*known == total) co_return Fetched::WasThere;
        throw taken(target);
    }
    auto open = [part = part_of(target, blob->etag), target, total] {
        return std::make_shared<PartialFile>(part, target, total);
    };
    const auto file = co_await on_pool(pool, std::move(open));
    while (file->offset() < total) {
        on_bytes(file->offset(), total);
        const auto offset = file->offset();
        auto piece = co_await azure::blobs::get_range(client, address, offset, piece_size, stop);
        if (piece.missing) throw gone(path);
        if (piece.total != total || piece.bytes.empty()) {
            throw Error(ErrorKind::Unavailable,
                        localize("{} was replaced while it was downloaded. Try again.", path));
        }
        auto append = [file, bytes = std::move(piece.bytes)] { file->append(bytes); };
        co_await on_pool(pool, std::move(append));
    }
    on_bytes(total, total);
    auto finish = [file] { return file->finish(); };
    if (!co_await on_pool(pool, std::move(finish))) throw taken(target);
    co_return Fetched::Downloaded;
}

}  // namespace aml::runs
