#include "compute/job_files.hpp"

#include "async/run_blocking.hpp"
#include "blob/content_writer.hpp"
#include "core/text.hpp"
#include "execution/host_system.hpp"
#include "execution/placeholders.hpp"
#include "support/error.hpp"
#include "support/system_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <utility>

namespace aml::emulator {

namespace {

constexpr std::size_t page = 1000;

struct Copy {
    std::filesystem::path from;
    std::filesystem::path to;
};

// A file of a job and the blob it becomes.
struct Kept {
    std::filesystem::path file;
    std::string name;
    std::string content;
    WrittenContent written;
};

bool leads_out(const std::filesystem::path& path) {
    return path.is_absolute() || std::ranges::find(path, std::filesystem::path("..")) != path.end();
}

/// The names of the blobs that one fetch has made files of.
class FetchedNames final {
public:
    /// Throws: Rejected for a name that no file can have here beside those before it.
    void add(const std::string& name) {
        if (auto objection = execution::objection_to(name); !objection.empty())
            throw Error(ErrorKind::Rejected, std::move(objection));
        if (!execution::names_ignore_case()) return;
        const auto [known, fresh] = by_lower_case_.emplace(to_lower(name), name);
        if (fresh || known->second == name) return;
        throw Error(
            ErrorKind::Rejected,
            fmt::format("'{}' and '{}' would be one file on this machine.", known->second, name));
    }

private:
    std::map<std::string, std::string> by_lower_case_;
};

void copy_files(const std::vector<Copy>& copies, const std::stop_token& stop) {
    for (const auto& [from, to] : copies) {
        if (stop.stop_requested()) throw cancelled();
        try {
            std::filesystem::create_directories(to.parent_path());
            std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing);
            // Blob storage keeps no modes, and on a node everything can be executed.
            std::filesystem::permissions(to, std::filesystem::perms(0755));
        } catch (const std::filesystem::filesystem_error& error) {
            throw Error(ErrorKind::Unavailable,
                        fmt::format("The file '{}' cannot be made for the job: {}.",
                                    to.string(),
                                    system_text(error.code()).english()));
        }
    }
}

std::vector<Kept> find_files(const std::filesystem::path& source) {
    std::vector<Kept> found;
    if (std::filesystem::is_regular_file(source)) {
        found.push_back({source, source.filename().string(), "", {}});
        return found;
    }
    std::error_code ended;
    for (std::filesystem::recursive_directory_iterator entry(source, ended), end;
         !ended && entry != end;
         entry.increment(ended)) {
        std::error_code unreadable;
        if (!entry->is_regular_file(unreadable)) continue;
        found.push_back(
            {entry->path(),
             execution::printable(entry->path().lexically_relative(source).generic_string()),
             "",
             {}});
    }
    std::ranges::sort(found, {}, &Kept::name);
    return found;
}

WrittenContent store_file(const std::filesystem::path& from, const std::filesystem::path& to) {
    std::ifstream input(from, std::ios::binary);
    if (!input)
        throw Error(ErrorKind::Unavailable,
                    fmt::format("The file '{}' cannot be read.", from.string()));
    ContentWriter writer(to);
    std::string buffer(256 * 1024, '\0');
    while (input.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) ||
           input.gcount() > 0) {
        writer.write(std::string_view(buffer).substr(0, static_cast<std::size_t>(input.gcount())));
    }
    writer.sync();
    return writer.finish();
}

Blob blob_of(const Kept& file, const StoragePlace& target, std::string name) {
    Blob blob;
    blob.key = {target.account, target.container, std::move(name)};
    blob.content = file.content;
    blob.size = file.written.size;
    blob.content_md5 = file.written.md5;
    return blob;
}

}  // namespace

std::string artifact_name(std::string_view run_id, std::string_view path) {
    return fmt::format("ExperimentRun/dcid.{}/{}", run_id, path);
}

asio::awaitable<void> JobFiles::fetch(StoragePlace source,
                                      std::filesystem::path target,
                                      std::stop_token stop) {
    if (const auto blob = store_.find({source.account, source.container, source.path})) {
        FetchedNames().add(target.filename().generic_string());
        const std::vector<Copy> one{{store_.path_of(blob->content), target}};
        auto work = [one, stop] { copy_files(one, stop); };
        co_await async::run_blocking(context_.pool, std::move(work));
        co_return;
    }
    auto prefix = source.path;
    if (!prefix.empty() && !prefix.ends_with('/')) prefix += '/';
    std::string after;
    FetchedNames names;
    for (bool any = false;; any = true) {
        const auto blobs = store_.list(source.account, source.container, prefix, after, page);
        if (blobs.empty() && any) co_return;
        if (blobs.empty()) {
            throw Error(
                ErrorKind::NotFound,
                fmt::format("There are no files at '{}/{}'.", source.container, source.path));
        }
        std::vector<Copy> copies;
        for (const auto& blob : blobs) {
            const auto name = blob.key.name.substr(prefix.size());
            const std::filesystem::path relative(name);
            if (leads_out(relative)) {
                throw Error(ErrorKind::Rejected,
                            fmt::format("The file name '{}' is not allowed.", blob.key.name));
            }
            const bool folder_mark =
                blob.metadata.contains("hdi_isfolder") || !relative.has_filename();
            if (folder_mark) continue;
            names.add(name);
            copies.push_back({store_.path_of(blob.content), target / relative});
        }
        after = blobs.back().key.name;
        auto work = [copies = std::move(copies), stop] { copy_files(copies, stop); };
        co_await async::run_blocking(context_.pool, std::move(work));
    }
}

asio::awaitable<std::size_t> JobFiles::keep(std::filesystem::path source,
                                            StoragePlace target,
                                            std::stop_token stop) {
    const bool single = std::filesystem::is_regular_file(source);
    auto prefix = target.path;
    if (!single && !prefix.empty() && !prefix.ends_with('/')) prefix += '/';
    auto look = [source] { return find_files(source); };
    auto files = co_await async::run_blocking(context_.pool, std::move(look));
    if (files.empty()) co_return 0;
    store_.create_container(target.account, target.container);
    const auto name_of = [&](const Kept& file) {
        return single && !prefix.empty() && !prefix.ends_with('/') ? prefix : prefix + file.name;
    };
    for (std::size_t start = 0; start < files.size(); start += page) {
        if (stop.stop_requested()) throw cancelled();
        const auto end = std::min(start + page, files.size());
        std::vector<Kept> part(
            std::make_move_iterator(files.begin() + static_cast<std::ptrdiff_t>(start)),
            std::make_move_iterator(files.begin() + static_cast<std::ptrdiff_t>(end)));
        for (auto& file : part) file.content = store_.new_content();
        auto work = [part = std::move(part), root = context_.state]() mutable {
            for (auto& file : part) file.written = store_file(file.file, root / file.content);
            return std::move(part);
        };
        const auto stored = co_await async::run_blocking(context_.pool, std::move(work));
        std::vector<Blob> blobs;
        for (const auto& file : stored) blobs.push_back(blob_of(file, target, name_of(file)));
        store_.put_all(std::move(blobs));
    }
    co_return files.size();
}

asio::awaitable<void> JobFiles::forget(std::filesystem::path root,
                                       std::string account,
                                       std::string run_id) {
    const auto prefix = artifact_name(run_id, "");
    for (;;) {
        const auto blobs = store_.list(account, artifact_container, prefix, "", page);
        if (blobs.empty()) break;
        for (const auto& blob : blobs) store_.remove(blob.key);
    }
    auto work = [root = std::move(root)] {
        std::error_code ignored;
        std::filesystem::remove_all(root, ignored);
    };
    co_await async::run_blocking(context_.pool, std::move(work));
}

}  // namespace aml::emulator
