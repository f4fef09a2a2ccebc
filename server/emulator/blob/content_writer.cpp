#include "blob/content_writer.hpp"

#include "async/run_blocking.hpp"
#include "core/digest.hpp"
#include "support/error.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <unistd.h>

namespace aml::emulator {

namespace {

constexpr std::size_t piece_size = 1024 * 1024;

}  // namespace

struct ContentWriter::Digest {
    Digest() { EVP_DigestInit_ex(context.get(), EVP_md5(), nullptr); }

    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(),
                                                                    &EVP_MD_CTX_free};
};

ContentWriter::ContentWriter(std::filesystem::path path, bool append)
    : path_(std::move(path)),
      digest_(std::make_unique<Digest>()) {
    const int mode = append ? O_APPEND : O_TRUNC;
    file_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | mode, 0644);
    if (file_ < 0) fail();
}

ContentWriter::~ContentWriter() {
    if (file_ >= 0) ::close(file_);
}

void ContentWriter::write(std::string_view bytes) {
    EVP_DigestUpdate(digest_->context.get(), bytes.data(), bytes.size());
    size_ += bytes.size();
    while (!bytes.empty()) {
        const auto written = ::write(file_, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail();
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

void ContentWriter::write_file(const std::filesystem::path& source,
                               std::uint64_t offset,
                               std::uint64_t length) {
    const int input = ::open(source.c_str(), O_RDONLY | O_CLOEXEC);
    if (input < 0) fail();
    auto position = static_cast<off64_t>(offset);
    while (length > 0) {
        const auto copied = ::copy_file_range(input, &position, file_, nullptr, length, 0);
        if (copied < 0 && errno == EINTR) continue;
        if (copied <= 0) {
            const int reason = copied == 0 ? EIO : errno;
            ::close(input);
            errno = reason;
            fail();
        }
        size_ += static_cast<std::uint64_t>(copied);
        length -= static_cast<std::uint64_t>(copied);
    }
    ::close(input);
}

WrittenContent ContentWriter::finish() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned int length = 0;
    EVP_DigestFinal_ex(digest_->context.get(), bytes.data(), &length);
    return {size_, base64_encode({reinterpret_cast<const char*>(bytes.data()), length})};
}

void ContentWriter::sync() {
    if (::fsync(file_) != 0) fail();
}

void ContentWriter::fail() const {
    throw Error(
        ErrorKind::Unavailable,
        fmt::format("The emulator cannot write '{}': {}.", path_.string(), std::strerror(errno)));
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
    for (const auto& path : paths) {
        const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        const bool synced = file >= 0 && ::fsync(file) == 0;
        const int reason = errno;
        if (file >= 0) ::close(file);
        if (synced) continue;
        throw Error(
            ErrorKind::Unavailable,
            fmt::format(
                "The emulator cannot write '{}': {}.", path.string(), std::strerror(reason)));
    }
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
