// The keys of a sweep job.
#include "runconfig/job_types.hpp"
#include "runconfig/shared_schema.hpp"
#include "runconfig/sweep_rest.hpp"

#include <array>

namespace aml::runconfig {

namespace {

using namespace types;

/// Numbers may be written as YAML has them that reads `1e-4` as a text.
constexpr std::uint8_t number_or_text = number | string;

constexpr std::array space_types{
    EnumValue{"choice", Localizable("One of `values`.")},
    EnumValue{"uniform", Localizable("Any number from `min_value` to `max_value`.")},
    EnumValue{"quniform", Localizable("As `uniform`, rounded to multiples of `q`.")},
    EnumValue{"loguniform",
              Localizable("e to the power of a number from `min_value` to `max_value`.")},
    EnumValue{"qloguniform", Localizable("As `loguniform`, rounded to multiples of `q`.")},
    EnumValue{"normal", Localizable("Around `mu`, with the standard deviation `sigma`.")},
    EnumValue{"qnormal", Localizable("As `normal`, rounded to multiples of `q`.")},
    EnumValue{"lognormal", Localizable("e to the power of a number around `mu`.")},
    EnumValue{"qlognormal", Localizable("As `lognormal`, rounded to multiples of `q`.")},
    EnumValue{"randint", Localizable("A whole number from 0 up to, but not including, `upper`.")},
};

constexpr std::array space_keys{
    KeySchema{.name = "type",
              .types = string,
              .doc = Localizable("How values are drawn."),
              .required = true,
              .values = space_types},
    KeySchema{.name = "values",
              .types = array,
              .doc = Localizable("The values to choose from: numbers, texts, or objects."),
              .only_for = "choice"},
    KeySchema{.name = "min_value",
              .types = number_or_text,
              .doc = Localizable("The smallest value; of a logarithmic space its exponent."),
              .only_for = "uniform quniform loguniform qloguniform"},
    KeySchema{.name = "max_value",
              .types = number_or_text,
              .doc = Localizable("The largest value; of a logarithmic space its exponent."),
              .only_for = "uniform quniform loguniform qloguniform"},
    KeySchema{.name = "mu",
              .types = number_or_text,
              .doc = Localizable("The mean; of a logarithmic space that of the exponent."),
              .only_for = "normal qnormal lognormal qlognormal"},
    KeySchema{.name = "sigma",
              .types = number_or_text,
              .doc = Localizable("The standard deviation."),
              .only_for = "normal qnormal lognormal qlognormal"},
    KeySchema{.name = "q",
              .types = number_or_text,
              .doc = Localizable("Values are multiples of it."),
              .only_for = "quniform qloguniform qnormal qlognormal"},
    KeySchema{.name = "upper",
              .types = integer,
              .doc = Localizable("Values are below it."),
              .only_for = "randint"},
};
constexpr ObjectSchema space_schema{.keys = space_keys};
constexpr KeySchema parameter_key{.name = "*",
                                  .types = object,
                                  .doc = Localizable("The values of one hyperparameter."),
                                  .convert = sweep_distribution,
                                  .object = &space_schema};
constexpr ObjectSchema search_space_schema{.additional = &parameter_key};

constexpr std::array sampling_types{
    EnumValue{"random", Localizable("Values drawn at random; works with every space.")},
    EnumValue{"grid", Localizable("Every combination; for `choice` only.")},
    EnumValue{"bayesian",
              Localizable("By what earlier trials have shown; for `choice`, `uniform` and "
                          "`quniform`.")},
};
constexpr std::array sampling_rules{
    EnumValue{"random", Localizable("Independent values.")},
    EnumValue{"sobol", Localizable("A sequence that fills the space evenly.")},
};
constexpr std::array sampling_keys{
    KeySchema{.name = "type",
              .types = string,
              .doc = Localizable("How hyperparameters are sampled."),
              .required = true,
              .values = sampling_types},
    KeySchema{.name = "seed",
              .types = integer,
              .doc = Localizable("The same seed draws the same values again."),
              .only_for = "random"},
    KeySchema{.name = "rule",
              .types = string,
              .doc = Localizable("Which random values."),
              .values = sampling_rules,
              .only_for = "random"},
    KeySchema{.name = "logbase",
              .types = number_or_text,
              .doc = Localizable("Base of logarithmic spaces: a number above 0, or `e`."),
              .only_for = "random",
              .preview = true},
};
constexpr ObjectSchema sampling_schema{.keys = sampling_keys};

constexpr std::array sweep_goals{
    EnumValue{"minimize", Localizable("The smaller the better."), "Minimize"},
    EnumValue{"maximize", Localizable("The larger the better."), "Maximize"},
};
constexpr std::array objective_keys{
    KeySchema{.name = "goal",
              .types = string,
              .doc = Localizable("Whether the metric shall be small or large."),
              .rest = "goal",
              .required = true,
              .values = sweep_goals},
    KeySchema{.name = "primary_metric",
              .types = string,
              .doc = Localizable("The metric that trials are compared by, as the script logs it."),
              .rest = "primaryMetric",
              .required = true},
};
constexpr ObjectSchema objective_schema{.keys = objective_keys};

constexpr std::array policy_types{
    EnumValue{"bandit", Localizable("Ends trials that are too far behind the best one.")},
    EnumValue{"median_stopping",
              Localizable("Ends trials that are worse than the median of all running averages.")},
    EnumValue{"truncation_selection", Localizable("Ends a share of the worst trials.")},
};
constexpr std::array policy_keys{
    KeySchema{.name = "type",
              .types = string,
              .doc = Localizable("Which trials are ended early."),
              .required = true,
              .values = policy_types},
    KeySchema{.name = "evaluation_interval",
              .types = integer,
              .doc = Localizable("After how many values of the metric it is decided again."),
              .minimum = 0},
    KeySchema{.name = "delay_evaluation",
              .types = integer,
              .doc = Localizable("How many values are logged before it is decided first."),
              .minimum = 0},
    KeySchema{.name = "slack_factor",
              .types = number_or_text,
              .doc = Localizable("How far behind the best one, as a ratio."),
              .only_for = "bandit"},
    KeySchema{.name = "slack_amount",
              .types = number_or_text,
              .doc = Localizable("How far behind the best one, as a difference."),
              .only_for = "bandit"},
    KeySchema{.name = "truncation_percentage",
              .types = integer,
              .doc = Localizable("Which share of the trials is ended each time."),
              .only_for = "truncation_selection"},
};
constexpr ObjectSchema policy_schema{.keys = policy_keys};

constexpr std::array sweep_limits_keys{
    KeySchema{.name = "max_total_trials",
              .types = integer,
              .doc = Localizable("How many trials there are in all."),
              .rest = "maxTotalTrials",
              .minimum = 1,
              .snippet = "20"},
    KeySchema{.name = "max_concurrent_trials",
              .types = integer,
              .doc = Localizable("How many trials run at the same time."),
              .rest = "maxConcurrentTrials",
              .minimum = 1,
              .snippet = "4"},
    KeySchema{.name = "timeout",
              .types = integer,
              .doc = Localizable("Longest time of the sweep in seconds; then it is cancelled."),
              .rest = "timeout",
              .convert = shared::iso_duration,
              .restore = shared::seconds_of,
              .minimum = 1,
              .snippet = "7200"},
    KeySchema{.name = "trial_timeout",
              .types = integer,
              .doc = Localizable("Longest time of one trial in seconds; then it is cancelled."),
              .rest = "trialTimeout",
              .convert = shared::iso_duration,
              .restore = shared::seconds_of,
              .minimum = 1,
              .snippet = "3600"},
};
constexpr ObjectSchema sweep_limits_schema{.keys = sweep_limits_keys,
                                           .marker = {"jobLimitsType", "Sweep"}};

constexpr std::array trial_keys{
    shared::code_key,
    shared::command_key,
    shared::environment_key,
    shared::environment_variables_key,
    shared::resources_key,
    shared::distribution_key,
    KeySchema{.name = "queue_settings",
              .types = object,
              .doc = Localizable("Of a sweep they stand beside `trial`."),
              .object = &shared::queue_schema},
};
constexpr ObjectSchema trial_schema{.keys = trial_keys};

constexpr std::array sweep_types{
    EnumValue{"sweep", Localizable("Runs a command with different values of its inputs.")}};

constexpr std::array sweep_keys{
    shared::schema_key("\"https://azuremlschemas.azureedge.net/latest/sweepJob.schema.json\""),
    shared::type_key(sweep_types),
    shared::name_key,
    shared::experiment_name_key,
    shared::display_name_key,
    shared::description_key,
    shared::compute_key,
    shared::tags_key,
    KeySchema{.name = "sampling_algorithm",
              .types = string | object,
              .doc = Localizable("How hyperparameters are sampled: `random`, `grid`, `bayesian`."),
              .rest = "samplingAlgorithm",
              .convert = sweep_sampling,
              .required = true,
              .values = sampling_types,
              .object = &sampling_schema},
    KeySchema{.name = "search_space",
              .types = object,
              .doc = Localizable("What is tried: the command uses it as "
                                 "`${{search_space.<name>}}`."),
              .rest = "searchSpace",
              .required = true,
              .object = &search_space_schema},
    KeySchema{.name = "objective",
              .types = object,
              .doc = Localizable("The metric that trials are compared by."),
              .rest = "objective",
              .required = true,
              .object = &objective_schema,
              .snippet = "{ \"primary_metric\": \"accuracy\", \"goal\": \"maximize\" }"},
    KeySchema{.name = "trial",
              .types = object,
              .doc = Localizable("What each trial runs, as in a command job."),
              .rest = "trial",
              .required = true,
              .object = &trial_schema},
    KeySchema{.name = "early_termination",
              .types = object,
              .doc = Localizable("Which trials are ended before their time."),
              .rest = "earlyTermination",
              .convert = sweep_policy,
              .object = &policy_schema},
    KeySchema{.name = "limits",
              .types = object,
              .doc = Localizable("How many trials there are, how many at a time, and how long."),
              .rest = "limits",
              .required = true,
              .object = &sweep_limits_schema,
              .snippet = "{ \"max_total_trials\": 20, \"max_concurrent_trials\": 4 }"},
    shared::inputs_key,
    shared::outputs_key,
    shared::resources_key,
    shared::queue_settings_key,
    shared::identity_key,
    shared::properties_key,
    KeySchema{.name = "services",
              .types = object,
              .doc = Localizable("Programs to work with a job, which trials do not start."),
              .object = &shared::anything},
    shared::id_key,
    shared::status_key,
    shared::log_files_key,
    shared::creation_context_key,
};

}  // namespace

constinit const ObjectSchema sweep_schema{.keys = sweep_keys};

}  // namespace aml::runconfig
