#pragma once

#include "async/clock.hpp"
#include "azure/resource_id.hpp"
#include "runs/failure.hpp"
#include "runs/run_snapshot.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

/// What users are told of their own runs in a few words: how one has ended, and what all are doing.
namespace aml::runs {

/// "mnist-1 completed after 4 min 12 s · accuracy 0.953", of a run that is over. `failure` is why
/// it failed, if that is known.
std::string end_text(const RunSnapshot& run, const std::optional<Failure>& failure);

/// "no sign of life for 25 min", or empty.
std::string silence_text(const RunSnapshot& run);
/// The same of a run that shows none, as a sentence about it.
std::string silence_news(const RunSnapshot& run);

/// What there is to say of several runs at once.
struct RunNews {
    /// How many go on.
    std::size_t active = 0;
    /// "mnist-1 · running · 4 min", "2 running · 1 waiting · mnist-1 failed"; empty when there is
    /// nothing to say.
    std::string text{};
    /// Name of a VS Code codicon, and id of a theme colour; empty for the usual one.
    std::string icon{};
    std::string background{};
    /// A line for each run.
    std::vector<std::string> lines{};
    /// The run that somebody who reads this wants to see; absent when there are several.
    std::optional<azure::ResourceId> run{};
};

/// `active` are the user's runs that go on, `failed` those whose end was not looked at; newest
/// first.
RunNews news_of(const std::vector<RunSnapshot>& active,
                const std::vector<RunSnapshot>& failed,
                async::Clock::TimePoint now);

}  // namespace aml::runs
