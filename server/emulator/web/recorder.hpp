#pragma once

#include "core/digest.hpp"
#include "web/message.hpp"

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>

namespace aml::emulator {

/// Counts and hashes a body that passes through, for recording.
class BodyTally final : public BodyReader {
public:
    explicit BodyTally(BodyReader& source);

    asio::awaitable<std::string> read() override;
    std::optional<std::uint64_t> length() const override;

    /// Bytes read so far.
    std::uint64_t count() const { return count_; }

    /// `{length, sha256}` of what was read, or null when that was nothing. Call it once.
    json summary();

private:
    BodyReader& source_;
    Hasher hasher_;
    std::uint64_t count_ = 0;
};

/// Appends one JSON line per exchange to the file of `--record`. Secrets are removed before
/// anything is written.
class Recorder final {
public:
    /// Goes on with what the file has, without a last line that was cut off by a kill.
    /// Throws: Unavailable when the file cannot be opened.
    explicit Recorder(const std::filesystem::path& file);

    /// `streamed` is the summary of a body that the handler pulled itself, else null.
    /// Throws: Unavailable when the line cannot be written.
    void write(const Request& request,
               const json& streamed,
               const Reply& reply,
               const json& file_summary);

    /// A body as the record holds it: redacted JSON, `{length, sha256}`, or null when empty.
    static json body_entry(const Headers& headers, std::string_view body);
    /// `{length, sha256}` of a part of a file. Blocking.
    static json file_entry(const FileBody& file);

private:
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };

    std::unique_ptr<std::FILE, Close> file_;
    std::string name_;
};

}  // namespace aml::emulator
