#pragma once

#include "async/clock.hpp"
#include "web/message.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <random>
#include <stop_token>
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
    /// `Retry-After` as the date so long from now; absent: no such header.
    std::optional<std::chrono::seconds> retry_after_date;
    Damage damage = Damage::None;
    /// Half of the body is passed off as all of it.
    bool cut = false;
    /// How long sending the reply takes; zero: no longer than it has to.
    std::chrono::milliseconds trickle{0};
    /// The request's token or signature counts as run out.
    bool expired = false;

    /// In a word, for the log, e.g. "status 429" or "reset".
    std::string kind() const;
};

/// The rules of `--faults FILE`; README.md documents the format.
class Faults final {
public:
    Faults() = default;
    /// Throws: InvalidParams naming the file, the rule and the key that is wrong.
    static Faults load(const std::filesystem::path& file);
    /// The same from text; `name` stands for the file in messages.
    static Faults parse(std::string_view text, std::string_view name);

    /// How far the service's clock is ahead of the machine's; negative: behind.
    std::chrono::milliseconds clock_skew() const { return clock_skew_; }

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

    std::chrono::milliseconds clock_skew_{0};
    std::vector<Rule> rules_;
    std::mt19937_64 random_;
};

/// A clock that is wrong by a fixed time: how a service seems to a machine whose own clock is off.
class SkewedClock final : public async::Clock {
public:
    /// Keeps `inner` by reference.
    SkewedClock(async::Clock& inner, std::chrono::milliseconds skew)
        : inner_(inner),
          skew_(skew) {}

    TimePoint now() const override { return inner_.now() + skew_; }

    asio::awaitable<void> sleep_until(TimePoint time, std::stop_token stop) override {
        return inner_.sleep_until(time - skew_, std::move(stop));
    }

private:
    async::Clock& inner_;
    std::chrono::milliseconds skew_;
};

/// A field of a reply that is not sent: it tells the session how many milliseconds sending the body
/// takes.
inline constexpr std::string_view trickle_note = ":trickle-ms";

/// Another one, for the record: the kind of the fault that has replaced or spoilt the reply.
inline constexpr std::string_view fault_note = ":fault";

/// Whether `path` matches `pattern`, without regard to case: `*` is any text without `/`, `**` any
/// text at all.
bool matches_route(std::string_view pattern, std::string_view path);

}  // namespace aml::emulator
