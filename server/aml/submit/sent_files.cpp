#include "submit/sent_files.hpp"

#include "state/atomic_file.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/system_text.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <fstream>
#include <map>
#include <system_error>

namespace aml::submit {
namespace {

constexpr std::size_t most_files_shown = 500;
constexpr std::size_t most_folders_shown = 50;

struct Amount {
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
};

std::string amount_text(const Amount& amount) {
    const auto size = human_size(amount.bytes);
    return amount.files == 1 ? localize("1 file, {}", size)
                             : localize("{} files, {}", amount.files, size);
}

void add_line(std::string& text,
              std::uint64_t bytes,
              std::string_view path,
              std::string_view what) {
    text += fmt::format("{:>10}  {}", human_size(bytes), path);
    if (!what.empty()) text += fmt::format("  ({})", what);
    text += '\n';
}

void add_findings(std::string& text, const std::vector<UploadFinding>& findings) {
    if (findings.empty()) return;
    text += "\n" + localize("Check before it goes:").shown() + "\n";
    for (const auto& found : findings)
        add_line(text, found.finding.bytes, found.finding.path, found.description());
}

/// The folders at the top, with what is in them.
void add_folders(std::string& text, const snapshot::Listing& listing) {
    std::map<std::string, Amount> folders;
    for (const auto& file : listing.files) {
        const auto slash = file.path.find('/');
        if (slash == std::string::npos) continue;
        auto& amount = folders[file.path.substr(0, slash + 1)];
        ++amount.files;
        amount.bytes += file.stamp.size;
    }
    if (folders.empty()) return;
    std::vector<std::pair<std::string, Amount>> sorted(folders.begin(), folders.end());
    std::stable_sort(sorted.begin(), sorted.end(), [](const auto& left, const auto& right) {
        return left.second.bytes > right.second.bytes;
    });
    text += "\n" + localize("Folders:").shown() + "\n";
    for (std::size_t i = 0; i < std::min(sorted.size(), most_folders_shown); ++i)
        add_line(text, sorted[i].second.bytes, sorted[i].first, amount_text(sorted[i].second));
    if (sorted.size() > most_folders_shown)
        text += localize("and {} more", sorted.size() - most_folders_shown).shown() + "\n";
}

void add_files(std::string& text, const snapshot::Listing& listing) {
    std::vector<const snapshot::File*> sorted;
    for (const auto& file : listing.files) sorted.push_back(&file);
    const auto shown = std::min(sorted.size(), most_files_shown);
    std::partial_sort(sorted.begin(),
                      sorted.begin() + static_cast<std::ptrdiff_t>(shown),
                      sorted.end(),
                      [](const snapshot::File* left, const snapshot::File* right) {
                          if (left->stamp.size != right->stamp.size)
                              return left->stamp.size > right->stamp.size;
                          return left->path < right->path;
                      });
    text += "\n" + localize("Files, the largest first:").shown() + "\n";
    Amount rest;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        if (i < shown) {
            add_line(text, sorted[i]->stamp.size, sorted[i]->path, {});
        } else {
            ++rest.files;
            rest.bytes += sorted[i]->stamp.size;
        }
    }
    if (rest.files > 0)
        add_line(text, rest.bytes, localize("{} smaller files", rest.files).shown(), {});
}

/// The rule as people find it: the file below the folder by its relative path.
std::string place_of(const snapshot::IgnoreRule& rule, const std::filesystem::path& root) {
    const auto relative = rule.file.lexically_relative(root);
    const bool is_below = !relative.empty() && *relative.begin() != "..";
    return fmt::format("{}:{}",
                       is_below ? relative.generic_string() : rule.file.generic_string(),
                       rule.line.number);
}

void add_left_out(std::string& text, const SentFolder& folder) {
    const auto& listing = *folder.listing;
    if (listing.left_out.empty() && folder.stays.empty() && listing.notes.empty()) return;
    text += "\n" + localize("Left out:").shown() + "\n";
    for (const auto& path : folder.stays)
        text += fmt::format("  {}  ({})\n", path, localize("as you have said").shown());
    for (const auto& one : listing.left_out) {
        text += fmt::format(
            "  {}  ({}: {})\n", one.path, place_of(one.rule, listing.root), one.rule.line.text);
    }
    if (listing.more_left_out > 0)
        text += "  " + localize("and {} more", listing.more_left_out).shown() + "\n";
    for (const auto& note : listing.notes) text += fmt::format("  {}\n", note);
}

}  // namespace

std::string sent_text(const std::vector<SentFolder>& folders) {
    if (folders.empty()) return localize("Nothing of this computer is sent.").shown() + "\n";
    std::string text;
    for (const auto& folder : folders) {
        const auto& listing = *folder.listing;
        if (!text.empty()) text += "\n\n";
        const auto title = folder.is_code ? localize("Code: {}", folder.path.string())
                                          : localize("Data: {}", folder.path.string());
        text += fmt::format(
            "{}\n{}\n", title.shown(), amount_text({listing.files.size(), listing.bytes}));
        add_findings(text, folder.findings);
        add_folders(text, listing);
        add_files(text, listing);
        add_left_out(text, folder);
    }
    return text;
}

std::string ignore_line(std::string_view path) {
    std::string line = "/";
    for (const char c : path) {
        if (std::string_view("*?[\\").find(c) != std::string_view::npos) line += '\\';
        line += c;
    }
    // A space at the end counts only so.
    if (line.ends_with(' ')) line.insert(line.size() - 1, "\\");
    return line;
}

void add_ignore_line(const std::filesystem::path& file, std::string_view line) {
    const auto text = state::read_file(file).value_or(std::string());
    const bool is_windows = text.find("\r\n") != std::string::npos;
    const std::string_view end = is_windows ? "\r\n" : "\n";
    std::string addition;
    if (!text.empty() && !text.ends_with('\n')) addition = end;
    addition += line;
    addition += end;
    // Appended, so that its owner and its rights stay as they are.
    errno = 0;
    std::ofstream out(file, std::ios::binary | std::ios::app);
    out << addition << std::flush;
    if (out) return;
    const std::error_code reason(errno, std::generic_category());
    throw Error(ErrorKind::Unavailable,
                localize("Cannot save {}: {}.", file.string(), system_text(reason)));
}

}  // namespace aml::submit
