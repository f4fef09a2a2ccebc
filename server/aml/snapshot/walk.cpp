#include "snapshot/ignore_rules.hpp"
#include "snapshot/listing.hpp"
#include "snapshot/lowercase.hpp"
#include "snapshot/made_anew.hpp"
#include "snapshot/read_file.hpp"
#include "snapshot/wide_folder.hpp"
#include "support/error.hpp"
#include "support/half_written.hpp"
#include "support/localize.hpp"
#include "support/system_text.hpp"
#include "support/unicode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <numeric>
#include <optional>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace aml::snapshot {
namespace {

// Azure Storage: a blob name has at most 1,024 characters.
constexpr std::size_t max_blob_name = 1024;
constexpr std::size_t max_notes = 20;

struct Identity {
    dev_t device;
    ino_t inode;

    bool operator==(const Identity&) const = default;
};

std::int64_t now_ns() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

struct CloseDirectory {
    void operator()(DIR* directory) const noexcept { ::closedir(directory); }
};

using Directory = std::unique_ptr<DIR, CloseDirectory>;

class Walker final {
public:
    Walker(std::filesystem::path root, std::stop_token stop)
        : stop_(std::move(stop)),
          rules_(root) {
        listing_.root = std::move(root);
        listing_.seen_ns = now_ns();
    }

    Listing only(const std::string& name) {
        struct stat status {};

        if (::stat((listing_.root / name).c_str(), &status) != 0) fail_to_read(name, errno);
        check_name(name);
        add(name, status);
        return std::move(listing_);
    }

    Listing walk() {
        rules_.read_above();
        const int root = ::open(listing_.root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (root < 0) fail_to_read("", errno);
        walk_folder(root, "");
        listing_.ignore_file = rules_.file_name();
        if (auto text = made_anew_.note(listing_.ignore_file)) note(std::move(*text));
        if (skipped_ > max_notes) {
            listing_.notes.push_back(
                localize("{} more entries were left out.", skipped_ - max_notes));
        }
        return std::move(listing_);
    }

private:
    /// `path` is relative and ends in '/' unless it is empty. Takes over the descriptor.
    void walk_folder(int descriptor, const std::string& path) {
        if (stop_.stop_requested()) {
            ::close(descriptor);
            throw cancelled();
        }
        const Directory directory(::fdopendir(descriptor));
        if (!directory) fail_to_read(path, errno);

        struct stat status {};

        if (::fstat(descriptor, &status) != 0) fail_to_read(path, errno);
        ancestors_.push_back({status.st_dev, status.st_ino});
        const bool has_rules = rules_.enter(descriptor, path);
        for (auto& text : rules_.take_notes()) note(std::move(text));
        for (const auto& name : entries(directory.get(), path)) visit(descriptor, path, name);
        if (has_rules) rules_.leave();
        ancestors_.pop_back();
    }

    std::vector<std::string> entries(DIR* directory, const std::string& path) {
        std::vector<std::string> names;
        errno = 0;
        while (const auto* entry = ::readdir(directory)) {
            const std::string_view name = entry->d_name;
            const bool passed = name == "." || name == ".." || name == ".git";
            if (!passed && !name.ends_with(half_written_ending)) names.emplace_back(name);
            errno = 0;
        }
        if (errno != 0) fail_to_read(path, errno);
        std::sort(names.begin(), names.end());
        return names;
    }

    void visit(int folder, const std::string& parent, const std::string& name) {
        const auto path = parent + name;

        struct stat status {};

        const bool exists = ::fstatat(folder, name.c_str(), &status, 0) == 0;
        const int reason = errno;
        const bool is_folder = exists && S_ISDIR(status.st_mode);
        const auto verdict = rules_.verdict(path, is_folder ? EntryKind::Folder : EntryKind::File);
        if (verdict.value_or(false)) return;
        // A rule that keeps it is the user's wish.
        if (is_folder && !verdict && is_made_anew(folder, name)) {
            made_anew_.add(listing_.root, path, stop_);
            return;
        }
        if (verdict) listing_.kept.insert(is_folder ? path + "/" : path);
        check_name(path);
        if (!exists) fail_to_follow(folder, name, path, reason);
        if (is_folder) {
            enter(folder, name, path, {status.st_dev, status.st_ino});
        } else if (S_ISREG(status.st_mode)) {
            add(path, status);
        } else {
            note(localize("{} was left out: it is a socket, pipe or device.", path));
        }
    }

    void enter(int folder, const std::string& name, const std::string& path, Identity identity) {
        if (std::find(ancestors_.begin(), ancestors_.end(), identity) != ancestors_.end()) {
            note(localize("{} was left out: the link leads back to a folder it lies in.", path));
            return;
        }
        const int descriptor = ::openat(folder, name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (descriptor < 0) fail_to_read(path, errno);
        walk_folder(descriptor, path + "/");
    }

    void add(const std::string& path, const struct stat& status) {
        listing_.bytes += static_cast<std::uint64_t>(status.st_size);
        listing_.files.push_back({path, stamp_of(status)});
    }

    void check_name(const std::string& path) const {
        const auto codes = decode_utf8(path);
        if (!codes) {
            throw Error(ErrorKind::Rejected,
                        localize("The name {} is not UTF-8. Rename it, or list it in {}.",
                                 printable(path),
                                 rules_.file_name()));
        }
        if (listing_.folder_name().size() + 1 + codes->size() > max_blob_name) {
            throw Error(
                ErrorKind::Rejected,
                localize(
                    "The path {} is too long for Azure Storage (at most {} characters). Shorten "
                    "it, or list it in {}.",
                    path,
                    max_blob_name,
                    rules_.file_name()));
        }
    }

    /// The bytes of a name that is not text, escaped.
    static std::string printable(std::string_view name) {
        std::string out;
        for (const char c : name) {
            const auto byte = static_cast<unsigned char>(c);
            out += byte >= ' ' && byte < 127 ? std::string(1, c) : fmt::format("\\x{:02X}", byte);
        }
        return out;
    }

    void note(std::string text) {
        if (++skipped_ <= max_notes) listing_.notes.push_back(std::move(text));
    }

    [[noreturn]] void fail_to_follow(int folder,
                                     const std::string& name,
                                     const std::string& path,
                                     int reason) {
        struct stat status {};

        const bool is_link = ::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
                             S_ISLNK(status.st_mode);
        if (is_link && (reason == ENOENT || reason == ENOTDIR || reason == ELOOP)) {
            throw Error(
                ErrorKind::Rejected,
                localize("The link {} leads nowhere. Repair or remove it, or list it in {}.",
                         path,
                         rules_.file_name()));
        }
        fail_to_read(path, reason);
    }

    [[noreturn]] void fail_to_read(const std::string& path, int reason) const {
        const auto full = path.empty() ? listing_.root : listing_.root / path;
        throw Error(ErrorKind::Unavailable,
                    localize("Cannot read {}: {}. Make it readable, or list it in {}.",
                             full.string(),
                             system_text(reason),
                             rules_.file_name()));
    }

    std::stop_token stop_;
    IgnoreRules rules_;
    Listing listing_;
    MadeAnew made_anew_;
    // The folders being walked, outermost first.
    std::vector<Identity> ancestors_;
    std::size_t skipped_ = 0;
};

void sort_for_hash(std::vector<File>& files) {
    std::vector<std::string> keys;
    keys.reserve(files.size());
    for (const auto& file : files) keys.push_back(python_lower(file.path));
    std::vector<std::size_t> order(files.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t left, std::size_t right) {
        return std::tie(keys[left], files[left].path) < std::tie(keys[right], files[right].path);
    });
    std::vector<File> sorted;
    sorted.reserve(files.size());
    for (const auto index : order) sorted.push_back(std::move(files[index]));
    files = std::move(sorted);
}

}  // namespace

Listing list_files(const std::filesystem::path& root, std::stop_token stop) {
    std::error_code error;
    const auto absolute = std::filesystem::absolute(root).lexically_normal();
    const auto status = std::filesystem::status(absolute, error);
    if (status.type() == std::filesystem::file_type::not_found) {
        throw Error(ErrorKind::NotFound,
                    localize("The folder {} does not exist.", absolute.string()));
    }
    if (status.type() != std::filesystem::file_type::none &&
        !std::filesystem::is_directory(status)) {
        throw Error(ErrorKind::Rejected, localize("{} is not a folder.", absolute.string()));
    }
    refuse_wide_folder(absolute);
    auto listing = Walker(absolute, std::move(stop)).walk();
    if (listing.files.empty()) {
        throw Error(
            ErrorKind::Rejected,
            localize("The folder {} has no file to upload: it is empty, or its ignore file leaves "
                     "nothing.",
                     absolute.string()));
    }
    sort_for_hash(listing.files);
    return listing;
}

Listing list_file(const std::filesystem::path& file) {
    const auto absolute = std::filesystem::absolute(file).lexically_normal();
    std::error_code error;
    const auto status = std::filesystem::status(absolute, error);
    if (status.type() == std::filesystem::file_type::not_found) {
        throw Error(ErrorKind::NotFound,
                    localize("The file {} does not exist.", absolute.string()));
    }
    if (status.type() != std::filesystem::file_type::none &&
        !std::filesystem::is_regular_file(status)) {
        throw Error(ErrorKind::Rejected, localize("{} is not a file.", absolute.string()));
    }
    return Walker(absolute.parent_path(), {}).only(absolute.filename().string());
}

}  // namespace aml::snapshot
