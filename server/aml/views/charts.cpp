#include "views/charts.hpp"

#include "azure/json_fields.hpp"
#include "support/localize.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

namespace aml::views {
namespace {

using nlohmann::json;
using Numbers = std::vector<double>;

/// A list of numbers; absent when it is anything else.
std::optional<Numbers> numbers_of(const json& list) {
    const bool all_numbers = list.is_array() && std::ranges::all_of(list, [](const json& item) {
                                 return item.is_number();
                             });
    if (!all_numbers) return std::nullopt;
    return list.get<Numbers>();
}

/// Classes may be texts, numbers or booleans.
std::vector<std::string> labels_at(const json& data) {
    std::vector<std::string> labels;
    for (const auto& label : azure::member(data, {"class_labels"}))
        labels.push_back(label.is_string() ? label.get<std::string>() : label.dump());
    return labels;
}

std::vector<Chart> confusion_matrix(const json& data) {
    Chart chart{.kind = ChartKind::Matrix};
    chart.x_title = localize("Predicted");
    chart.y_title = localize("True");
    const auto labels = labels_at(data);
    const auto& matrix = azure::member(data, {"matrix"});
    if (labels.empty() || matrix.size() != labels.size()) return {};
    for (const auto& row : matrix) {
        auto cells = numbers_of(row);
        if (!cells || cells->size() != labels.size()) return {};
        const auto& name = labels[chart.lines.size()];
        chart.lines.push_back({.name = name, .y = std::move(*cells)});
    }
    return {std::move(chart)};
}

/// How often a class was named rightly and wrongly at one threshold.
struct Counts {
    double true_positives = 0;
    double false_positives = 0;
    double true_negatives = 0;
    double false_negatives = 0;
};

std::optional<std::vector<Counts>> counts_of(const json& table) {
    if (!table.is_array()) return std::nullopt;
    std::vector<Counts> counts;
    for (const auto& row : table) {
        const auto values = numbers_of(row);
        if (!values || values->size() != 4) return std::nullopt;
        counts.push_back({(*values)[0], (*values)[1], (*values)[2], (*values)[3]});
    }
    return counts;
}

/// The curves of one class. Where nothing was predicted or is true there is no point.
void add_curves(const std::vector<Counts>& counts, ChartLine& roc, ChartLine& precision) {
    for (const auto& at : counts) {
        const auto positives = at.true_positives + at.false_negatives;
        const auto negatives = at.false_positives + at.true_negatives;
        const auto predicted = at.true_positives + at.false_positives;
        if (positives > 0 && negatives > 0) {
            roc.x.push_back(at.false_positives / negatives);
            roc.y.push_back(at.true_positives / positives);
        }
        if (positives > 0 && predicted > 0) {
            precision.x.push_back(at.true_positives / positives);
            precision.y.push_back(at.true_positives / predicted);
        }
    }
}

std::vector<Chart> accuracy_table(const json& data) {
    Chart roc{.title = localize("ROC curve")};
    roc.x_title = localize("False positive rate");
    roc.y_title = localize("True positive rate");
    Chart precision{.title = localize("Precision and recall")};
    precision.x_title = localize("Recall");
    precision.y_title = localize("Precision");
    const auto labels = labels_at(data);
    // Thresholds that are spread as the data is say more than those that are spread evenly.
    const auto& spread = azure::member(data, {"percentile_tables"});
    const auto& tables = spread.empty() ? azure::member(data, {"probability_tables"}) : spread;
    if (labels.empty() || tables.size() != labels.size()) return {};
    for (const auto& table : tables) {
        const auto counts = counts_of(table);
        if (!counts) return {};
        const auto& name = labels[roc.lines.size()];
        roc.lines.push_back({.name = name});
        precision.lines.push_back({.name = name});
        add_curves(*counts, roc.lines.back(), precision.lines.back());
    }
    return {std::move(roc), std::move(precision)};
}

std::optional<Chart> histogram(const json& data, std::string x_title) {
    auto edges = numbers_of(azure::member(data, {"bin_edges"}));
    auto counts = numbers_of(azure::member(data, {"bin_counts"}));
    if (!edges || !counts || counts->empty() || edges->size() != counts->size() + 1)
        return std::nullopt;
    Chart chart{.kind = ChartKind::Bars, .x_title = std::move(x_title)};
    chart.y_title = localize("Count");
    chart.lines.push_back({.name = chart.y_title, .x = std::move(*edges), .y = std::move(*counts)});
    return chart;
}

std::vector<Chart> residuals(const json& data) {
    auto chart = histogram(data, localize("Residual"));
    if (!chart) return {};
    return {std::move(*chart)};
}

std::vector<Chart> predictions(const json& data) {
    auto counts = histogram(data, localize("True value"));
    auto averages = numbers_of(azure::member(data, {"bin_averages"}));
    auto errors = numbers_of(azure::member(data, {"bin_errors"}));
    if (!counts || !averages || averages->size() != counts->lines.front().y.size()) return {};
    const auto& edges = counts->lines.front().x;
    Chart chart{.title = localize("Predicted and true values"), .x_title = counts->x_title};
    chart.y_title = localize("Predicted value");
    ChartLine line{.name = localize("Average"), .y = std::move(*averages)};
    for (std::size_t i = 0; i < line.y.size(); ++i) line.x.push_back((edges[i] + edges[i + 1]) / 2);
    if (errors && errors->size() == line.y.size()) line.spread = std::move(*errors);
    const Numbers ends{edges.front(), edges.back()};
    chart.lines.push_back(std::move(line));
    chart.lines.push_back({.name = localize("As it is"), .x = ends, .y = ends});
    counts->title = localize("Distribution of true values");
    return {std::move(chart), std::move(*counts)};
}

using Reader = std::vector<Chart> (*)(const json&);

constexpr std::array<std::pair<std::string_view, Reader>, 4> readers{{
    {"confusion_matrix", confusion_matrix},
    {"accuracy_table", accuracy_table},
    {"residuals", residuals},
    {"predictions", predictions},
}};

}  // namespace

std::vector<Chart> charts_in(std::string_view text) {
    // Most files are none, and need not be read for that.
    if (text.find("\"schema_type\"") == std::string_view::npos) return {};
    const auto document = json::parse(text, nullptr, false);
    const auto type = azure::text(document, "schema_type");
    const auto* const reader =
        std::ranges::find(readers, type, &decltype(readers)::value_type::first);
    if (reader == readers.end()) return {};
    return reader->second(azure::member(document, {"data"}));
}

}  // namespace aml::views
