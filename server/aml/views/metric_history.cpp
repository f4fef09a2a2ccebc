#include "views/metric_history.hpp"

#include "azure/json_fields.hpp"
#include "runs/run_metrics.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

namespace aml::views {
namespace {

/// How far clocks of a run's processes may lie apart.
constexpr std::chrono::seconds overlap{30};

/// What azureml-core calls the metrics that `charts_in` reads.
constexpr std::array<std::string_view, 4> chart_kinds{
    ".confusion_matrix", ".accuracy_table", ".residuals", ".predictions"};

double seconds_of(const std::optional<async::Clock::TimePoint>& time) {
    if (!time) return 0;
    return std::chrono::duration<double>(time->time_since_epoch()).count();
}

std::string text_of(const azure::MetricValue& value) {
    if (const auto* number = std::get_if<double>(&value)) return runs::number_text(*number);
    return std::get<std::string>(value);
}

double number_of(const azure::MetricValue& value) {
    const auto* number = std::get_if<double>(&value);
    return number == nullptr ? std::numeric_limits<double>::quiet_NaN() : *number;
}

/// Writes numbers and texts one behind the other.
class ByteWriter final {
public:
    void count(std::uint64_t number) {
        for (std::size_t i = 0; i < sizeof(number); ++i, number >>= 8U)
            bytes_ += static_cast<char>(number & 0xFFU);
    }

    void number(double value) { count(std::bit_cast<std::uint64_t>(value)); }

    void text(std::string_view text) {
        count(text.size());
        bytes_ += text;
    }

    std::string take() { return std::move(bytes_); }

private:
    std::string bytes_;
};

/// Reads them again; of what is cut off it makes zeros, and says so.
class ByteReader final {
public:
    explicit ByteReader(std::string_view bytes)
        : bytes_(bytes) {}

    std::uint64_t count() {
        std::uint64_t number = 0;
        const auto bytes = take(sizeof(number));
        for (std::size_t i = bytes.size(); i-- > 0;)
            number = (number << 8U) | static_cast<unsigned char>(bytes[i]);
        return number;
    }

    double number() { return std::bit_cast<double>(count()); }

    std::string text() { return std::string(take(count())); }

    bool is_cut() const { return is_cut_; }

    bool is_at_end() const { return bytes_.empty() && !is_cut_; }

private:
    std::string_view take(std::uint64_t size) {
        is_cut_ = is_cut_ || size > bytes_.size();
        if (is_cut_) return {};
        const auto taken = bytes_.substr(0, size);
        bytes_.remove_prefix(size);
        return taken;
    }

    std::string_view bytes_;
    bool is_cut_ = false;
};

}  // namespace

std::string row_identity(const azure::MetricRow& row) {
    if (!row.id.empty()) return row.id;
    auto identity = fmt::format("{}", row.step.value_or(-1));
    for (const auto& [column, value] : row.data)
        identity += fmt::format("\n{}\n{}", column, text_of(value));
    return identity;
}

MetricKind kind_of(const azure::Metric& metric) {
    const auto has_type = [&metric](std::string_view type) {
        return std::ranges::any_of(
            metric.columns, [type](const auto& column) { return same_name(column.second, type); });
    };
    const auto is_logged_as = [&metric](std::string_view kind) {
        return metric.kind.ends_with(kind);
    };
    if (has_type("Artifact")) {
        if (is_logged_as(".image")) return MetricKind::Picture;
        return std::ranges::any_of(chart_kinds, is_logged_as) ? MetricKind::Chart
                                                              : MetricKind::File;
    }
    const bool is_text = has_type("String") || has_type("Bool");
    if (metric.columns.size() > 1 || is_logged_as(".table") || (is_text && is_logged_as(".list")))
        return MetricKind::Table;
    return is_text ? MetricKind::Text : MetricKind::Scalar;
}

void MetricHistory::take(const azure::Metric& part) {
    name_ = part.name;
    kind_ = kind_of(part);
    for (const auto& [column, type] : part.columns) numbers_.try_emplace(column);
    for (const auto& row : part.rows) {
        if (!is_new(row)) continue;
        std::vector<std::string> cells;
        for (auto& [column, numbers] : numbers_) {
            const auto value = row.data.find(column);
            const bool missing = value == row.data.end();
            series::Point point{.time = seconds_of(row.created_at)};
            if (row.step) point.step = static_cast<double>(*row.step);
            point.value =
                missing ? std::numeric_limits<double>::quiet_NaN() : number_of(value->second);
            numbers.append(point);
            cells.push_back(missing ? std::string() : text_of(value->second));
        }
        if (kind_ != MetricKind::Scalar) cells_.push_back(std::move(cells));
        ++count_;
    }
}

bool MetricHistory::is_new(const azure::MetricRow& row) {
    const auto time = row.created_at.value_or(async::Clock::TimePoint{});
    auto identity = row_identity(row);
    const auto [first, last] = recent_.equal_range(time);
    const bool known = std::any_of(
        first, last, [&identity](const auto& entry) { return entry.second == identity; });
    if (known) return false;
    latest_ = latest_ ? std::max(*latest_, time) : time;
    if (time < *latest_ - overlap) return true;
    recent_.emplace(time, std::move(identity));
    recent_.erase(recent_.begin(), recent_.lower_bound(*latest_ - overlap));
    return true;
}

std::optional<async::Clock::TimePoint> MetricHistory::since() const {
    if (!latest_) return std::nullopt;
    return *latest_ - overlap;
}

const series::Series* MetricHistory::numbers(std::string_view column) const {
    if (column.empty() && numbers_.size() == 1) return &numbers_.begin()->second;
    const auto found = numbers_.find(column);
    return found == numbers_.end() ? nullptr : &found->second;
}

std::string MetricHistory::to_bytes() const {
    ByteWriter bytes;
    bytes.text(name_);
    bytes.count(static_cast<std::uint64_t>(kind_));
    bytes.count(count_);
    bytes.count(numbers_.size());
    for (const auto& [column, numbers] : numbers_) {
        bytes.text(column);
        for (std::size_t i = 0; i < count_; ++i) {
            const auto point = numbers.point(i);
            bytes.number(point.step.value_or(std::numeric_limits<double>::quiet_NaN()));
            bytes.number(point.time);
            bytes.number(point.value);
        }
    }
    bytes.count(cells_.size());
    for (const auto& row : cells_) {
        for (const auto& cell : row) bytes.text(cell);
    }
    return bytes.take();
}

std::optional<MetricHistory> MetricHistory::from_bytes(std::string_view text) {
    ByteReader bytes(text);
    MetricHistory history;
    history.name_ = bytes.text();
    const auto kind = bytes.count();
    if (kind > static_cast<std::uint64_t>(MetricKind::File)) return std::nullopt;
    history.kind_ = static_cast<MetricKind>(kind);
    history.count_ = bytes.count();
    const auto columns = bytes.count();
    for (std::uint64_t i = 0; i < columns && !bytes.is_cut(); ++i) {
        auto& numbers = history.numbers_[bytes.text()];
        for (std::size_t row = 0; row < history.count_ && !bytes.is_cut(); ++row) {
            const auto step = bytes.number();
            series::Point point{.time = bytes.number(), .value = bytes.number()};
            if (!std::isnan(step)) point.step = step;
            numbers.append(point);
        }
    }
    const auto rows = bytes.count();
    for (std::uint64_t i = 0; i < rows && !bytes.is_cut(); ++i) {
        auto& cells = history.cells_.emplace_back();
        for (std::size_t column = 0; column < history.numbers_.size(); ++column)
            cells.push_back(bytes.text());
    }
    if (!bytes.is_at_end()) return std::nullopt;
    return history;
}

Table MetricHistory::rows(std::size_t offset, std::size_t count) const {
    Table table{.total = count_};
    const auto begin = std::min(offset, count_);
    const auto end = begin + std::min(count, count_ - begin);
    if (kind_ != MetricKind::Scalar) {
        for (const auto& [column, numbers] : numbers_) table.columns.push_back(column);
        table.rows.assign(cells_.begin() + static_cast<std::ptrdiff_t>(begin),
                          cells_.begin() + static_cast<std::ptrdiff_t>(end));
        return table;
    }
    table.columns = {localize("Step"), localize("Time"), name_};
    if (numbers_.empty()) return table;
    const auto& numbers = numbers_.begin()->second;
    for (auto i = begin; i < end; ++i) {
        const auto point = numbers.point(i);
        const auto time = std::chrono::duration<double>(point.time);
        const async::Clock::TimePoint at(
            std::chrono::duration_cast<async::Clock::TimePoint::duration>(time));
        table.rows.push_back({point.step ? fmt::format("{}", *point.step) : std::string(),
                              azure::format_time(at),
                              runs::number_text(point.value)});
    }
    return table;
}

}  // namespace aml::views
