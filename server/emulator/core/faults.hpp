#pragma once

#include "core/message.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace aml::emulator {

/// What a fault does to one exchange.
struct Fault {
    /// Before: the request is never handled. After: it is handled, then the reply is lost or
    /// replaced.
    enum class Stage { Before, After };

    Stage stage = Stage::Before;
    std::chrono::milliseconds delay{0};
    /// Replaces the reply; absent when the fault only delays, resets or truncates.
    std::optional<int> status;
    Headers headers;
    /// Text as it is, any other JSON serialised; absent: the error shape of the route's surface.
    std::optional<json> body;
    Damage damage = Damage::None;
};

/// The rules of `--faults FILE`; README.md documents the format.
class Faults final {
public:
    Faults() = default;
    /// Throws: InvalidParams naming the file, the rule and the key that is wrong.
    static Faults load(const std::filesystem::path& file);
    /// The same from text; `name` stands for the file in messages.
    static Faults parse(std::string_view text, std::string_view name);

    /// The fault for this request, if one fires. Counts the request against every rule that matches
    /// it up to the one that fires.
    std::optional<Fault> match(std::string_view method, std::string_view path);

private:
    struct Rule {
        /// Upper case; empty means any.
        std::vector<std::string> methods;
        std::string route;
        Fault fault;
        std::size_t after = 0;
        std::optional<std::size_t> times;
        double probability = 1;
        std::size_t matched = 0;
        std::size_t fired = 0;
    };

    static Rule read_rule(const json& value, const std::string& where);

    std::vector<Rule> rules_;
    std::mt19937_64 random_;
};

/// Whether `path` matches `pattern`, without regard to case: `*` is any text without `/`, `**` any
/// text at all.
bool matches_route(std::string_view pattern, std::string_view path);

}  // namespace aml::emulator
