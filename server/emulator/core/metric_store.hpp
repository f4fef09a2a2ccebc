#pragma once

#include "core/json.hpp"
#include "core/store.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aml::emulator {

/// One logged row of one metric.
struct MetricPoint {
    /// Row id; rises in the order of logging.
    std::int64_t sequence = 0;
    std::string name;
    std::int64_t step = 0;
    Time time;
    /// The value of a scalar; NaN and infinities included. Unused when `data` holds a row of
    /// several columns.
    double value = 0;
    /// Columns of a row that is not a scalar (`{"x": 1, "y": 2}`), or null.
    json data;
};

/// How a metric was declared.
struct MetricDefinition {
    std::string name;
    /// Column name to type: Int, Double, String, Bool, Artifact. Empty for the plain Double scalar.
    json columns = json::object();
    json properties = json::object();
    /// Rows logged so far.
    std::int64_t rows = 0;
};

/// Metrics of all runs, whichever API logged them. A run is named by its `Run::sequence`; its
/// metrics go with it.
class MetricStore final {
public:
    /// Makes its tables, after those of the runs.
    explicit MetricStore(Store& store);

    /// Appends rows, all or none. `definitions` declares metrics that are not plain Double scalars.
    void log(std::int64_t run,
             const std::vector<MetricPoint>& points,
             const std::map<std::string, MetricDefinition>& definitions = {});

    /// In the order in which the metrics first appeared.
    std::vector<MetricDefinition> definitions(std::int64_t run);
    /// The row with the highest step (the latest of those) of each metric, in the same order.
    std::vector<MetricPoint> last_values(std::int64_t run);
    /// Rows of one metric in order of logging, those after `after` and not older than `since`.
    std::vector<MetricPoint> points(std::int64_t run,
                                    std::string_view name,
                                    std::int64_t after,
                                    std::size_t limit,
                                    Time since = {});
    /// At most `count` rows of one metric, evenly spread over its rows; the last one is always
    /// among them.
    std::vector<MetricPoint> sample(std::int64_t run, std::string_view name, std::size_t count);

private:
    Store& store_;
};

}  // namespace aml::emulator
