#include "support/log.hpp"

#include "platform/file.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/system_text.hpp"

#include <fmt/chrono.h>

#include <chrono>
#include <cstdio>
#include <system_error>

namespace aml {
namespace {

char letter(LogLevel level) {
    switch (level) {
        case LogLevel::Error:
            return 'E';
        case LogLevel::Info:
            return 'I';
        case LogLevel::Debug:
            return 'D';
    }
    return '?';
}

class FileSink final : public LogSink {
public:
    explicit FileSink(std::FILE* file, bool owned)
        : file_(file),
          owned_(owned) {}

    FileSink(const FileSink&) = delete;
    FileSink& operator=(const FileSink&) = delete;

    ~FileSink() override {
        if (owned_) std::fclose(file_);
    }

    void write(LogLevel level, std::string_view component, std::string_view message) override {
        const auto now = std::chrono::time_point_cast<std::chrono::milliseconds>(
            std::chrono::system_clock::now());
        const auto seconds = std::chrono::time_point_cast<std::chrono::seconds>(now);
        const auto line = fmt::format("{:%H:%M:%S}.{:03} {} {} {}\n",
                                      fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)),
                                      (now - seconds).count(),
                                      letter(level),
                                      component,
                                      message);
        std::fwrite(line.data(), 1, line.size(), file_);
        std::fflush(file_);
    }

private:
    std::FILE* file_;
    bool owned_;
};

}  // namespace

Log::Log(std::shared_ptr<LogSink> sink, LogLevel level, std::string component)
    : sink_(std::move(sink)),
      level_(level),
      component_(std::move(component)) {}

Log Log::component(std::string name) const {
    return {sink_, level_, std::move(name)};
}

std::shared_ptr<LogSink> stderr_sink() {
    return std::make_shared<FileSink>(stderr, false);
}

std::shared_ptr<LogSink> file_sink(const std::string& path) {
    try {
        auto* file = platform::open_stream(path, platform::Before::Kept);
        return std::make_shared<FileSink>(file, true);
    } catch (const std::system_error& error) {
        throw Error(ErrorKind::Unavailable,
                    localize("Cannot open the log file {}: {}.", path, system_text(error.code())));
    }
}

}  // namespace aml
