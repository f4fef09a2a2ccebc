#pragma once

#include <string>
#include <vector>

namespace aml::cli {

/// Rows with aligned columns, for people.
class Table final {
public:
    explicit Table(std::vector<std::string> titles);

    /// As many cells as there are titles.
    void add(std::vector<std::string> cells);

    /// One text a line, the titles first; two spaces between columns, none at the end.
    std::vector<std::string> lines() const;

private:
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace aml::cli
