#include "snapshot/content.hpp"

#include "snapshot/digest.hpp"
#include "snapshot/read_file.hpp"
#include "support/error.hpp"

#include <algorithm>

namespace aml::snapshot {
namespace {

constexpr std::size_t chunk_size = 256 * 1024;

}  // namespace

std::string content_hash(const Listing& listing, const OnRead& on_read, std::stop_token stop) {
    Digest hash(Digest::Algorithm::Sha256);
    hash.update(std::uint64_t{listing.files.size()});
    for (const auto& file : listing.files) {
        hash.update("#");
        hash.update(file.path);
        hash.update("#");
        hash.update(file.stamp.size);
    }
    std::string chunk(chunk_size, '\0');
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
    for (const auto& file : listing.files) {
        const SnapshotFile input(listing, file);
        for (std::uint64_t offset = 0; offset < file.stamp.size;) {
            if (stop.stop_requested()) throw cancelled();
            const auto count = std::min<std::uint64_t>(chunk_size, file.stamp.size - offset);
            input.read(offset, chunk.data(), count);
            hash.update(std::string_view(chunk).substr(0, count));
            offset += count;
            bytes += count;
            if (on_read) on_read(files, bytes);
        }
        input.check_unchanged();
        ++files;
    }
    if (stop.stop_requested()) throw cancelled();
    if (on_read) on_read(files, bytes);
    return hash.finish();
}

std::string read_part(const Listing& listing,
                      const File& file,
                      std::uint64_t offset,
                      std::uint64_t length) {
    const SnapshotFile input(listing, file);
    std::string bytes(length, '\0');
    input.read(offset, bytes.data(), bytes.size());
    input.check_unchanged();
    return bytes;
}

}  // namespace aml::snapshot
