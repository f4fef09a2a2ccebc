#include "views/run_view.hpp"

#include "runs/run_status.hpp"
#include "support/localize.hpp"

#include <algorithm>
#include <chrono>
#include <tuple>
#include <utility>

namespace aml::views {
namespace {

auto parts(const RunView& view) {
    return std::tie(view.problem,
                    view.stages,
                    view.failure,
                    view.parameters,
                    view.tags,
                    view.metrics,
                    view.images,
                    view.files,
                    view.more_files,
                    view.logs,
                    view.configuration);
}

}  // namespace

std::uint64_t first_revision(async::Clock::TimePoint now) {
    const auto since_1970 = now.time_since_epoch();
    const auto time = std::chrono::duration_cast<std::chrono::milliseconds>(since_1970).count();
    return static_cast<std::uint64_t>(std::max<std::int64_t>(time, 0));
}

bool same_view(const RunView& left, const RunView& right) {
    return runs::same_state(left.run, right.run) && parts(left) == parts(right);
}

std::vector<NamedText> facts_of(const runs::RunSnapshot& run) {
    std::vector<NamedText> facts;
    const auto add = [&facts](std::string name, std::string text) {
        if (!text.empty()) facts.push_back({std::move(name), std::move(text)});
    };
    add(localize("Compute"), run.target.empty() ? localize("serverless") : run.target);
    add(localize("Submitted by"), run.created_by);
    add(localize("Submitted"), runs::time_text(run.created_at));
    add(localize("Ended"), runs::time_text(run.ended_at));
    return facts;
}

}  // namespace aml::views
