#include "runconfig/script_options.hpp"

#include "runconfig/python_source.hpp"
#include "runconfig/script_packages.hpp"
#include "support/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <utility>

namespace aml::runconfig {

namespace {

using OptionType = ScriptOption::Type;
using Tokens = std::vector<PythonToken>;

const PythonArgument* argument_named(const std::vector<PythonArgument>& arguments,
                                     std::string_view name) {
    const auto found = std::find_if(arguments.begin(), arguments.end(), [&](const auto& argument) {
        return argument.name == name;
    });
    return found != arguments.end() ? &*found : nullptr;
}

std::optional<std::string> literal_of(const std::vector<PythonArgument>& arguments,
                                      std::string_view name) {
    const auto* argument = argument_named(arguments, name);
    return argument != nullptr ? python_literal(argument->value) : std::nullopt;
}

bool is_whole(std::string_view text) {
    std::int64_t number = 0;
    const auto* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    return !text.empty() && read.ec == std::errc() && read.ptr == end;
}

std::optional<double> number_of(std::string_view text) {
    double number = 0;
    const auto* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    if (text.empty() || read.ec != std::errc() || read.ptr != end || !std::isfinite(number))
        return std::nullopt;
    return number;
}

/// By the type that is named, else by the value. Of `Optional[float]` the inner one counts.
OptionType type_of_option(const Tokens& type, const std::optional<std::string>& value) {
    for (const auto& token : type) {
        if (token.is_name("int") || token.is_name("INT")) return OptionType::Integer;
        if (token.is_name("float") || token.is_name("FLOAT")) return OptionType::Number;
        if (token.is_name("str")) return OptionType::Text;
    }
    if (!value || !type.empty()) return OptionType::Text;
    if (is_whole(*value)) return OptionType::Integer;
    return number_of(*value) ? OptionType::Number : OptionType::Text;
}

std::string name_of_flag(std::string_view flag) {
    std::string name(flag.substr(std::min(flag.find_first_not_of('-'), flag.size())));
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
}

/// The longest of `--lr`, `-l`; empty for what stands by its place. Of click's `--shout/--quiet`
/// nothing: it takes no value.
std::string flag_among(const std::vector<PythonArgument>& arguments) {
    std::string flag;
    for (const auto& argument : arguments) {
        if (!argument.name.empty()) continue;
        const auto text = python_literal(argument.value);
        if (!text || !text->starts_with('-')) continue;
        if (text->find('/') != std::string::npos) return {};
        if (text->size() > flag.size()) flag = *text;
    }
    return flag;
}

bool takes_no_value(const std::vector<PythonArgument>& arguments) {
    const auto action = literal_of(arguments, "action");
    const bool is_stored = !argument_named(arguments, "action") || action == "store";
    const bool is_many = argument_named(arguments, "nargs") != nullptr;
    return !is_stored || is_many || literal_of(arguments, "is_flag") == "True" ||
           literal_of(arguments, "count") == "True" || literal_of(arguments, "multiple") == "True";
}

/// What `click.Choice([…])` allows.
std::vector<std::string> click_choices(const Tokens& type) {
    for (std::size_t i = 0; i + 2 < type.size(); ++i) {
        if (!type[i].is_name("Choice") || !type[i + 1].is("(")) continue;
        const auto arguments = python_arguments(type, i + 1);
        if (!arguments.empty()) return python_list(arguments.front().value);
    }
    return {};
}

std::optional<ScriptOption> declared_option(const std::vector<PythonArgument>& arguments) {
    ScriptOption option;
    option.flag = flag_among(arguments);
    if (option.flag.empty() || takes_no_value(arguments)) return std::nullopt;
    option.name = name_of_flag(option.flag);
    option.value = literal_of(arguments, "default");
    if (option.value == "None") option.value.reset();
    if (option.value == "True" || option.value == "False") return std::nullopt;
    const auto* type = argument_named(arguments, "type");
    if (const auto* choices = argument_named(arguments, "choices"))
        option.choices = python_list(choices->value);
    if (type != nullptr && option.choices.empty()) option.choices = click_choices(type->value);
    const auto known =
        !option.choices.empty() && !option.value ? option.choices.front() : option.value;
    option.type = type_of_option(type != nullptr ? type->value : Tokens(), known);
    return option;
}

/// The options of the function that fire makes a program of.
std::vector<ScriptOption> parameters_of(const Tokens& tokens, std::string_view function) {
    std::vector<ScriptOption> options;
    for (std::size_t i = 0; i + 2 < tokens.size(); ++i) {
        if (!tokens[i].is_name("def") || !tokens[i + 1].is_name(function)) continue;
        for (auto& parameter : python_arguments(tokens, i + 2)) {
            ScriptOption option;
            option.name = parameter.name;
            // Without default and annotation the name is read as a value.
            if (option.name.empty()) {
                const bool is_name = parameter.value.size() == 1 &&
                                     parameter.value.front().kind == PythonToken::Kind::Name;
                if (is_name) option.name = parameter.value.front().text;
            } else {
                option.value = python_literal(parameter.value);
            }
            const bool is_flag = option.value == "True" || option.value == "False";
            if (option.name.empty() || option.name == "self" || option.name == "/" || is_flag)
                continue;
            if (option.value == "None") option.value.reset();
            option.flag = "--" + option.name;
            option.type = type_of_option(parameter.annotation, option.value);
            options.push_back(std::move(option));
        }
        return options;
    }
    return options;
}

/// Whether the name at `i` is called.
bool is_call(const Tokens& tokens, std::size_t i) {
    return i + 1 < tokens.size() && tokens[i + 1].is("(");
}

bool is_decorator(const Tokens& tokens, std::size_t i) {
    const bool of_module = i >= 3 && tokens[i - 1].is(".") && tokens[i - 3].is("@");
    return of_module || (i >= 1 && tokens[i - 1].is("@"));
}

void add_once(std::vector<std::string>& names, std::string name) {
    if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end())
        names.push_back(std::move(name));
}

/// The keys of a dictionary that is written out.
void add_keys(const Tokens& value, std::vector<std::string>& names) {
    int depth = 0;
    for (std::size_t i = 0; i + 1 < value.size(); ++i) {
        const auto& token = value[i];
        if (token.is("{") || token.is("(") || token.is("[")) ++depth;
        if (token.is("}") || token.is(")") || token.is("]")) --depth;
        if (depth == 1 && token.kind == PythonToken::Kind::Text && value[i + 1].is(":"))
            add_once(names, token.text);
    }
}

struct AutologMetrics {
    std::string_view module;
    std::array<std::string_view, 5> names;
};

constexpr std::array<AutologMetrics, 3> autolog_metrics{{
    {"sklearn",
     {"training_accuracy_score",
      "training_f1_score",
      "training_log_loss",
      "training_roc_auc",
      "training_score"}},
    {"tensorflow", {"val_accuracy", "val_loss", "accuracy", "loss", ""}},
    {"keras", {"val_accuracy", "val_loss", "accuracy", "loss", ""}},
}};

void add_autolog(std::string_view source, std::vector<std::string>& names) {
    for (const auto& module : imported_modules(source)) {
        for (const auto& known : autolog_metrics) {
            if (module != known.module && !module.starts_with(std::string(known.module) + "."))
                continue;
            for (const auto name : known.names) add_once(names, std::string(name));
        }
    }
}

std::string rounded(double number) {
    return fmt::format("{:.4g}", number);
}

bool is_tried_by_magnitude(std::string_view name, double value) {
    constexpr std::array<std::string_view, 9> names{
        "lr", "learning_rate", "weight_decay", "decay", "alpha", "eps", "epsilon", "l2", "l1"};
    const bool is_known = std::any_of(names.begin(), names.end(), [&](std::string_view known) {
        return name == known || (known.size() > 4 && name.find(known) != std::string_view::npos);
    });
    return value > 0 && (value < 0.05 || (is_known && value < 1));
}

std::string space_of_number(std::string_view name, double value) {
    if (is_tried_by_magnitude(name, value)) {
        return fmt::format(
            "loguniform({},{})", rounded(std::log(value / 10)), rounded(std::log(value * 10)));
    }
    if (value > 0 && value <= 1) {
        return fmt::format(
            "uniform({},{})", rounded(value / 2), rounded(std::min(1.0, value * 1.5)));
    }
    if (value > 0) return fmt::format("uniform({},{})", rounded(value / 2), rounded(value * 2));
    return value == 0 ? "uniform(0,0.5)"
                      : fmt::format("uniform({},{})", rounded(value * 2), rounded(value / 2));
}

std::string space_of_whole(std::int64_t value) {
    if (value >= 2 && value < (std::int64_t{1} << 40U))
        return fmt::format("choice({},{},{})", value / 2, value, value * 2);
    return fmt::format("choice({},{},{})", value, value + 1, value + 2);
}

/// A comma or a bracket divides what is not in quotes.
std::string choice_text(const std::string& value) {
    const bool is_plain = value.find_first_of(",()[]{}\"") == std::string::npos && !value.empty();
    return is_plain ? value : nlohmann::json(value).dump();
}

}  // namespace

std::vector<ScriptOption> script_options(std::string_view source) {
    const auto tokens = python_tokens(source);
    std::vector<ScriptOption> options;
    const auto add = [&](ScriptOption option) {
        const bool is_there =
            std::any_of(options.begin(), options.end(), [&](const ScriptOption& known) {
                return known.name == option.name;
            });
        if (!is_there) options.push_back(std::move(option));
    };
    for (std::size_t i = 1; i < tokens.size(); ++i) {
        if (!is_call(tokens, i)) continue;
        const bool is_argparse = tokens[i].is_name("add_argument") && tokens[i - 1].is(".");
        const bool is_click = tokens[i].is_name("option") && is_decorator(tokens, i);
        if (is_argparse || is_click) {
            if (auto option = declared_option(python_arguments(tokens, i + 1)))
                add(std::move(*option));
        } else if (tokens[i].is_name("Fire") && i + 2 < tokens.size()) {
            for (auto& option : parameters_of(tokens, tokens[i + 2].text)) add(std::move(option));
        }
    }
    return options;
}

LoggedMetrics logged_metrics(std::string_view source) {
    const auto tokens = python_tokens(source);
    LoggedMetrics logged;
    auto& names = logged.names;
    bool logs_by_itself = false;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (!is_call(tokens, i) || (i > 0 && tokens[i - 1].is_name("def"))) continue;
        const auto& name = tokens[i].text;
        const bool is_member = i > 0 && tokens[i - 1].is(".");
        const bool is_one = name == "log_metric" || (name == "log" && is_member);
        const bool is_some = name == "log_metrics" || name == "log_dict";
        logs_by_itself = logs_by_itself || name == "autolog";
        if (!is_one && !is_some) continue;
        const auto arguments = python_arguments(tokens, i + 1);
        if (arguments.empty()) continue;
        if (is_some) {
            const auto before = names.size();
            add_keys(arguments.front().value, names);
            logged.complete = logged.complete && names.size() > before;
            continue;
        }
        auto key = literal_of(arguments, "key");
        if (!key) key = literal_of(arguments, "name");
        const auto& first = arguments.front();
        const bool is_text = first.name.empty() && first.value.size() == 1 &&
                             first.value.front().kind == PythonToken::Kind::Text;
        if (!key && is_text && arguments.size() > 1) key = first.value.front().text;
        if (!key && (name == "log_metric" || arguments.size() > 1)) logged.complete = false;
        if (key) add_once(names, std::move(*key));
    }
    if (!logs_by_itself) return logged;
    logged.complete = false;
    add_autolog(source, names);
    return logged;
}

std::string proposed_space(const ScriptOption& option) {
    if (!option.choices.empty()) {
        std::string text = "choice(";
        for (const auto& choice : option.choices) {
            if (text.back() != '(') text += ',';
            text += choice_text(choice);
        }
        return text + ')';
    }
    const auto number = option.value ? number_of(*option.value) : std::nullopt;
    switch (option.type) {
        case OptionType::Integer:
            if (lower(option.name).find("seed") != std::string::npos) return "choice(1,2,3)";
            if (!number || std::abs(*number) > 1e12) return "choice(1,2,4)";
            return space_of_whole(static_cast<std::int64_t>(*number));
        case OptionType::Number:
            return number ? space_of_number(lower(option.name), *number) : "uniform(0,1)";
        case OptionType::Text:
            break;
    }
    return option.value ? "choice(" + choice_text(*option.value) + ")" : "choice(a,b)";
}

bool is_minimized(std::string_view metric) {
    constexpr std::array<std::string_view, 13> words{"loss",
                                                     "error",
                                                     "mse",
                                                     "mae",
                                                     "mape",
                                                     "rmse",
                                                     "perplexity",
                                                     "wer",
                                                     "cer",
                                                     "fid",
                                                     "nll",
                                                     "seconds",
                                                     "duration"};
    const auto name = lower(metric);
    std::string word;
    const auto is_known = [&] {
        const bool known = std::find(words.begin(), words.end(), word) != words.end();
        word.clear();
        return known;
    };
    for (const char c : name) {
        const bool belongs = std::isalnum(static_cast<unsigned char>(c)) != 0;
        if (belongs) word.push_back(c);
        if (!belongs && is_known()) return true;
    }
    return is_known();
}

}  // namespace aml::runconfig
