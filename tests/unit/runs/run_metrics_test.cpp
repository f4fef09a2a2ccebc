#include "runs/run_metrics.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>

using namespace aml;
using runs::scalars;

namespace {

azure::Metric metric(const std::string& name,
                     std::vector<std::map<std::string, azure::MetricValue>> rows) {
    azure::Metric result;
    result.name = name;
    for (auto& data : rows) {
        azure::MetricRow row;
        row.step = 3;
        row.data = std::move(data);
        result.rows.push_back(std::move(row));
    }
    return result;
}

}  // namespace

TEST_CASE("the last value of each scalar is shown, by name, in few digits") {
    auto image = metric("confusion", {{{"confusion", std::string("aml://artifact/x.png")}}});
    image.columns["confusion"] = "Artifact";
    const auto values =
        scalars({metric("loss", {{{"loss", 1.0}}, {{"loss", 0.123456789}}}),
                 metric("accuracy", {{{"accuracy", 0.95}}}),
                 metric("bad", {{{"bad", std::numeric_limits<double>::quiet_NaN()}}}),
                 metric("best", {{{"best", std::string("model-3")}}}),
                 metric("table", {{{"a", 1.0}, {"b", 2.0}}}),
                 metric("none", {}),
                 image});
    std::string text;
    for (const auto& value : values) text += value.name + "=" + value.value + " ";
    CHECK(text == "accuracy=0.95 bad=NaN best=model-3 loss=0.123457 ");
    CHECK(values.front().number == 0.95);
    CHECK(values.front().step == 3);
}
