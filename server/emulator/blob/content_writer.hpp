#pragma once

#include "async/asio.hpp"
#include "platform/file.hpp"
#include "web/message.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace aml::emulator {

/// What was written to a file.
struct WrittenContent {
    std::uint64_t size = 0;
    /// MD5 in Base64.
    std::string md5;
};

/// Writes bytes to a file and sums them up. Used by one thread at a time, off the loop.
class ContentWriter final {
public:
    /// Creates the file; with `append` adds to the end of an existing one.
    /// Throws: Unavailable with the system's reason.
    explicit ContentWriter(std::filesystem::path path, bool append = false);
    ~ContentWriter();
    ContentWriter(const ContentWriter&) = delete;
    ContentWriter& operator=(const ContentWriter&) = delete;

    /// Throws: Unavailable, e.g. when the disk is full.
    void write(std::string_view bytes);
    /// Copies a part of another file, which the digest does not count.
    void write_file(const std::filesystem::path& source,
                    std::uint64_t offset,
                    std::uint64_t length);
    /// What was written. No more writes after it.
    WrittenContent finish();
    /// Makes everything durable. Throws: Unavailable.
    void sync();

private:
    struct Digest;

    void put(std::string_view bytes);

    std::filesystem::path path_;
    bool append_;
    platform::File file_;
    /// Of what this writer has written.
    std::uint64_t size_ = 0;
    std::unique_ptr<Digest> digest_;
};

/// Makes files durable; together this costs little more than for one of them. Throws: Unavailable.
void sync_files(const std::vector<std::filesystem::path>& paths);

/// Streams a request's body into a new file (or to the end of one) by way of `pool`, a megabyte in
/// memory at most. Removes a new file again when it fails.
asio::awaitable<WrittenContent> receive_content(BodyReader& body,
                                                std::filesystem::path path,
                                                asio::thread_pool& pool,
                                                bool append = false);

}  // namespace aml::emulator
