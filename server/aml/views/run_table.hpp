#pragma once

#include "azure/mlflow.hpp"
#include "runs/run_snapshot.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace aml::views {

/// What a column tells of a run: what every run has, the last value of a metric, a parameter, a
/// tag.
enum class ColumnGroup { Run, Metric, Parameter, Tag };

/// How the values of a column are compared and shown. Parameters that are all numbers are numbers.
enum class ColumnKind { Text, Number, Time, Duration };

/// The number that a whole text is; absent when it is none.
std::optional<double> number_of_text(std::string_view text);

/// One value for each run of a table.
class Column final {
public:
    Column(std::string id, std::string title, ColumnGroup group, ColumnKind kind);

    /// Empty removes it. Gives whether it was another.
    bool set(std::size_t row, std::string text);
    /// NaN is a value. Gives whether it was another.
    bool set(std::size_t row, double number);

    const std::string& id() const { return id_; }

    const std::string& title() const { return title_; }

    ColumnGroup group() const { return group_; }

    ColumnKind kind() const;

    /// Whether a run has a value.
    bool has(std::size_t row) const;
    /// The value of a run that has one; of a text that is no number NaN. Times are seconds since
    /// 1970, durations seconds.
    double number(std::size_t row) const;
    /// The value of a run as it is shown; empty without.
    std::string text(std::size_t row) const;

    /// Whether the runs have it differently, be it that some have none.
    bool varies(std::size_t rows) const;

private:
    enum class Has : unsigned char { Nothing, Number, Text };
    void make_room(std::size_t row);

    std::string id_;
    std::string title_;
    ColumnGroup group_;
    ColumnKind kind_;
    std::vector<Has> has_{};
    std::vector<double> numbers_{};
    std::vector<std::string> texts_{};
    /// Texts that are no numbers.
    std::size_t words_ = 0;
};

/// The runs of an experiment or a workspace, a row each, with all that is known of them in columns.
class RunTable final {
public:
    RunTable();

    /// Adds a run, or what is new of one.
    void put(const runs::RunSnapshot& run);
    /// What a script logged; kept for a run that is not known yet.
    void put(const azure::LoggedRun& logged);

    /// Says which runs the user has starred, by their names in Azure, and that no others are.
    void set_starred(std::set<std::string> names);

    std::size_t size() const { return runs_.size(); }

    const runs::RunSnapshot& run(std::size_t row) const { return runs_.at(row); }

    /// The row of a run by its name in Azure.
    std::optional<std::size_t> find(const std::string& name) const;

    /// By its id, or by its title where that is one column's alone; null when there is none.
    const Column* column(std::string_view name) const;

    /// Of the run itself in their usual order, then metrics, parameters and tags by name.
    std::vector<const Column*> columns() const;

    /// Rises with every change, and with every column that is added.
    std::uint64_t revision() const { return revision_; }

    std::uint64_t columns_revision() const { return columns_revision_; }

private:
    /// The columns of the run itself, in their order.
    enum class Own : std::size_t {
        Name,
        Status,
        Submitted,
        Duration,
        Person,
        Compute,
        Experiment,
        Starred
    };

    Column& own(Own column);
    Column& column(const std::string& id,
                   std::string_view title,
                   ColumnGroup group,
                   ColumnKind kind);
    /// What the column of stars says of a run.
    std::string star_of(const std::string& name) const;
    void put_logged(std::size_t row, const azure::LoggedRun& logged);

    std::vector<runs::RunSnapshot> runs_{};
    std::map<std::string, std::size_t> rows_{};
    /// Of runs that are not known yet.
    std::map<std::string, azure::LoggedRun> early_{};
    /// By group and name, so in the order in which they are shown, after those of the run.
    std::map<std::pair<ColumnGroup, std::string>, Column> logged_{};
    std::vector<Column> own_{};
    std::set<std::string> starred_{};
    std::uint64_t revision_ = 1;
    std::uint64_t columns_revision_ = 1;
};

}  // namespace aml::views
