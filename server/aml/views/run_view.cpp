#include "views/run_view.hpp"

#include "runs/run_status.hpp"
#include "support/localize.hpp"

#include <tuple>

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
