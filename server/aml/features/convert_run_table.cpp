#include "features/convert_run_table.hpp"

#include "azure/resource_id.hpp"
#include "features/convert.hpp"
#include "runs/run_metrics.hpp"
#include "runs/run_status.hpp"
#include "runs/sweep_text.hpp"
#include "tree/tree_node.hpp"

#include <cmath>
#include <optional>
#include <string>
#include <utility>

namespace aml::features {
namespace {

protocol::RunsColumnGroup wire_group(views::ColumnGroup group) {
    switch (group) {
        case views::ColumnGroup::Metric:
            return protocol::RunsColumnGroup::Metric;
        case views::ColumnGroup::Parameter:
            return protocol::RunsColumnGroup::Parameter;
        case views::ColumnGroup::Tag:
            return protocol::RunsColumnGroup::Tag;
        case views::ColumnGroup::Run:
            break;
    }
    return protocol::RunsColumnGroup::Run;
}

/// Statuses are Azure's words in the table, so that filters mean the same in every language.
std::string cell_of(const views::RunTable& table, const views::Column& column, std::size_t row) {
    if (column.id() == "status") return runs::status_text(table.run(row).status);
    return column.text(row);
}

std::string difference_of(const views::Column& column, std::size_t row, std::size_t baseline) {
    const auto difference = column.number(row) - column.number(baseline);
    if (!std::isfinite(difference) || difference == 0) return {};
    switch (column.kind()) {
        case views::ColumnKind::Number:
            return (difference > 0 ? "+" : "") + runs::number_text(difference);
        case views::ColumnKind::Duration: {
            const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(
                std::chrono::duration<double>(std::abs(difference)));
            return (difference > 0 ? "+" : "-") + runs::duration_text(passed);
        }
        case views::ColumnKind::Text:
        case views::ColumnKind::Time:
            break;
    }
    return {};
}

std::optional<std::size_t> baseline_row(const views::RunTable& table,
                                        const protocol::RunsQueryParams& params) {
    const auto id = azure::ResourceId::parse(params.baseline.value_or(std::string()));
    return id ? table.find(id->name()) : std::nullopt;
}

}  // namespace

std::vector<protocol::RunsColumn> wire_columns(const views::RunTable& table) {
    std::vector<protocol::RunsColumn> wire;
    for (const auto* column : table.columns()) {
        protocol::RunsColumn shown{.id = column->id(), .title = column->title()};
        shown.group = wire_group(column->group());
        shown.isNumber = column->kind() != views::ColumnKind::Text;
        shown.varies = column->varies(table.size());
        wire.push_back(std::move(shown));
    }
    return wire;
}

std::vector<views::SortKey> sort_keys(const protocol::RunsQueryParams& params) {
    std::vector<views::SortKey> keys;
    for (const auto& [column, descending] : params.sort.value_or(std::vector<protocol::RunsSort>()))
        keys.push_back({column, descending});
    return keys;
}

std::vector<protocol::RunsRow> wire_rows(const views::RunTable& table,
                                         const std::vector<std::size_t>& rows,
                                         const protocol::RunsQueryParams& params) {
    const auto* starred = table.column("starred");
    std::vector<const views::Column*> columns;
    for (const auto& id : params.columns) columns.push_back(table.column(id));
    const auto baseline = baseline_row(table, params);
    std::vector<protocol::RunsRow> wire;
    for (const auto row : rows) {
        const auto& run = table.run(row);
        protocol::RunsRow shown{.id = run.job.to_string(), .nodeId = tree::run_row(run.job)};
        shown.title = runs::name_of(run);
        shown.status = run.status.empty() ? "Unknown" : run.status;
        shown.statusText = runs::status_text(run.status);
        const auto look = runs::look_of(run.status);
        shown.statusIcon = look.icon;
        shown.statusColor = unless_empty(std::string(look.color));
        shown.isFinal = run.is_final();
        if (starred->has(row)) shown.starred = true;
        std::vector<std::string> differences;
        for (const auto* column : columns) {
            shown.cells.push_back(column == nullptr ? "" : cell_of(table, *column, row));
            const bool differs = baseline && column != nullptr && column->has(row);
            differences.push_back(differs ? difference_of(*column, row, *baseline) : "");
        }
        if (baseline) shown.differences = std::move(differences);
        wire.push_back(std::move(shown));
    }
    return wire;
}

}  // namespace aml::features
