#include "support/trace.hpp"

#include "platform/file.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/system_text.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <set>
#include <system_error>
#include <utility>

namespace aml {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::steady_clock;

// The closing bracket is optional in the format, so that a trace survives a crash.
struct Trace::File {
    explicit File(std::FILE* opened)
        : file(opened) {}

    File(const File&) = delete;
    File& operator=(const File&) = delete;

    ~File() { std::fclose(file); }

    /// Overlapping spans need rows of their own to be drawn: the lowest free one.
    int take_row() {
        int row = 1;
        while (rows.contains(row)) ++row;
        rows.insert(row);
        return row;
    }

    std::FILE* file;
    steady_clock::time_point start = steady_clock::now();
    std::set<int> rows{};
};

Trace Trace::to_file(const std::string& path) {
    std::FILE* file = nullptr;
    try {
        file = platform::open_stream(path, platform::Before::Cut);
    } catch (const std::system_error& error) {
        throw Error(ErrorKind::Unavailable,
                    localize("Cannot write the trace {}: {}.", path, system_text(error.code())));
    }
    std::fputs("[\n", file);
    Trace trace;
    trace.file_ = std::make_shared<File>(file);
    return trace;
}

Trace::Span::Span(std::shared_ptr<File> file, std::string_view name)
    : file_(std::move(file)) {
    if (!file_) return;
    name_ = name;
    row_ = file_->take_row();
    begin_ = steady_clock::now();
}

Trace::Span::~Span() {
    if (!file_) return;
    const auto end = steady_clock::now();
    nlohmann::json event{{"name", name_},
                         {"ph", "X"},
                         {"pid", 1},
                         {"tid", row_},
                         {"ts", duration_cast<microseconds>(begin_ - file_->start).count()},
                         {"dur", duration_cast<microseconds>(end - begin_).count()}};
    const auto line = event.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + ",\n";
    std::fwrite(line.data(), 1, line.size(), file_->file);
    std::fflush(file_->file);
    file_->rows.erase(row_);
}

}  // namespace aml
