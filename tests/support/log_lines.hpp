#pragma once

#include "support/log.hpp"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

namespace aml::test {

/// Keeps log lines as "component message".
class LogLines final : public LogSink {
public:
    void write(LogLevel, std::string_view component, std::string_view message) override {
        lines.push_back(fmt::format("{} {}", component, message));
    }

    bool contains(std::string_view text) const {
        for (const auto& line : lines) {
            if (line.find(text) != std::string::npos) return true;
        }
        return false;
    }

    std::vector<std::string> lines;
};

}  // namespace aml::test
