// What the schema cannot say about a sweep job.
#include "runconfig/job_types.hpp"
#include "runconfig/program_rules.hpp"
#include "runconfig/sweep_rest.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

namespace aml::runconfig {

namespace {

/// Azure ML starts no more trials than that in one sweep.
constexpr double most_trials = 1000;

std::string word_at(const Node& object, std::string_view key) {
    const auto* text = object.find_text(key);
    return text != nullptr ? lower(text->text) : std::string();
}

/// The distributions of the search space, one at a time.
class SpaceRules final {
public:
    SpaceRules(const Node& space, std::string where, Findings& findings)
        : space_(space),
          where_(std::move(where)),
          type_(word_at(space, "type")),
          findings_(findings) {}

    void check() {
        if (type_ == "choice") {
            check_values();
        } else if (type_ == "randint") {
            check_upper();
        } else if (type_.find("uniform") != std::string::npos) {
            check_bounds();
            check_positive("q");
        } else if (type_.find("normal") != std::string::npos) {
            needs("mu");
            check_positive("sigma");
            check_positive("q");
        }
    }

private:
    /// The number of a key that this type has to have; nothing, with an error, when it has none.
    std::optional<double> needs(std::string_view key) {
        const auto* value = space_.find(key);
        if (value == nullptr) {
            findings_.error({space_.span.begin, space_.span.begin + 1},
                            "missing",
                            join_key(where_, key),
                            localize("“{}” is missing: “{}” needs it.", key, type_));
            return std::nullopt;
        }
        const auto number = number_in(*value);
        if (!number && value->type == NodeType::String) {
            findings_.error(value->span,
                            "value",
                            join_key(where_, key),
                            localize("“{}” is not a number.", value->text));
        }
        return number;
    }

    void wrong(std::string_view key, std::string message) {
        findings_.error(space_.find(key)->span, "value", join_key(where_, key), std::move(message));
    }

    void check_values() {
        const auto* values = space_.find("values");
        if (values == nullptr || (values->type == NodeType::Array && values->items.empty())) {
            findings_.error({space_.span.begin, space_.span.begin + 1},
                            "missing",
                            join_key(where_, "values"),
                            localize("“values” is missing: say what to choose from."));
            return;
        }
        for (const auto& value : values->items) {
            if (value.type != NodeType::Boolean) continue;
            findings_.error(value.span,
                            "type",
                            join_key(where_, "values"),
                            localize("Azure ML takes no truth values here: put “{}” in quotes.",
                                     findings_.document().written(value)));
        }
    }

    void check_upper() {
        const auto upper = needs("upper");
        if (upper && *upper < 1)
            wrong("upper", localize("Expected {} or more, found {}.", 1, *upper));
    }

    void check_positive(std::string_view key) {
        const bool has_key = key != "q" || type_.starts_with('q');
        if (!has_key) return;
        const auto number = needs(key);
        if (number && !(*number > 0)) wrong(key, localize("“{}” must be above 0.", key));
    }

    void check_bounds() {
        const auto least = needs("min_value");
        const auto most = needs("max_value");
        if (!least || !most) return;
        if (!(*least < *most)) {
            wrong("max_value",
                  localize("“max_value” must be above “min_value”, which is {}.", *least));
            return;
        }
        const bool is_logarithmic = type_.find("log") != std::string::npos;
        // Everybody who writes 0.0001 and 0.1 means the values, and gets 1.0001 to 1.1.
        if (!is_logarithmic || *least <= 0 || *most > 1) return;
        findings_.warning(space_.find("min_value")->span,
                          "value",
                          join_key(where_, "min_value"),
                          localize("These are exponents: values are from {:.4g} to {:.4g}. For "
                                   "values from {} to {} write {:.4g} and {:.4g}.",
                                   std::exp(*least),
                                   std::exp(*most),
                                   *least,
                                   *most,
                                   std::log(*least),
                                   std::log(*most)));
    }

    const Node& space_;
    std::string where_;
    std::string type_;
    Findings& findings_;
};

std::string sampling_word(const Node& root) {
    const auto* sampling = root.find("sampling_algorithm");
    if (sampling == nullptr) return {};
    return sampling->type == NodeType::String ? lower(sampling->text) : word_at(*sampling, "type");
}

/// Whether an algorithm can draw from a distribution. Source: learn.microsoft.com, "Hyperparameter
/// tuning a model (v2)", sampling the hyperparameter space.
bool can_sample(std::string_view sampling, std::string_view distribution) {
    if (sampling == "grid") return distribution == "choice";
    if (sampling == "bayesian")
        return distribution == "choice" || distribution == "uniform" || distribution == "quniform";
    return true;
}

void check_search_space(const Node& root, Findings& findings) {
    const auto* space = root.find("search_space");
    if (space == nullptr || space->type != NodeType::Object) return;
    if (space->members.empty()) {
        findings.error(space->span,
                       "missing",
                       "search_space",
                       localize("Say which hyperparameters are tried, and their values."));
    }
    const auto sampling = sampling_word(root);
    for (const auto& member : space->members) {
        const auto where = join_key("search_space", member.key);
        if (const auto problem = name_problem(NameKind::Input, member.key))
            findings.error(member.key_span, "name", where, *problem);
        if (member.value.type != NodeType::Object) continue;
        SpaceRules(member.value, where, findings).check();
        const auto* type = member.value.find_text("type");
        if (type == nullptr || can_sample(sampling, lower(type->text))) continue;
        findings.error(
            type->span,
            "value",
            join_key(where, "type"),
            sampling == "grid"
                ? localize("“grid” tries every combination and knows only “choice”. Sample at "
                           "random, or list the values.")
                : localize("“bayesian” knows only “choice”, “uniform” and “quniform”."));
    }
}

/// Whether the command or a variable uses a hyperparameter.
bool is_used(const Node& trial, std::string_view name) {
    const auto uses = [&](const Node* text) {
        return text != nullptr &&
               text->text.find(fmt::format("search_space.{}", name)) != std::string::npos;
    };
    const auto* variables = trial.find("environment_variables");
    if (uses(trial.find_text("command"))) return true;
    return variables != nullptr &&
           std::any_of(variables->members.begin(),
                       variables->members.end(),
                       [&](const Member& member) { return uses(&member.value); });
}

void check_use(const Node& root, Findings& findings) {
    const auto* space = root.find("search_space");
    const auto* trial = root.find("trial");
    if (space == nullptr || trial == nullptr) return;
    for (const auto& member : space->members) {
        if (is_used(*trial, member.key)) continue;
        findings.warning(
            member.key_span,
            "unused",
            join_key("search_space", member.key),
            localize("Nothing uses it: add ${{{{search_space.{}}}}} to the command.", member.key));
    }
}

/// What the public schema has and nobody sends.
void check_ignored(const Node* object, const char* key, const char* where, Findings& findings) {
    const auto* member = object != nullptr ? object->member(key) : nullptr;
    if (member == nullptr) return;
    findings.warning(member->key_span,
                     "ignoredKey",
                     where,
                     localize("Azure ML ignores “{}” here: remove it.", key));
}

void check_sweep_limits(const Node& root, Findings& findings) {
    const auto* limits = root.find("limits");
    if (limits == nullptr) return;
    const auto number = [&](std::string_view key) {
        const auto* value = limits->find(key);
        return value != nullptr ? number_in(*value) : std::nullopt;
    };
    const auto wrong = [&](std::string_view key, std::string message) {
        findings.error(
            limits->find(key)->span, "value", join_key("limits", key), std::move(message));
    };
    const auto total = number("max_total_trials");
    const auto at_once = number("max_concurrent_trials");
    for (const std::string_view key : {"max_total_trials", "max_concurrent_trials"}) {
        if (number(key).value_or(0) > most_trials)
            wrong(key, localize("Azure ML runs {} trials at most.", most_trials));
    }
    if (total && at_once && *at_once > *total) {
        wrong("max_concurrent_trials",
              localize("There cannot be {} trials at a time of {} in all.", *at_once, *total));
    }
    const auto timeout = number("timeout");
    const auto of_trial = number("trial_timeout");
    if (timeout && of_trial && *of_trial > *timeout) {
        wrong("trial_timeout",
              localize("A trial cannot take longer than the sweep, which ends after {} s.",
                       *timeout));
    }
}

void check_policy(const Node& root, Findings& findings) {
    const auto* policy = root.find("early_termination");
    if (policy == nullptr || policy->type != NodeType::Object) return;
    const auto type = word_at(*policy, "type");
    const Span start{policy->span.begin, policy->span.begin + 1};
    const auto value = [&](std::string_view key) {
        const auto* node = policy->find(key);
        return node != nullptr ? number_in(*node).value_or(0) : 0;
    };
    if (type == "bandit") {
        const bool has_factor = value("slack_factor") > 0;
        const bool has_amount = value("slack_amount") > 0;
        if (has_factor && has_amount) {
            findings.error(policy->member("slack_amount")->key_span,
                           "conflict",
                           "early_termination.slack_amount",
                           localize("Either “slack_factor” or “slack_amount”, not both. Remove "
                                    "one."));
        } else if (!has_factor && !has_amount) {
            findings.error(start,
                           "missing",
                           "early_termination.slack_factor",
                           localize("“slack_factor” or “slack_amount” is missing: a number above "
                                    "0."));
        }
    }
    if (type != "truncation_selection") return;
    const auto percentage = value("truncation_percentage");
    if (percentage >= 1 && percentage <= 99) return;
    const auto* written = policy->find("truncation_percentage");
    findings.error(written != nullptr ? written->span : start,
                   "value",
                   "early_termination.truncation_percentage",
                   localize("“truncation_percentage” must be from 1 to 99."));
}

}  // namespace

void check_sweep(const Node& root, Findings& findings) {
    check_basics(root, findings);
    check_inputs_and_outputs(root, findings);
    if (const auto* trial = root.find("trial")) {
        const DeclaredNames declared(root, {"search_space", "inputs", "outputs"});
        check_program(*trial, "trial", declared, findings);
    }
    check_search_space(root, findings);
    check_use(root, findings);
    check_sweep_limits(root, findings);
    check_policy(root, findings);
    check_ignored(&root, "services", "services", findings);
    check_ignored(root.find("trial"), "queue_settings", "trial.queue_settings", findings);
}

}  // namespace aml::runconfig
