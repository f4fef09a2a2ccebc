#pragma once

#include "async/clock.hpp"
#include "azure/metrics.hpp"
#include "series/series.hpp"
#include "views/run_view.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace aml::views {

/// What is logged under a metric.
MetricKind kind_of(const azure::Metric& metric);

/// What tells a row of a metric from the others.
std::string row_identity(const azure::MetricRow& row);

/// Rows as a grid shows them.
struct Table {
    std::vector<std::string> columns{};
    std::vector<std::vector<std::string>> rows{};
    /// How many rows there are in all.
    std::size_t total = 0;
};

/// Every row of one metric, read piece by piece while a run goes on.
class MetricHistory final {
public:
    /// Adds the rows that are new among those of an answer.
    void take(const azure::Metric& part);

    /// From when on the next answer need have rows; absent when nothing is known. Processes of a
    /// run have clocks of their own, so some of what is known is asked for again.
    std::optional<async::Clock::TimePoint> since() const;

    std::size_t size() const { return count_; }

    /// The numbers of a column (empty: the only one); null when there is no such column.
    const series::Series* numbers(std::string_view column) const;

    /// Rows in the order in which they were logged, from `offset` on.
    Table rows(std::size_t offset, std::size_t count) const;

    /// All of it as bytes, to be kept when nothing will be added any more.
    std::string to_bytes() const;
    /// Absent when they are none of those; nothing can be taken after that.
    static std::optional<MetricHistory> from_bytes(std::string_view bytes);

private:
    bool is_new(const azure::MetricRow& row);

    std::string name_{};
    MetricKind kind_ = MetricKind::Scalar;
    std::map<std::string, series::Series, std::less<>> numbers_{};
    /// Of what is not plotted.
    std::vector<std::vector<std::string>> cells_{};
    std::size_t count_ = 0;
    std::optional<async::Clock::TimePoint> latest_{};
    /// The rows that the next answer may have again, by time.
    std::multimap<async::Clock::TimePoint, std::string> recent_{};
};

}  // namespace aml::views
