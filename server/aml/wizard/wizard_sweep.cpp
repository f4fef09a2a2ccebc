#include "wizard/wizard_sweep.hpp"

#include "runconfig/run_configuration.hpp"
#include "runconfig/script_packages.hpp"
#include "runconfig/sweep_draft.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

namespace aml::wizard {
namespace {

/// Azure ML starts no more trials than that in one sweep.
constexpr std::uint64_t most_trials = 1000;
constexpr std::uint64_t usual_trials = 20;
constexpr std::uint64_t usual_at_once = 4;

constexpr auto maximize = "maximize";
constexpr auto minimize = "minimize";

std::string type_word(const runconfig::ScriptOption& option) {
    if (!option.choices.empty()) return localize("one of {}", option.choices.size());
    switch (option.type) {
        case runconfig::ScriptOption::Type::Integer:
            return localize("whole number");
        case runconfig::ScriptOption::Type::Number:
            return localize("number");
        case runconfig::ScriptOption::Type::Text:
            break;
    }
    return localize("text");
}

std::vector<ui::PickItem> parameter_rows(const SweepDraft& draft) {
    std::vector<ui::PickItem> rows;
    for (std::size_t i = 0; i < draft.options.size(); ++i) {
        const auto& option = draft.options[i];
        ui::PickItem row{.id = std::to_string(i), .label = option.name};
        row.description = type_word(option);
        if (option.value) row.description += " · " + localize("now {}", *option.value).shown();
        row.picked = std::find(draft.chosen.begin(), draft.chosen.end(), i) != draft.chosen.end();
        rows.push_back(std::move(row));
    }
    return rows;
}

/// What the numbers of a proposal mean, where that is not what they say.
std::string space_prompt(const std::string& space) {
    double least = 0;
    double most = 0;
    constexpr std::string_view kind = "loguniform(";
    const auto comma = space.find(',');
    if (space.starts_with(kind) && comma != std::string::npos) {
        const char* text = space.data();
        std::from_chars(text + kind.size(), text + comma, least);
        std::from_chars(text + comma + 1, text + space.size(), most);
        return localize(
            "loguniform takes exponents: {} is from {:.3g} to {:.3g}. Or choice(A,B,…), "
            "uniform(MIN,MAX), normal(MU,SIGMA), randint(UPPER)",
            space,
            std::exp(least),
            std::exp(most));
    }
    return localize(
        "choice(A,B,…), uniform(MIN,MAX), loguniform(MIN,MAX), normal(MU,SIGMA), randint(UPPER)");
}

std::optional<std::uint64_t> number_in(const std::string& text, std::uint64_t most) {
    const auto digits = trimmed(text);
    std::uint64_t number = 0;
    const auto* end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, number);
    const bool is_number = read.ec == std::errc() && read.ptr == end;
    return is_number && number >= 1 && number <= most ? std::optional(number) : std::nullopt;
}

ui::InputQuestion number_question(const StepPlace& place,
                                  std::string title,
                                  std::string prompt,
                                  std::uint64_t value,
                                  std::uint64_t most) {
    auto question = input_question(place, std::move(title), std::move(prompt));
    question.value = std::to_string(value);
    question.validate = [most](const std::string& text) -> std::optional<std::string> {
        if (number_in(text, most)) return std::nullopt;
        return localize("Expected a whole number from 1 to {}.", most);
    };
    return question;
}

std::vector<runconfig::Setting> search_of(const SweepDraft& draft) {
    std::vector<runconfig::Setting> search;
    for (const auto index : draft.chosen)
        search.push_back({draft.options[index].name, draft.spaces[index]});
    return search;
}

asio::awaitable<StepEnd> type_metric(ui::Prompter& prompter,
                                     SweepDraft& draft,
                                     StepPlace place,
                                     std::stop_token stop) {
    auto question = input_question(place,
                                   localize("Azure ML: metric of the sweep"),
                                   localize("Name of the metric, as the script logs it"));
    question.value = draft.metric;
    question.validate = [](const std::string& text) -> std::optional<std::string> {
        if (!trimmed(text).empty()) return std::nullopt;
        return localize("Name the metric that trials are compared by.");
    };
    const auto answer = co_await prompter.input(std::move(question), stop);
    if (const auto end = unanswered(answer)) co_return *end;
    draft.metric = trimmed(std::get<ui::Entered>(answer).value);
    co_return StepEnd::Next;
}

}  // namespace

SweepDraft begin_sweep(const std::optional<std::filesystem::path>& script,
                       const std::filesystem::path& configuration,
                       std::string job) {
    SweepDraft draft;
    const auto source = script ? runconfig::read_script(*script) : std::string();
    draft.metrics = runconfig::logged_metrics(source).names;
    if (!job.empty()) {
        draft.job = std::move(job);
        draft.syntax = runconfig::syntax_of(configuration);
        const runconfig::Document document(draft.job, draft.syntax);
        const auto* type = document.root().find_text("type");
        if (type != nullptr && lower(type->text) == "sweep") {
            throw Error(ErrorKind::Rejected,
                        localize("{} is a sweep already: change what it says, or press Submit "
                                 "Experiment.",
                                 configuration.filename().string()));
        }
        draft.options = runconfig::searchable_options(document, source);
    } else {
        draft.options = runconfig::script_options(source);
    }
    draft.spaces.resize(draft.options.size());
    if (!draft.options.empty()) return draft;
    const auto& file = script ? *script : configuration;
    throw Error(ErrorKind::Rejected,
                localize("{} has no options whose values could be tried. Give it some with "
                         "argparse, click or fire, such as --lr 0.1, or give its run "
                         "configuration inputs.",
                         file.filename().string()));
}

asio::awaitable<StepEnd> choose_parameters(ui::Prompter& prompter,
                                           SweepDraft& draft,
                                           StepPlace place,
                                           std::stop_token stop) {
    for (;;) {
        auto question =
            pick_question(place,
                          localize("Azure ML: parameters to try"),
                          localize("Choose the parameters whose values are tried, one or more"));
        question.can_pick_many = true;
        question.items = parameter_rows(draft);
        const auto answer = co_await prompter.pick(std::move(question), stop);
        if (const auto end = unanswered(answer)) co_return *end;
        draft.chosen.clear();
        for (const auto& id : std::get<ui::Picked>(answer).ids)
            draft.chosen.push_back(static_cast<std::size_t>(std::stoul(id)));
        if (!draft.chosen.empty()) co_return StepEnd::Next;
    }
}

asio::awaitable<StepEnd> type_space(ui::Prompter& prompter,
                                    SweepDraft& draft,
                                    std::size_t index,
                                    StepPlace place,
                                    std::stop_token stop) {
    const auto option = draft.chosen.at(index);
    const auto name = draft.options[option].name;
    auto& space = draft.spaces[option];
    if (space.empty()) space = runconfig::proposed_space(draft.options[option]);
    auto question =
        input_question(place, localize("Azure ML: values of {}", name), space_prompt(space));
    question.value = space;
    question.validate = [name](const std::string& text) {
        return runconfig::space_problem(name, text);
    };
    const auto answer = co_await prompter.input(std::move(question), stop);
    if (const auto end = unanswered(answer)) co_return *end;
    space = trimmed(std::get<ui::Entered>(answer).value);
    co_return StepEnd::Next;
}

asio::awaitable<StepEnd> choose_metric(ui::Prompter& prompter,
                                       SweepDraft& draft,
                                       StepPlace place,
                                       std::stop_token stop) {
    if (draft.metrics.empty()) co_return co_await type_metric(prompter, draft, place, stop);
    for (;;) {
        auto question = pick_question(place,
                                      localize("Azure ML: metric of the sweep"),
                                      localize("Choose the metric that trials are compared by"));
        for (std::size_t i = 0; i < draft.metrics.size(); ++i) {
            ui::PickItem row{.id = std::to_string(i), .label = draft.metrics[i]};
            row.icon = "graph-line";
            row.picked = draft.metrics[i] == draft.metric;
            question.items.push_back(std::move(row));
        }
        ui::PickItem another{.id = std::string(new_id), .label = localize("Another metric…")};
        another.icon = "edit";
        question.items.push_back(std::move(another));
        const auto answer = co_await prompter.pick(std::move(question), stop);
        if (const auto end = unanswered(answer)) co_return *end;
        const auto id = std::get<ui::Picked>(answer).ids.front();
        if (id != new_id) {
            draft.metric = draft.metrics.at(static_cast<std::size_t>(std::stoul(id)));
            co_return StepEnd::Next;
        }
        auto typed_place = place;
        typed_place.can_go_back = true;
        const auto end = co_await type_metric(prompter, draft, typed_place, stop);
        if (end != StepEnd::Back) co_return end;
    }
}

asio::awaitable<StepEnd> choose_goal(ui::Prompter& prompter,
                                     SweepDraft& draft,
                                     StepPlace place,
                                     std::stop_token stop) {
    auto question = pick_question(place,
                                  localize("Azure ML: goal of the sweep"),
                                  localize("Which {} is better?", draft.metric));
    ui::PickItem larger{.id = maximize, .label = localize("The larger the better")};
    larger.description = maximize;
    larger.icon = "arrow-up";
    ui::PickItem smaller{.id = minimize, .label = localize("The smaller the better")};
    smaller.description = minimize;
    smaller.icon = "arrow-down";
    question.items = {std::move(larger), std::move(smaller)};
    const auto usual = runconfig::is_minimized(draft.metric) ? minimize : maximize;
    preselect(question.items, draft.goal.empty() ? usual : draft.goal);
    const auto answer = co_await prompter.pick(std::move(question), stop);
    if (const auto end = unanswered(answer)) co_return *end;
    draft.goal = std::get<ui::Picked>(answer).ids.front();
    co_return StepEnd::Next;
}

asio::awaitable<StepEnd> type_trials(ui::Prompter& prompter,
                                     SweepDraft& draft,
                                     StepPlace place,
                                     std::stop_token stop) {
    const auto combinations = runconfig::combinations_of(search_of(draft));
    const auto usual = std::min(combinations.value_or(usual_trials), most_trials);
    std::string prompt = localize("How many trials are run at most");
    if (combinations) {
        prompt =
            localize("How many trials are run at most; there are {} combinations", *combinations);
    }
    auto question = number_question(place,
                                    localize("Azure ML: trials of the sweep"),
                                    std::move(prompt),
                                    draft.trials.value_or(usual),
                                    most_trials);
    const auto answer = co_await prompter.input(std::move(question), stop);
    if (const auto end = unanswered(answer)) co_return *end;
    draft.trials = number_in(std::get<ui::Entered>(answer).value, most_trials);
    co_return StepEnd::Next;
}

asio::awaitable<StepEnd> type_at_once(ui::Prompter& prompter,
                                      SweepDraft& draft,
                                      StepPlace place,
                                      std::stop_token stop) {
    const auto most = draft.trials.value_or(usual_trials);
    auto question = number_question(place,
                                    localize("Azure ML: trials at a time"),
                                    localize("How many trials run at the same time"),
                                    std::min(draft.at_once.value_or(usual_at_once), most),
                                    most);
    const auto answer = co_await prompter.input(std::move(question), stop);
    if (const auto end = unanswered(answer)) co_return *end;
    draft.at_once = number_in(std::get<ui::Entered>(answer).value, most);
    co_return StepEnd::Next;
}

std::string sweep_text(const SweepDraft& draft, std::string job) {
    runconfig::SweepWish wish;
    for (const auto index : draft.chosen) {
        if (!draft.options[index].flag.empty()) wish.options.push_back(draft.options[index]);
    }
    wish.search = search_of(draft);
    wish.metric = draft.metric;
    wish.goal = draft.goal;
    wish.most_trials = draft.trials;
    wish.most_at_once = draft.at_once;
    return runconfig::sweep_text(wish, runconfig::Document(std::move(job), draft.syntax));
}

}  // namespace aml::wizard
