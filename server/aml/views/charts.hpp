#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aml::views {

/// What a chart is drawn as: a grid of numbers, a histogram, or lines over one axis.
enum class ChartKind { Matrix, Bars, Lines };

/// One line, or the bars, or a row of a matrix.
struct ChartLine {
    std::string name{};
    /// Of bars their edges, one more than there are bars; none in a matrix.
    std::vector<double> x{};
    std::vector<double> y{};
    /// How far each value is spread to either side; mostly empty.
    std::vector<double> spread{};

    bool operator==(const ChartLine&) const = default;
};

struct Chart {
    ChartKind kind = ChartKind::Lines;
    /// Empty for the only chart of a file.
    std::string title{};
    std::string x_title{};
    std::string y_title{};
    /// Columns of a matrix are named as its rows are.
    std::vector<ChartLine> lines{};

    bool operator==(const Chart&) const = default;
};

/// The charts that a JSON text with a `schema_type` describes; none when it is no such text, or
/// says it wrongly.  Source: azureml-core, `Run.log_confusion_matrix`, `log_accuracy_table`,
/// `log_residuals`, `log_predictions`; the same files are logged by MLflow's `log_dict`.
std::vector<Chart> charts_in(std::string_view text);

}  // namespace aml::views
