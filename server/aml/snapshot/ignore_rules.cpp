#include "snapshot/ignore_rules.hpp"

#include "snapshot/read_file.hpp"
#include "snapshot/repository.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/unicode.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <utility>

namespace aml::snapshot {
namespace {

namespace fs = std::filesystem;

constexpr auto own_name = ".amlignore";
constexpr auto git_name = ".gitignore";

bool is_there(const fs::path& file) {
    struct stat status {};

    return ::stat(file.c_str(), &status) == 0;
}

/// The folders from `outermost` to `innermost`, which lies in it.
std::vector<fs::path> folders_between(const fs::path& outermost, const fs::path& innermost) {
    std::vector<fs::path> folders{outermost};
    for (const auto& part : innermost.lexically_relative(outermost)) {
        if (part != ".") folders.push_back(folders.back() / part);
    }
    return folders;
}

}  // namespace

IgnoreRules::IgnoreRules(fs::path root)
    : root_(std::move(root)),
      file_name_(is_there(root_ / own_name) ? own_name : git_name) {}

void IgnoreRules::read_above() {
    std::error_code error;
    const auto real = fs::canonical(root_, error);
    if (error) return;
    const auto repository = find_repository(real);
    if (!repository) return;
    auto folders = folders_between(repository->root, real);
    for (const auto& folder : folders) {
        if (is_there(folder / own_name)) file_name_ = own_name;
    }
    folders.pop_back();
    if (!folders.empty())
        prefix_ = real.lexically_relative(repository->root).generic_string() + "/";
    if (file_name_ == git_name) {
        const auto exclude = repository->common / "info" / "exclude";
        if (fs::is_regular_file(exclude, error)) scopes_.push_back({0, parse(exclude)});
    }
    const auto outer = repository->root.generic_string().size();
    for (const auto& folder : folders) {
        const auto base = folder.generic_string().size() - outer;
        // As a part of the paths: "" for the repository's root, else "a/b/".
        add_above(folder / file_name_, outer == 1 && base > 0 ? base + 1 : base);
    }
    if (!is_ignored_as_a_whole()) return;
    scopes_.clear();
    notes_.push_back(
        localize("{} is ignored as a whole by the ignore files above it, which do not count "
                 "therefore.",
                 root_.string()));
}

void IgnoreRules::add_above(const fs::path& file, std::size_t base_length) {
    std::error_code error;
    if (fs::is_symlink(fs::symlink_status(file, error))) {
        notes_.push_back(
            localize("{} is a link; its rules do not count, as in git.", file.string()));
    } else if (fs::is_regular_file(file, error)) {
        scopes_.push_back({base_length, parse(file)});
    }
}

/// Whether the root, or a folder between it and the repository's root, is ignored.
bool IgnoreRules::is_ignored_as_a_whole() const {
    for (auto end = prefix_.find('/'); end != std::string::npos; end = prefix_.find('/', end + 1)) {
        if (verdict_of(prefix_.substr(0, end), EntryKind::Folder).value_or(false)) return true;
    }
    return false;
}

bool IgnoreRules::enter(int descriptor, const std::string& path) {
    struct stat status {};

    if (::fstatat(descriptor, file_name_.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return false;
    if (S_ISLNK(status.st_mode)) {
        notes_.push_back(
            localize("{} is a link; its rules do not count, as in git.", path + file_name_));
        return false;
    }
    if (!S_ISREG(status.st_mode)) return false;
    scopes_.push_back({prefix_.size() + path.size(), parse(root_ / (path + file_name_))});
    return true;
}

void IgnoreRules::leave() {
    scopes_.pop_back();
}

IgnoreFile IgnoreRules::parse(const fs::path& file) {
    const auto text =
        text_from_bytes(read_whole_file(file.parent_path(), file.filename().string()));
    if (!text) {
        throw Error(ErrorKind::Rejected,
                    localize("{} is not text, so what it leaves out cannot be told. Save it as "
                             "UTF-8.",
                             file.string()));
    }
    if (!decode_utf8(*text)) {
        notes_.push_back(
            localize("{} is not UTF-8, so its rules with other than English letters match nothing. "
                     "Save it as UTF-8.",
                     file.string()));
    }
    return IgnoreFile(*text);
}

std::optional<bool> IgnoreRules::verdict(std::string_view path, EntryKind kind) const {
    if (prefix_.empty()) return verdict_of(path, kind);
    return verdict_of(prefix_ + std::string(path), kind);
}

std::optional<bool> IgnoreRules::verdict_of(std::string_view whole, EntryKind kind) const {
    for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
        if (scope->base_length >= whole.size()) continue;
        if (const auto verdict = scope->rules.verdict(whole.substr(scope->base_length), kind))
            return verdict;
    }
    return std::nullopt;
}

std::vector<std::string> IgnoreRules::take_notes() {
    return std::exchange(notes_, {});
}

}  // namespace aml::snapshot
