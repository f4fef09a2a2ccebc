#include "views/metric_trend.hpp"

#include "support/azure_session.hpp"
#include "support/chinese.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <limits>

using namespace aml;
using nlohmann::json;
using series::Direction;
using series::Trend;

namespace {

const Trend rising{.last = 0.953,
                   .direction = Direction::Rising,
                   .lowest = series::Extreme{1, 0.1},
                   .highest = series::Extreme{40, 0.961}};

}  // namespace

TEST_CASE("a trend is told with the value that is best for the metric") {
    CHECK(views::trend_text("accuracy", rising) == "accuracy 0.953, rising, best 0.961 at step 40");
    CHECK(views::trend_text("val_loss", rising) == "val_loss 0.953, rising, best 0.1 at step 1");
    CHECK(views::trend_text("lr", rising) == "lr 0.953, rising, between 0.1 and 0.961");
    auto lost = rising;
    lost.last = std::numeric_limits<double>::quiet_NaN();
    CHECK(views::trend_text("loss", lost) == "loss NaN, best 0.1 at step 1");
    CHECK(views::trend_text("loss", Trend{.last = lost.last}) == "loss NaN");
    const test::Chinese chinese;
    CHECK(views::trend_text("accuracy", rising) == "accuracy 0.953，上升，最佳 0.961（第 40 步）");
}

TEST_CASE_FIXTURE(test::AzureSession, "the trend of a run is that of its main metric") {
    know_data_plane();
    const auto rows = [](const char* name, const std::vector<double>& values) {
        json all = json::array();
        for (std::size_t i = 0; i < values.size(); ++i)
            all.push_back({{"step", i}, {"data", {{name, values[i]}}}});
        return json{{"name", name}, {"columns", {{name, "Double"}}}, {"value", std::move(all)}};
    };
    http.expect_post(data("metric/v2.0", "/runs/a/lastvalues"))
        .reply(200, {{"value", {rows("accuracy", {0.75}), rows("epoch", {3})}}});
    http.expect_post(data("metric/v2.0", "/runs/a/full"))
        .reply(200, rows("accuracy", {0.25, 0.5, 0.75}));
    const runs::RunSnapshot run{.job = job("a")};
    CHECK(test::run(loop, views::main_trend(access, run, {})) ==
          "accuracy 0.75, rising, best 0.75 at step 2");
    http.expect_post(data("metric/v2.0", "/runs/b/lastvalues"))
        .reply(200, {{"value", json::array()}});
    const runs::RunSnapshot silent{.job = job("b")};
    CHECK(test::run(loop, views::main_trend(access, silent, {})).empty());
}
