#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace aml {

/// Writes spans in the Chrome trace event format, for `chrome://tracing` and Perfetto; used when
/// AML_TRACE names a file. A cheap, copyable handle; without a file it does nothing. Called on the
/// loop only.
class Trace final {
    struct File;

public:
    /// Traces nothing.
    Trace() = default;

    /// Begins a trace at `path`. Throws: Unavailable when the file cannot be written.
    static Trace to_file(const std::string& path);

    /// From its construction to its destruction something went on. Spans may overlap.
    class [[nodiscard]] Span final {
    public:
        Span(const Span&) = delete;
        Span& operator=(const Span&) = delete;
        ~Span();

    private:
        friend class Trace;
        Span(std::shared_ptr<File> file, std::string_view name);

        // Shared with the handle: a span may outlive it.
        std::shared_ptr<File> file_;
        std::string name_;
        int row_ = 0;
        std::chrono::steady_clock::time_point begin_;
    };

    Span span(std::string_view name) const { return {file_, name}; }

private:
    std::shared_ptr<File> file_;
};

}  // namespace aml
