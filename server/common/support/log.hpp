#pragma once

#include <fmt/format.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace aml {

/// Error: a user may need to see it. Info: the story of a session. Debug: for developers.
enum class LogLevel { Error, Info, Debug };

/// Receives finished lines; stderr, a file, or a test's list. Called on the loop thread only.
class LogSink {
public:
    virtual ~LogSink() = default;
    virtual void write(LogLevel level, std::string_view component, std::string_view message) = 0;
};

/// A cheap, copyable handle that names the component that logs. Formatting happens only if the
/// level is on.
class Log final {
public:
    /// A log that keeps nothing.
    Log() = default;
    Log(std::shared_ptr<LogSink> sink, LogLevel level, std::string component = "aml");

    /// The same log under another component name.
    Log component(std::string name) const;

    template <typename... Args>
    void error(fmt::format_string<Args...> format, Args&&... args) const {
        write(LogLevel::Error, format, std::forward<Args>(args)...);
    }

    template <typename... Args>
    void info(fmt::format_string<Args...> format, Args&&... args) const {
        write(LogLevel::Info, format, std::forward<Args>(args)...);
    }

    template <typename... Args>
    void debug(fmt::format_string<Args...> format, Args&&... args) const {
        write(LogLevel::Debug, format, std::forward<Args>(args)...);
    }

    bool enabled(LogLevel level) const { return sink_ && level <= level_; }

private:
    template <typename... Args>
    void write(LogLevel level, fmt::format_string<Args...> format, Args&&... args) const {
        if (enabled(level)) {
            sink_->write(level, component_, fmt::format(format, std::forward<Args>(args)...));
        }
    }

    std::shared_ptr<LogSink> sink_;
    LogLevel level_ = LogLevel::Info;
    std::string component_;
};

/// Writes `time level component message` lines to standard error.
std::shared_ptr<LogSink> stderr_sink();

/// Appends the same lines to a file. Throws: Unavailable when the file cannot be opened.
std::shared_ptr<LogSink> file_sink(const std::string& path);

}  // namespace aml
