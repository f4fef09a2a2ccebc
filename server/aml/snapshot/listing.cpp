#include "snapshot/listing.hpp"

#include "snapshot/digest.hpp"
#include "snapshot/normal_form.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace aml::snapshot {
namespace {

// Coarse enough for every file system's clock, and for a file server whose clock is a little off.
constexpr std::int64_t racy_ns = 2'000'000'000;

}  // namespace

std::string Listing::folder_name() const {
    const auto name = root.lexically_normal().filename();
    return name.empty() ? "code" : normal_form_c(name.string());
}

std::filesystem::path Listing::place_of(const File& file) const {
    return root / (file.on_disk.empty() ? file.path : file.on_disk);
}

std::string fingerprint(const Listing& listing) {
    Digest hash(Digest::Algorithm::Sha256);
    hash.update(listing.root.string());
    std::string line;
    for (const auto& file : listing.files) {
        line.clear();
        fmt::format_to(std::back_inserter(line),
                       "{}/{} {} {} {} {}\n",
                       file.path,
                       file.stamp.size,
                       file.stamp.modified_ns,
                       file.stamp.changed_ns,
                       file.stamp.device,
                       file.stamp.inode);
        hash.update(line);
    }
    return hash.finish();
}

bool is_settled(const Listing& listing, std::int64_t seen_ns) {
    return std::all_of(listing.files.begin(), listing.files.end(), [&](const File& file) {
        return std::max(file.stamp.modified_ns, file.stamp.changed_ns) < seen_ns - racy_ns;
    });
}

}  // namespace aml::snapshot
