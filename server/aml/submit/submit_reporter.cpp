#include "submit/submit_reporter.hpp"

#include "support/localize.hpp"
#include "support/text.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace aml::submit {
namespace {

constexpr auto report_interval = std::chrono::milliseconds(100);

/// Where a stage lies on the way from 0 to 100.
struct Span {
    int from;
    int to;
};

constexpr Span span_of(SubmitStage stage) {
    switch (stage) {
        case SubmitStage::Validate:
            return {0, 2};
        case SubmitStage::Snapshot:
            return {2, 20};
        case SubmitStage::Environment:
            return {0, 0};
        case SubmitStage::Upload:
            return {20, 90};
        case SubmitStage::CreateJob:
            break;
    }
    return {92, 100};
}

int percent(SubmitStage stage, std::uint64_t done, std::uint64_t total) {
    const auto span = span_of(stage);
    const auto share = total == 0 ? 0.0 : static_cast<double>(done) / static_cast<double>(total);
    return span.from + static_cast<int>(share * (span.to - span.from));
}

}  // namespace

LocalizedText title(SubmitStage stage) {
    switch (stage) {
        case SubmitStage::Validate:
            return localize("Checking");
        case SubmitStage::Snapshot:
            return localize("Reading the code");
        case SubmitStage::Environment:
            return localize("Preparing the environment");
        case SubmitStage::Upload:
            return localize("Uploading");
        case SubmitStage::CreateJob:
            break;
    }
    return localize("Creating the run");
}

SubmitReporter::SubmitReporter(asio::any_io_executor loop,
                               async::Clock& clock,
                               OnSubmitProgress on_progress)
    : loop_(std::move(loop)),
      clock_(clock),
      on_progress_(std::move(on_progress)) {}

void SubmitReporter::enter(SubmitStage stage, std::string message) {
    SubmitProgress progress;
    progress.stage = stage;
    progress.message = std::move(message);
    progress.percent = percent(stage, 0, 0);
    report(std::move(progress));
}

std::function<void(std::uint64_t, std::uint64_t)> SubmitReporter::reading(
    SubmitContent content, std::uint64_t files_total, std::uint64_t bytes_total) {
    using Steady = std::chrono::steady_clock;
    auto last = Steady::now();
    return [self = shared_from_this(), content, files_total, bytes_total, last](
               std::uint64_t files, std::uint64_t bytes) mutable {
        const auto now = Steady::now();
        if (now - last < report_interval && files < files_total) return;
        last = now;
        asio::post(self->loop_, [self, content, files, bytes, files_total, bytes_total] {
            self->read(content, files, bytes, files_total, bytes_total);
        });
    };
}

void SubmitReporter::read(SubmitContent content,
                          std::uint64_t files,
                          std::uint64_t bytes,
                          std::uint64_t files_total,
                          std::uint64_t bytes_total) {
    // Posted from another thread: the upload may have begun meanwhile.
    if (upload_.files_total > 0) return;
    SubmitProgress progress;
    progress.stage = SubmitStage::Snapshot;
    const auto done = human_size(bytes);
    const auto total = human_size(bytes_total);
    progress.message = content == SubmitContent::Code
                           ? localize("Reading the code: {} of {}", done, total)
                           : localize("Reading the data: {} of {}", done, total);
    progress.files_done = files;
    progress.files_total = files_total;
    progress.bytes_done = bytes;
    progress.bytes_total = bytes_total;
    progress.percent = percent(SubmitStage::Snapshot, bytes, bytes_total);
    report(std::move(progress));
}

void SubmitReporter::start_upload(std::uint64_t files_total, std::uint64_t bytes_total) {
    if (upload_.files_done == upload_.files_total) {
        upload_ = {};
        upload_.stage = SubmitStage::Upload;
        upload_started_ = clock_.now();
    }
    upload_.files_total += files_total;
    upload_.bytes_total += bytes_total;
    report_upload(true);
}

void SubmitReporter::uploaded(std::uint64_t files, std::uint64_t bytes) {
    upload_.files_done += files;
    upload_.bytes_done += bytes;
    report_upload(upload_.files_done == upload_.files_total);
}

void SubmitReporter::report_upload(bool always) {
    const auto now = clock_.now();
    if (!always && now - last_upload_report_ < report_interval) return;
    last_upload_report_ = now;
    const std::chrono::duration<double> elapsed = now - upload_started_;
    upload_.bytes_per_second =
        elapsed.count() > 0 ? static_cast<double>(upload_.bytes_done) / elapsed.count() : 0;
    upload_.message = localize("Uploading {} of {} files, {} of {}",
                               upload_.files_done,
                               upload_.files_total,
                               human_size(upload_.bytes_done),
                               human_size(upload_.bytes_total));
    if (upload_.bytes_per_second > 0) {
        const auto rate = human_size(static_cast<std::uint64_t>(upload_.bytes_per_second));
        upload_.message = localize("{}, {}/s", upload_.message, rate);
    }
    upload_.percent = percent(SubmitStage::Upload, upload_.bytes_done, upload_.bytes_total);
    report(upload_);
}

void SubmitReporter::report(SubmitProgress progress) {
    percent_ = std::max(percent_, progress.percent);
    progress.percent = percent_;
    if (on_progress_) on_progress_(progress);
}

void SubmitReporter::close() {
    on_progress_ = nullptr;
}

}  // namespace aml::submit
