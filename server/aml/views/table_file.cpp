#include "views/table_file.hpp"

#include "azure/json_fields.hpp"
#include "runs/run_metrics.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace aml::views {
namespace {

using nlohmann::json;

Error no_table(const std::string& path) {
    return Error(ErrorKind::Rejected, localize("The file {} is no table that can be read.", path));
}

/// Walks over JSON without reading it: enough to find where its values begin and end.
class JsonScanner final {
public:
    explicit JsonScanner(std::string_view text)
        : text_(text) {}

    /// Steps over a sign if it comes next.
    bool take(char sign) {
        skip_space();
        if (at_ == text_.size() || text_[at_] != sign) return false;
        ++at_;
        return true;
    }

    /// Steps over a value; empty when there is none that ends.
    std::string_view value() {
        skip_space();
        const auto begin = at_;
        std::size_t depth = 0;
        while (at_ < text_.size()) {
            const char letter = text_[at_];
            const bool closes = letter == ']' || letter == '}';
            if (depth == 0 && (closes || letter == ',' || letter == ':')) break;
            if (letter == '"' && !skip_string()) return {};
            if (letter == '[' || letter == '{') ++depth;
            if (letter != '"') ++at_;
            if (closes) --depth;
        }
        return depth == 0 ? text_.substr(begin, at_ - begin) : std::string_view();
    }

private:
    void skip_space() {
        while (at_ < text_.size() &&
               std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos)
            ++at_;
    }

    bool skip_string() {
        for (++at_; at_ < text_.size(); ++at_) {
            if (text_[at_] == '\\') {
                ++at_;
            } else if (text_[at_] == '"') {
                ++at_;
                return true;
            }
        }
        return false;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

std::string cell_text(const json& value) {
    if (value.is_null()) return {};
    if (value.is_string()) return value.get<std::string>();
    if (value.is_number_float()) return runs::number_text(value.get<double>());
    // A picture stands in a file of its own.
    if (azure::text(value, "type") == "image") return azure::text(value, "filepath");
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::vector<std::string> columns_of(std::string_view text) {
    std::vector<std::string> columns;
    const auto names = json::parse(text, nullptr, false);
    if (!names.is_array()) return columns;
    for (const auto& name : names) columns.push_back(cell_text(name));
    return columns;
}

/// The values of a list.
std::vector<std::string_view> items_of(std::string_view list) {
    std::vector<std::string_view> items;
    JsonScanner scanner(list);
    if (!scanner.take('[')) return items;
    do {
        const auto item = scanner.value();
        if (!item.empty()) items.push_back(item);
    } while (scanner.take(','));
    return items;
}

}  // namespace

TableFile::TableFile(std::string path, std::string text)
    : path_(std::move(path)),
      text_(std::move(text)) {
    JsonScanner scanner(text_);
    bool is_whole = scanner.take('{');
    while (is_whole) {
        const auto name = scanner.value();
        is_whole = !name.empty() && scanner.take(':');
        const auto value = is_whole ? scanner.value() : std::string_view();
        if (name == "\"columns\"") columns_ = columns_of(value);
        if (name == "\"data\"") {
            for (const auto row : items_of(value))
                rows_.emplace_back(static_cast<std::size_t>(row.data() - text_.data()), row.size());
        }
        is_whole = is_whole && !value.empty();
        if (!scanner.take(',')) break;
    }
    if (!is_whole || columns_.empty() || !scanner.take('}')) throw no_table(path_);
}

std::string_view TableFile::text_of(Span span) const {
    return std::string_view(text_).substr(span.first, span.second);
}

Table TableFile::rows(std::size_t offset, std::size_t count) const {
    Table table{.columns = columns_, .total = rows_.size()};
    const auto begin = std::min(offset, rows_.size());
    const auto end = begin + std::min(count, rows_.size() - begin);
    for (auto i = begin; i < end; ++i) {
        const auto row = json::parse(text_of(rows_[i]), nullptr, false);
        if (!row.is_array()) throw no_table(path_);
        std::vector<std::string> cells;
        for (const auto& value : row) cells.push_back(cell_text(value));
        cells.resize(columns_.size());
        table.rows.push_back(std::move(cells));
    }
    return table;
}

}  // namespace aml::views
