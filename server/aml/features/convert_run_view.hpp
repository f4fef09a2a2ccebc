#pragma once

#include "protocol/protocol.gen.hpp"
#include "series/window.hpp"
#include "views/metric_history.hpp"
#include "views/preview.hpp"
#include "views/run_view.hpp"

namespace aml::features {

/// Between the wire and the values of `views` and `series`.
protocol::RunView to_wire(views::RunView view);
series::WindowRequest window_request(const protocol::RunsSeriesParams& params,
                                     const protocol::SeriesRequest& wanted);
protocol::SeriesWindow to_wire(const protocol::SeriesRequest& wanted,
                               const series::Series& series,
                               const series::Window& window,
                               const series::WindowRequest& request);
protocol::RunsTableResult to_wire(views::Table table);
protocol::RunsFileResult to_wire(views::Preview preview);

}  // namespace aml::features
