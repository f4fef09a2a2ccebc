#pragma once

#include "async/clock.hpp"
#include "runs/failure.hpp"
#include "runs/run_snapshot.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace aml::views {

/// A text under its name.
struct NamedText {
    std::string name{};
    std::string text{};

    bool operator==(const NamedText&) const = default;
};

/// How far a stage of a run is. Failed: the run ended in it without being completed.
enum class StageState { Ahead, Active, Done, Failed };

/// What a run goes through.
struct Stage {
    std::string name{};
    StageState state = StageState::Ahead;
    std::optional<async::Clock::TimePoint> started_at{};
    std::optional<async::Clock::TimePoint> ended_at{};
    /// How long it took for earlier runs of the experiment.
    std::optional<std::chrono::milliseconds> usual{};
    /// What it waits for, in Azure's words; mostly empty.
    std::string text{};

    bool operator==(const Stage&) const = default;
};

/// What is logged under a metric: numbers to be plotted, a text, rows with columns, a picture, a
/// chart, or something else in a file.
enum class MetricKind { Scalar, Text, Table, Picture, Chart, File };

/// A metric as a list shows it.
struct MetricSummary {
    std::string name{};
    MetricKind kind = MetricKind::Scalar;
    /// The last value; empty for what is not one value.
    std::string value{};
    std::vector<std::string> columns{};
    /// Rises when something is logged.
    std::uint64_t revision = 0;

    bool operator==(const MetricSummary&) const = default;
};

/// A picture of a run at one step.
struct ImageStep {
    /// Absent when it was logged without one.
    std::optional<std::int64_t> step{};
    std::string path{};

    bool operator==(const ImageStep&) const = default;
};

/// A picture that a script logged, once or at several steps.
struct Image {
    std::string name{};
    std::vector<ImageStep> steps{};

    bool operator==(const Image&) const = default;
};

/// How a file that a script logged is shown.
enum class LoggedKind { Chart, Table };

/// A chart or a table that a script logged in a file.
struct LoggedFile {
    std::string name{};
    LoggedKind kind = LoggedKind::Chart;
    std::string path{};
    /// Rises when it is logged again.
    std::uint64_t revision = 0;

    bool operator==(const LoggedFile&) const = default;
};

/// What a page about a run shows.
struct RunView {
    runs::RunSnapshot run{};
    /// Why it may be out of date; empty when it is not.
    std::string problem{};
    std::vector<Stage> stages{};
    std::optional<runs::Failure> failure{};
    std::vector<NamedText> parameters{};
    std::vector<NamedText> tags{};
    std::vector<MetricSummary> metrics{};
    std::vector<Image> images{};
    /// By name.
    std::vector<LoggedFile> logged{};
    /// Without logs, by path; the first of them.
    std::vector<std::string> files{};
    /// How many there are beside those.
    std::size_t more_files = 0;
    /// The most important first.
    std::vector<std::string> logs{};
    /// The job as it was submitted, as JSON; empty when Azure does not tell.
    std::string configuration{};
    /// Rises with every change.
    std::uint64_t revision = 0;
};

/// Where revisions begin: above all of a server that was there before.
std::uint64_t first_revision(async::Clock::TimePoint now);

/// Who, when and where, in order.
std::vector<NamedText> facts_of(const runs::RunSnapshot& run);

}  // namespace aml::views
