#include "blob/content_writer.hpp"

#include "async/run_blocking.hpp"
#include "core/digest.hpp"
#include "support/error.hpp"
#include "support/system_text.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <system_error>

namespace aml::emulator {

namespace {

constexpr std::uint64_t piece_size = 1024 * 1024;

/// What the system refuses becomes an `Error` that names the file.
void or_unavailable(const std::filesystem::path& path, const std::function<void()>& work) {
    try {
        work();
    } catch (const std::filesystem::filesystem_error& error) {
        throw Error(ErrorKind::Unavailable,
                    fmt::format("The emulator cannot write '{}': {}.",
                                path.string(),
                                system_text(error.code()).english()));
    }
}

/// Several writers may do that at once.
void append_to_file(const std::filesystem::path& path, std::string_view bytes) {
    auto file = platform::File::open_to_write(path);
    file.lock();
    file.write_at(file.status().size, bytes);
}

}  // namespace

struct ContentWriter::Digest {
    Digest() { EVP_DigestInit_ex(context.get(), EVP_md5(), nullptr); }

    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(),
                                                                    &EVP_MD_CTX_free};
};

ContentWriter::ContentWriter(std::filesystem::path path, bool append)
    : path_(std::move(path)),
      append_(append),
      digest_(std::make_unique<Digest>()) {
    or_unavailable(path_, [&] {
        file_ = platform::File::open_or_create(path_, platform::Readers::Everyone);
        if (!append) file_.resize(0);
    });
}

ContentWriter::~ContentWriter() = default;

void ContentWriter::write(std::string_view bytes) {
    EVP_DigestUpdate(digest_->context.get(), bytes.data(), bytes.size());
    put(bytes);
}

void ContentWriter::write_file(const std::filesystem::path& source,
                               std::uint64_t offset,
                               std::uint64_t length) {
    std::string piece(static_cast<std::size_t>(std::min(length, piece_size)), '\0');
    or_unavailable(source, [&] {
        const auto input = platform::File::open(source);
        while (length > 0) {
            const auto wanted = static_cast<std::size_t>(std::min(length, piece_size));
            const auto count = input.read_at(offset, piece.data(), wanted);
            if (count == 0)
                throw std::filesystem::filesystem_error(
                    "read", source, std::make_error_code(std::errc::io_error));
            put(std::string_view(piece).substr(0, count));
            offset += count;
            length -= count;
        }
    });
}

void ContentWriter::put(std::string_view bytes) {
    or_unavailable(path_, [&] {
        if (append_) {
            append_to_file(path_, bytes);
        } else {
            file_.write_at(size_, bytes);
        }
    });
    size_ += bytes.size();
}

WrittenContent ContentWriter::finish() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned int length = 0;
    EVP_DigestFinal_ex(digest_->context.get(), bytes.data(), &length);
    return {size_, base64_encode({reinterpret_cast<const char*>(bytes.data()), length})};
}

void ContentWriter::sync() {
    or_unavailable(path_, [&] { file_.sync(); });
}

namespace {

// Removes an unfinished new file, whatever ends the transfer.
class Unfinished final {
public:
    explicit Unfinished(std::filesystem::path path)
        : path_(std::move(path)) {}

    Unfinished(const Unfinished&) = delete;
    Unfinished& operator=(const Unfinished&) = delete;

    ~Unfinished() {
        std::error_code ignored;
        if (!path_.empty()) std::filesystem::remove(path_, ignored);
    }

    void keep() { path_.clear(); }

private:
    std::filesystem::path path_;
};

// Owned by the loop and, for the time of a write, by the pool.
struct Transfer {
    std::unique_ptr<ContentWriter> writer;
    WrittenContent written;
};

}  // namespace

void sync_files(const std::vector<std::filesystem::path>& paths) {
    for (const auto& path : paths)
        or_unavailable(path, [&] { platform::File::open_to_write(path).sync(); });
}

asio::awaitable<WrittenContent> receive_content(BodyReader& body,
                                                std::filesystem::path path,
                                                asio::thread_pool& pool,
                                                bool append) {
    Unfinished unfinished(append ? std::filesystem::path() : path);
    const auto transfer = std::make_shared<Transfer>();
    for (bool ended = false; !ended;) {
        std::string piece;
        while (!ended && piece.size() < piece_size) {
            const auto more = co_await body.read();
            ended = more.empty();
            piece += more;
        }
        // Opening, writing and syncing of a small body are one trip to the pool.
        auto work = [transfer, path, append, ended, piece = std::move(piece)] {
            if (!transfer->writer) transfer->writer = std::make_unique<ContentWriter>(path, append);
            transfer->writer->write(piece);
            if (ended && append) transfer->writer->sync();
            if (ended) transfer->written = transfer->writer->finish();
        };
        co_await async::run_blocking(pool, std::move(work));
    }
    unfinished.keep();
    co_return transfer->written;
}

}  // namespace aml::emulator
