#include "views/run_table.hpp"

#include "azure/json_fields.hpp"
#include "runs/run_metrics.hpp"
#include "runs/run_status.hpp"
#include "runs/sweep_text.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>
#include <utility>

namespace aml::views {
namespace {

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

double seconds_since_1970(async::Clock::TimePoint time) {
    return std::chrono::duration<double>(time.time_since_epoch()).count();
}

std::string time_shown(double seconds) {
    const auto since = std::chrono::duration_cast<async::Clock::TimePoint::duration>(
        std::chrono::duration<double>(seconds));
    return runs::time_text(async::Clock::TimePoint(since));
}

std::string duration_shown(double seconds) {
    return runs::duration_text(std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::duration<double>(seconds)));
}

std::string_view prefix_of(ColumnGroup group) {
    switch (group) {
        case ColumnGroup::Metric:
            return "metrics.";
        case ColumnGroup::Parameter:
            return "params.";
        case ColumnGroup::Tag:
            return "tags.";
        case ColumnGroup::Run:
            break;
    }
    return "";
}

}  // namespace

std::optional<double> number_of_text(std::string_view text) {
    double number = 0;
    const auto* const last = text.data() + text.size();
    const auto [end, problem] = std::from_chars(text.data(), last, number);
    return problem == std::errc() && end == last ? std::optional(number) : std::nullopt;
}

Column::Column(std::string id, std::string title, ColumnGroup group, ColumnKind kind)
    : id_(std::move(id)),
      title_(std::move(title)),
      group_(group),
      kind_(kind) {}

void Column::make_room(std::size_t row) {
    if (row < has_.size()) return;
    has_.resize(row + 1, Has::Nothing);
    numbers_.resize(row + 1, no_number);
    texts_.resize(row + 1);
}

bool Column::set(std::size_t row, std::string text) {
    make_room(row);
    if (has_[row] != Has::Number && texts_[row] == text) return false;
    if (has_[row] == Has::Text && std::isnan(numbers_[row])) --words_;
    const auto number = number_of_text(text);
    has_[row] = text.empty() ? Has::Nothing : Has::Text;
    numbers_[row] = number.value_or(no_number);
    if (!text.empty() && std::isnan(numbers_[row])) ++words_;
    texts_[row] = std::move(text);
    return true;
}

bool Column::set(std::size_t row, double number) {
    make_room(row);
    const bool is_same =
        numbers_[row] == number || (std::isnan(numbers_[row]) && std::isnan(number));
    if (has_[row] == Has::Number && is_same) return false;
    has_[row] = Has::Number;
    numbers_[row] = number;
    return true;
}

ColumnKind Column::kind() const {
    const bool all_numbers = group_ == ColumnGroup::Parameter && words_ == 0;
    return all_numbers ? ColumnKind::Number : kind_;
}

bool Column::has(std::size_t row) const {
    return row < has_.size() && has_[row] != Has::Nothing;
}

double Column::number(std::size_t row) const {
    return row < numbers_.size() ? numbers_[row] : no_number;
}

std::string Column::text(std::size_t row) const {
    if (!has(row)) return {};
    if (has_[row] == Has::Text) return texts_[row];
    switch (kind_) {
        case ColumnKind::Time:
            return time_shown(numbers_[row]);
        case ColumnKind::Duration:
            return duration_shown(numbers_[row]);
        case ColumnKind::Number:
        case ColumnKind::Text:
            break;
    }
    return runs::number_text(numbers_[row]);
}

bool Column::varies(std::size_t rows) const {
    const auto same = [this](std::size_t row) {
        if (has(row) != has(0)) return false;
        if (!has(row) || has_[row] != has_[0]) return !has(row);
        if (has_[row] == Has::Text) return texts_[row] == texts_[0];
        return numbers_[row] == numbers_[0] ||
               (std::isnan(numbers_[row]) && std::isnan(numbers_[0]));
    };
    for (std::size_t row = 1; row < rows; ++row) {
        if (!same(row)) return true;
    }
    return false;
}

RunTable::RunTable() {
    const auto add = [this](std::string id, std::string title, ColumnKind kind) {
        own_.emplace_back(std::move(id), std::move(title), ColumnGroup::Run, kind);
    };
    add("name", localize("Name"), ColumnKind::Text);
    add("status", localize("State"), ColumnKind::Text);
    add("submitted", localize("Submitted"), ColumnKind::Time);
    add("duration", localize("Duration"), ColumnKind::Duration);
    add("user", localize("Submitted by"), ColumnKind::Text);
    add("compute", localize("Compute"), ColumnKind::Text);
    add("experiment", localize("Experiment"), ColumnKind::Text);
    add("starred", localize("Starred"), ColumnKind::Text);
}

Column& RunTable::own(Own column) {
    return own_.at(static_cast<std::size_t>(column));
}

void RunTable::put(const runs::RunSnapshot& run) {
    const auto name = run.job.name();
    const auto [entry, is_new] = rows_.try_emplace(name, runs_.size());
    const auto row = entry->second;
    if (is_new) {
        runs_.push_back(run);
    } else {
        if (runs::same_state(runs_[row], run)) return;
        runs_[row] = run;
    }
    ++revision_;
    own(Own::Name).set(row, runs::name_of(run));
    own(Own::Status).set(row, run.status);
    if (run.created_at) own(Own::Submitted).set(row, seconds_since_1970(*run.created_at));
    if (run.started_at && run.ended_at) {
        const auto passed = std::chrono::duration<double>(*run.ended_at - *run.started_at);
        own(Own::Duration).set(row, std::max(passed.count(), 0.0));
    }
    own(Own::Person).set(row, run.created_by);
    own(Own::Compute).set(row, run.target);
    own(Own::Experiment).set(row, run.experiment);
    own(Own::Starred).set(row, star_of(name));
    for (const auto& metric : run.metrics) {
        if (metric.number) {
            column(metric.name, metric.name, ColumnGroup::Metric, ColumnKind::Number)
                .set(row, *metric.number);
        }
    }
    for (const auto& [parameter, value] : run.parameters)
        column(parameter, parameter, ColumnGroup::Parameter, ColumnKind::Text).set(row, value);
    if (auto early = early_.extract(name)) put_logged(row, early.mapped());
}

std::string RunTable::star_of(const std::string& name) const {
    return starred_.contains(name) ? "★" : "";
}

void RunTable::set_starred(std::set<std::string> names) {
    if (names == starred_) return;
    starred_ = std::move(names);
    for (const auto& [name, row] : rows_) own(Own::Starred).set(row, star_of(name));
    ++revision_;
}

void RunTable::put(const azure::LoggedRun& logged) {
    const auto row = find(logged.run_id);
    if (!row) {
        early_[logged.run_id] = logged;
        return;
    }
    put_logged(*row, logged);
}

void RunTable::put_logged(std::size_t row, const azure::LoggedRun& logged) {
    bool has_changed = false;
    const auto take = [&](ColumnGroup group, ColumnKind kind, const auto& values) {
        for (const auto& [name, value] : values)
            has_changed = column(name, name, group, kind).set(row, value) || has_changed;
    };
    take(ColumnGroup::Metric, ColumnKind::Number, logged.metrics);
    take(ColumnGroup::Parameter, ColumnKind::Text, logged.parameters);
    take(ColumnGroup::Tag, ColumnKind::Text, logged.tags);
    if (has_changed) ++revision_;
}

std::optional<std::size_t> RunTable::find(const std::string& name) const {
    const auto found = rows_.find(name);
    return found == rows_.end() ? std::nullopt : std::optional(found->second);
}

Column& RunTable::column(const std::string& id,
                         std::string_view title,
                         ColumnGroup group,
                         ColumnKind kind) {
    const auto known = logged_.find({group, id});
    if (known != logged_.end()) return known->second;
    ++columns_revision_;
    Column made(std::string(prefix_of(group)) + id, std::string(title), group, kind);
    return logged_.emplace(std::pair(group, id), std::move(made)).first->second;
}

const Column* RunTable::column(std::string_view name) const {
    const Column* titled = nullptr;
    bool is_alone = true;
    for (const auto* one : columns()) {
        if (one->id() == name) return one;
        if (!same_name(one->title(), name)) continue;
        is_alone = titled == nullptr;
        titled = one;
    }
    return is_alone ? titled : nullptr;
}

std::vector<const Column*> RunTable::columns() const {
    std::vector<const Column*> all;
    all.reserve(own_.size() + logged_.size());
    for (const auto& one : own_) all.push_back(&one);
    for (const auto& [key, one] : logged_) all.push_back(&one);
    return all;
}

}  // namespace aml::views
