#include "platform/folder.hpp"
#include "snapshot/ignore_rules.hpp"
#include "snapshot/listing.hpp"
#include "snapshot/lowercase.hpp"
#include "snapshot/made_anew.hpp"
#include "snapshot/normal_form.hpp"
#include "snapshot/read_file.hpp"
#include "snapshot/wide_folder.hpp"
#include "support/error.hpp"
#include "support/half_written.hpp"
#include "support/localize.hpp"
#include "support/system_text.hpp"
#include "support/unicode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <numeric>
#include <optional>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>

namespace aml::snapshot {
namespace {

// Azure Storage: a blob name has at most 1,024 characters.
constexpr std::size_t max_blob_name = 1024;
constexpr std::size_t max_notes = 20;
constexpr std::size_t max_left_out = 1000;

/// A folder or file of the walk, relative to the root.
struct Place {
    /// As it is sent, and as ignore files are about it: in normal form C.
    std::string path;
    std::string on_disk;

    Place entry(const std::string& name) const {
        return {path + normal_form_c(name), on_disk + name};
    }

    /// A folder, as what its entries begin with.
    Place as_folder() const { return {path + "/", on_disk + "/"}; }
};

/// Runs on this computer, with copies of the code.
bool is_of_runs_here(std::string_view path) {
    constexpr std::string_view runs = ".azureml/runs";
    return path == runs || (path.ends_with(runs) && path[path.size() - runs.size() - 1] == '/');
}

std::int64_t now_ns() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

class Walker final {
    /// What the system says; its refusals name `place`. Stands first as its type is deduced.
    template <typename Ask>
    auto ask(const Place& place, Ask ask) const {
        try {
            return ask();
        } catch (const std::system_error& error) {
            fail_to_read(place.on_disk, error.code());
        }
    }

public:
    Walker(std::filesystem::path root, std::stop_token stop)
        : stop_(std::move(stop)),
          rules_(root) {
        listing_.root = std::move(root);
        listing_.seen_ns = now_ns();
    }

    Listing only(const std::string& name) {
        const auto place = Place().entry(name);
        try {
            const auto status = platform::status(listing_.root / name);
            check_name(place.path);
            add(place, status);
        } catch (const std::system_error& error) {
            fail_to_read(name, error.code());
        }
        return std::move(listing_);
    }

    Listing walk() {
        rules_.read_above();
        walk_folder(ask({}, [this] { return platform::Folder(listing_.root); }), {});
        listing_.ignore_file = rules_.file_name();
        if (auto text = made_anew_.note(listing_.ignore_file)) note(std::move(*text));
        if (skipped_ > max_notes) {
            listing_.notes.push_back(
                localize("{} more entries were left out.", skipped_ - max_notes));
        }
        return std::move(listing_);
    }

private:
    /// `place` is empty for the root.
    void walk_folder(const platform::Folder& folder, const Place& place) {
        if (stop_.stop_requested()) throw cancelled();
        ancestors_.push_back(ask(place, [&] { return folder.status(); }));
        const bool has_rules = rules_.enter(folder, place.path, listing_.root / place.on_disk);
        for (auto& text : rules_.take_notes()) note(std::move(text));
        auto names = ask(place, [&] { return folder.names(); });
        std::sort(names.begin(), names.end());
        for (const auto& name : names) {
            if (name == ".git" || name.ends_with(half_written_ending)) continue;
            const auto entry = place.entry(name);
            if (!is_of_runs_here(entry.path)) visit(folder, name, entry);
        }
        if (has_rules) rules_.leave();
        ancestors_.pop_back();
    }

    void visit(const platform::Folder& folder, const std::string& name, const Place& place) {
        std::error_code missing;
        const auto status = folder.status(name, missing);
        const bool is_folder = !missing && status.kind == platform::FileKind::Folder;
        const auto verdict =
            rules_.verdict(place.path, is_folder ? EntryKind::Folder : EntryKind::File);
        if (verdict.value_or(false)) {
            leave_out(place, is_folder ? EntryKind::Folder : EntryKind::File);
            return;
        }
        // A rule that keeps it is the user's wish.
        if (is_folder && !verdict && is_made_anew(folder, name)) {
            made_anew_.add(place.path, listing_.root / place.on_disk, stop_);
            return;
        }
        if (verdict) listing_.kept.insert(is_folder ? place.path + "/" : place.path);
        check_name(place.path);
        if (missing) fail_to_follow(folder, name, place, missing);
        if (is_folder) {
            enter(folder, name, place, status);
        } else if (status.kind == platform::FileKind::Regular) {
            add(place, status);
        } else {
            note(localize("{} was left out: it is a socket, pipe or device.", place.path));
        }
    }

    void leave_out(const Place& place, EntryKind kind) {
        if (listing_.left_out.size() == max_left_out) {
            ++listing_.more_left_out;
            return;
        }
        auto path = kind == EntryKind::Folder ? place.path + "/" : place.path;
        if (auto rule = rules_.rule(place.path, kind))
            listing_.left_out.push_back({std::move(path), std::move(*rule)});
    }

    void enter(const platform::Folder& folder,
               const std::string& name,
               const Place& place,
               const platform::FileStatus& status) {
        const auto is_same = [&](const platform::FileStatus& ancestor) {
            return ancestor.device == status.device && ancestor.inode == status.inode;
        };
        if (std::any_of(ancestors_.begin(), ancestors_.end(), is_same)) {
            note(localize("{} was left out: the link leads back to a folder it lies in.",
                          place.path));
            return;
        }
        const auto inner = ask(place, [&] { return platform::Folder(folder, name); });
        walk_folder(inner, place.as_folder());
    }

    void add(const Place& place, const platform::FileStatus& status) {
        listing_.bytes += status.size;
        listing_.files.push_back({.path = place.path,
                                  .stamp = stamp_of(status),
                                  .on_disk = place.on_disk == place.path ? "" : place.on_disk});
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

    [[noreturn]] void fail_to_follow(const platform::Folder& folder,
                                     const std::string& name,
                                     const Place& place,
                                     const std::error_code& reason) const {
        std::error_code unknown;
        const auto status = folder.link_status(name, unknown);
        const bool leads_nowhere = reason == std::errc::no_such_file_or_directory ||
                                   reason == std::errc::not_a_directory ||
                                   reason == std::errc::too_many_symbolic_link_levels;
        if (!unknown && status.kind == platform::FileKind::Link && leads_nowhere) {
            throw Error(
                ErrorKind::Rejected,
                localize("The link {} leads nowhere. Repair or remove it, or list it in {}.",
                         place.path,
                         rules_.file_name()));
        }
        fail_to_read(place.on_disk, reason);
    }

    [[noreturn]] void fail_to_read(const std::string& on_disk,
                                   const std::error_code& reason) const {
        const auto full = on_disk.empty() ? listing_.root : listing_.root / on_disk;
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
    std::vector<platform::FileStatus> ancestors_;
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

/// On Linux a folder can hold both spellings of a name.
void refuse_same_names(const Listing& listing) {
    const auto twin = std::adjacent_find(
        listing.files.begin(), listing.files.end(), [](const File& left, const File& right) {
            return left.path == right.path;
        });
    if (twin == listing.files.end()) return;
    throw Error(ErrorKind::Rejected,
                localize("Two files are called {}, with an accent that is written in two ways. "
                         "Rename one of them, or list it in {}.",
                         twin->path,
                         listing.ignore_file));
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
    refuse_same_names(listing);
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
