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

TEST_CASE("a row shows the metric that tells most of a model") {
    const auto main_of = [](const std::vector<std::string>& names) {
        std::vector<runs::MetricValue> metrics;
        for (const auto& name : names) metrics.push_back({.name = name, .number = 1.0});
        const auto* metric = runs::main_metric(metrics);
        return metric == nullptr ? std::string() : metric->name;
    };
    CHECK(main_of({"epoch", "loss", "lr"}) == "loss");
    CHECK(main_of({"train_accuracy", "val_accuracy", "val_loss"}) == "val_accuracy");
    CHECK(main_of({"Test AUC", "loss"}) == "Test AUC");
    CHECK(main_of({"beta", "epoch"}) == "beta");
    CHECK(main_of({}).empty());
    CHECK(runs::main_metric({{.name = "accuracy", .value = "high"}}) == nullptr);
}
