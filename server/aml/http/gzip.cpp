#include "http/gzip.hpp"

#include <zlib.h>

#include <algorithm>
#include <new>

namespace aml::http {
namespace {

/// zlib's state, for one text.
class Inflater final {
public:
    explicit Inflater(std::string_view packed) {
        // 16 more than the window's size asks zlib for gzip's frame instead of its own.
        constexpr int gzip_window = MAX_WBITS + 16;
        // zlib reads from here, and only lacks the word const.
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
        stream_.avail_in = static_cast<uInt>(packed.size());
        if (inflateInit2(&stream_, gzip_window) != Z_OK) throw std::bad_alloc();
    }

    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    ~Inflater() { inflateEnd(&stream_); }

    /// Fills what `text` has behind `used`; returns zlib's word for how it went.
    int fill(std::string& text, std::size_t& used) {
        const auto room = static_cast<uInt>(text.size() - used);
        stream_.next_out = reinterpret_cast<Bytef*>(text.data() + used);
        stream_.avail_out = room;
        const int result = inflate(&stream_, Z_NO_FLUSH);
        used += room - stream_.avail_out;
        return result;
    }

    bool is_empty() const { return stream_.avail_in == 0; }

private:
    z_stream stream_{};
};

}  // namespace

std::variant<std::string, GunzipProblem> gunzip(std::string_view packed, std::size_t limit) {
    // JSON of lists shrinks to a fortieth, most texts to a fifth.
    constexpr std::size_t usual_growth = 8;
    Inflater inflater(packed);
    // One more, so that a text of just `limit` bytes is not taken for a longer one.
    std::string text(std::min(packed.size() * usual_growth, limit) + 1, '\0');
    std::size_t used = 0;
    for (;;) {
        const int result = inflater.fill(text, used);
        if (used > limit) return GunzipProblem::TooLarge;
        if (result == Z_STREAM_END) break;
        if (result != Z_OK || (inflater.is_empty() && used < text.size()))
            return GunzipProblem::Broken;
        text.resize(std::min(text.size() * 2, limit + 1));
    }
    if (!inflater.is_empty()) return GunzipProblem::Broken;
    text.resize(used);
    return text;
}

}  // namespace aml::http
