#include "snapshot/ignore_rules.hpp"

#include "snapshot/normal_form.hpp"
#include "snapshot/read_file.hpp"
#include "snapshot/repository.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/unicode.hpp"

#include <system_error>
#include <utility>

namespace aml::snapshot {
namespace {

namespace fs = std::filesystem;

constexpr auto own_name = ".amlignore";
constexpr auto git_name = ".gitignore";

bool is_there(const fs::path& file) {
    std::error_code unknown;
    return fs::exists(file, unknown);
}

/// As a part of the paths that rules are about.
std::string text_of(const fs::path& path) {
    return normal_form_c(path.generic_string());
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
    if (!folders.empty()) prefix_ = text_of(real.lexically_relative(repository->root)) + "/";
    if (file_name_ == git_name) {
        const auto exclude = repository->common / "info" / "exclude";
        if (fs::is_regular_file(exclude, error)) scopes_.push_back({0, parse(exclude), exclude});
    }
    for (const auto& folder : folders) {
        const auto below = text_of(folder.lexically_relative(repository->root));
        // "" for the repository's root, else "a/b/".
        add_above(folder / file_name_, below == "." ? 0 : below.size() + 1);
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
        scopes_.push_back({base_length, parse(file), file});
    }
}

/// Whether the root, or a folder between it and the repository's root, is ignored.
bool IgnoreRules::is_ignored_as_a_whole() const {
    for (auto end = prefix_.find('/'); end != std::string::npos; end = prefix_.find('/', end + 1)) {
        if (verdict_of(prefix_.substr(0, end), EntryKind::Folder).value_or(false)) return true;
    }
    return false;
}

bool IgnoreRules::enter(const platform::Folder& folder,
                        const std::string& path,
                        const fs::path& place) {
    std::error_code missing;
    const auto status = folder.link_status(file_name_, missing);
    if (missing) return false;
    if (status.kind == platform::FileKind::Link) {
        notes_.push_back(
            localize("{} is a link; its rules do not count, as in git.", path + file_name_));
        return false;
    }
    if (status.kind != platform::FileKind::Regular) return false;
    const auto file = place / file_name_;
    scopes_.push_back({prefix_.size() + path.size(), parse(file), file});
    return true;
}

void IgnoreRules::leave() {
    scopes_.pop_back();
}

IgnoreFile IgnoreRules::parse(const fs::path& file) {
    const auto text = text_from_bytes(read_whole_file(file));
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
    return IgnoreFile(normal_form_c(*text));
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

std::optional<IgnoreRule> IgnoreRules::rule(std::string_view path, EntryKind kind) const {
    const auto whole = prefix_ + std::string(path);
    for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
        if (scope->base_length >= whole.size()) continue;
        const auto below = std::string_view(whole).substr(scope->base_length);
        if (auto line = scope->rules.line(below, kind))
            return IgnoreRule{scope->file, std::move(*line)};
    }
    return std::nullopt;
}

std::vector<std::string> IgnoreRules::take_notes() {
    return std::exchange(notes_, {});
}

}  // namespace aml::snapshot
