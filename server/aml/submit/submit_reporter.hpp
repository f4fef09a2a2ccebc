#pragma once

#include "async/asio.hpp"
#include "async/clock.hpp"
#include "submit/submit_types.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace aml::submit {

/// What is read and uploaded.
enum class SubmitContent { Code, Data };

/// Turns what the parts of a submission do into `SubmitProgress`. Lives on the loop; shared with
/// reads on the pool, which only leave their counts for the loop to pick up.
class SubmitReporter final : public std::enable_shared_from_this<SubmitReporter> {
public:
    SubmitReporter(asio::any_io_executor loop, async::Clock& clock, OnSubmitProgress on_progress);

    /// A stage begins, or says something new.
    void enter(SubmitStage stage, std::string message);

    /// For `snapshot::content_hash`: may be called on any thread; tells the loop at most ten times
    /// a second.
    std::function<void(std::uint64_t files, std::uint64_t bytes)> reading(
        SubmitContent content, std::uint64_t files_total, std::uint64_t bytes_total);

    /// Adds to what is being uploaded already.
    void start_upload(std::uint64_t files_total, std::uint64_t bytes_total);
    void uploaded(std::uint64_t files, std::uint64_t bytes);

    /// Nothing is reported any more; the receiver may go.
    void close();

private:
    void read(SubmitContent content,
              std::uint64_t files,
              std::uint64_t bytes,
              std::uint64_t files_total,
              std::uint64_t bytes_total);
    void report_upload(bool always);
    void report(SubmitProgress progress);

    asio::any_io_executor loop_;
    async::Clock& clock_;
    OnSubmitProgress on_progress_;
    SubmitProgress upload_;
    async::Clock::TimePoint upload_started_;
    async::Clock::TimePoint last_upload_report_;
    int percent_ = 0;
};

}  // namespace aml::submit
