#include "runs/run_code.hpp"

#include "async/run_blocking.hpp"
#include "azure/codes.hpp"
#include "azure/jobs.hpp"
#include "snapshot/content.hpp"
#include "snapshot/digest.hpp"
#include "snapshot/listing.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

namespace aml::runs {

namespace {

/// One piece is in memory at a time.
constexpr std::uint64_t hashed_piece = 4U << 20U;

using snapshot::Digest;

Error no_code(const azure::ResourceId& job) {
    return Error(ErrorKind::NotFound, localize("The run {} was sent without code.", job.name()));
}

asio::awaitable<std::string> md5_of_blob(azure::Client& client,
                                         CodeFile file,
                                         std::stop_token stop) {
    if (!file.md5.empty()) co_return file.md5;
    Digest digest(Digest::Algorithm::Md5);
    for (std::uint64_t offset = 0; offset < file.size;) {
        const auto piece =
            co_await azure::blobs::get_range(client, file.address, offset, hashed_piece, stop);
        if (piece.missing || piece.bytes.empty()) {
            throw Error(ErrorKind::NotFound,
                        localize("The file {} of the code is no longer in storage.", file.path));
        }
        digest.update(piece.bytes);
        offset += piece.bytes.size();
    }
    co_return digest.finish();
}

std::string md5_of_local(const snapshot::Listing& listing, const snapshot::File& file) {
    Digest digest(Digest::Algorithm::Md5);
    for (std::uint64_t offset = 0; offset < file.stamp.size; offset += hashed_piece) {
        const auto length = std::min(hashed_piece, file.stamp.size - offset);
        digest.update(snapshot::read_part(listing, file, offset, length));
    }
    return digest.finish();
}

std::vector<ComparedFile> compared_files(azure::Client& client, std::vector<CodeFile> files) {
    std::vector<ComparedFile> compared;
    for (auto& file : files) {
        ComparedFile one{.path = file.path, .size = file.size};
        one.md5 = [&client, known = std::move(file)](std::stop_token stop) {
            return md5_of_blob(client, known, std::move(stop));
        };
        compared.push_back(std::move(one));
    }
    return compared;
}

std::vector<ComparedFile> compared_files(asio::thread_pool& pool, snapshot::Listing listing) {
    const auto all = std::make_shared<const snapshot::Listing>(std::move(listing));
    std::vector<ComparedFile> compared;
    for (const auto& file : all->files) {
        ComparedFile one{.path = file.path, .size = file.stamp.size};
        one.md5 = [&pool, all, &file](const std::stop_token&) {
            return async::run_blocking(pool, [all, &file] { return md5_of_local(*all, file); });
        };
        compared.push_back(std::move(one));
    }
    return compared;
}

void sort_by_path(std::vector<ComparedFile>& files) {
    const auto earlier = [](const ComparedFile& a, const ComparedFile& b) {
        return a.path < b.path;
    };
    std::sort(files.begin(), files.end(), earlier);
}

}  // namespace

asio::awaitable<RunCode> read_code(azure::Client& client,
                                   azure::ResourceId job,
                                   std::stop_token stop) {
    const auto known = co_await azure::jobs::find(client, job.workspace(), job.name(), stop);
    const auto id = azure::ResourceId::parse(known ? known->code_id : std::string());
    if (!id) throw no_code(job);
    const auto version = co_await azure::codes::find(client, *id, stop);
    if (!version || version->code_uri.empty()) throw no_code(job);
    const auto place = azure::blobs::folder_in_container(version->code_uri, job.subscription());
    auto first = co_await azure::blobs::list(client, place.container, place.folder + "/", stop);
    const auto blobs = co_await azure::collect(std::move(first), std::move(stop));
    RunCode code{.hash = version->hash};
    for (const auto& blob : blobs) {
        CodeFile file{.path = blob.name.substr(place.folder.size() + 1), .size = blob.size};
        file.md5 = blob.md5;
        file.address = azure::blobs::address(place.container, blob.name);
        code.files.push_back(std::move(file));
    }
    const auto earlier = [](const CodeFile& a, const CodeFile& b) { return a.path < b.path; };
    std::sort(code.files.begin(), code.files.end(), earlier);
    co_return code;
}

asio::awaitable<std::vector<CodeChange>> compare_files(std::vector<ComparedFile> before,
                                                       std::vector<ComparedFile> after,
                                                       std::stop_token stop) {
    sort_by_path(before);
    sort_by_path(after);
    std::vector<CodeChange> changes;
    auto old = before.begin();
    auto now = after.begin();
    while (old != before.end() || now != after.end()) {
        if (now == after.end() || (old != before.end() && old->path < now->path)) {
            changes.push_back({(old++)->path, FileChange::Removed});
        } else if (old == before.end() || now->path < old->path) {
            changes.push_back({(now++)->path, FileChange::Added});
        } else {
            bool same = old->size == now->size;
            if (same) {
                const auto left = co_await old->md5(stop);
                const auto right = co_await now->md5(stop);
                same = left == right;
            }
            if (!same) changes.push_back({now->path, FileChange::Changed});
            ++old;
            ++now;
        }
    }
    co_return changes;
}

asio::awaitable<std::vector<CodeChange>> compare_code(azure::Client& client,
                                                      RunCode before,
                                                      RunCode after,
                                                      std::stop_token stop) {
    if (!before.hash.empty() && before.hash == after.hash) co_return std::vector<CodeChange>();
    auto left = compared_files(client, std::move(before.files));
    auto right = compared_files(client, std::move(after.files));
    co_return co_await compare_files(std::move(left), std::move(right), std::move(stop));
}

asio::awaitable<std::vector<CodeChange>> compare_with_folder(azure::Client& client,
                                                             asio::thread_pool& pool,
                                                             RunCode before,
                                                             std::filesystem::path folder,
                                                             std::stop_token stop) {
    auto walk = [folder = std::move(folder), stop] { return snapshot::list_files(folder, stop); };
    auto listing = co_await async::run_blocking(pool, std::move(walk));
    auto left = compared_files(client, std::move(before.files));
    auto right = compared_files(pool, std::move(listing));
    co_return co_await compare_files(std::move(left), std::move(right), std::move(stop));
}

}  // namespace aml::runs
