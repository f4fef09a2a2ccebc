#include "web/faults.hpp"

#include "core/text.hpp"
#include "support/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

namespace aml::emulator {
namespace {

constexpr std::array<std::string_view, 16> known_keys{"comment",
                                                      "method",
                                                      "route",
                                                      "stage",
                                                      "status",
                                                      "headers",
                                                      "body",
                                                      "delayMs",
                                                      "reset",
                                                      "truncate",
                                                      "cut",
                                                      "trickleMs",
                                                      "expired",
                                                      "retryAfterDate",
                                                      "times",
                                                      "after"};

[[noreturn]] void reject_rules(const std::string& where, std::string_view what) {
    throw Error(ErrorKind::InvalidParams, fmt::format("{}: {}.", where, what));
}

std::size_t read_count(const json& rule,
                       const char* key,
                       const std::string& where,
                       std::size_t fallback) {
    if (!rule.contains(key)) return fallback;
    const auto& value = rule.at(key);
    if (!value.is_number_unsigned())
        reject_rules(where, fmt::format("\"{}\" must be a whole number that is not negative", key));
    return value.get<std::size_t>();
}

bool read_flag(const json& rule, const char* key, const std::string& where) {
    if (!rule.contains(key)) return false;
    if (!rule.at(key).is_boolean())
        reject_rules(where, fmt::format("\"{}\" must be true or false", key));
    return rule.at(key).get<bool>();
}

std::vector<std::string> read_methods(const json& rule, const std::string& where) {
    if (!rule.contains("method")) return {};
    const auto& value = rule.at("method");
    const auto list = value.is_array() ? value : json::array({value});
    std::vector<std::string> methods;
    for (const auto& item : list) {
        if (!item.is_string())
            reject_rules(where, "\"method\" must be a method such as \"PUT\" or a list of them");
        methods.push_back(to_upper(item.get<std::string>()));
    }
    return methods;
}

Headers read_headers(const json& rule, const std::string& where) {
    Headers headers;
    if (!rule.contains("headers")) return headers;
    if (!rule.at("headers").is_object())
        reject_rules(where, "\"headers\" must be an object of texts");
    for (const auto& [name, value] : rule.at("headers").items()) {
        if (!value.is_string())
            reject_rules(where, fmt::format("\"headers\".\"{}\" must be a text", name));
        headers.add(name, value.get<std::string>());
    }
    return headers;
}

bool needs_reply(const Fault& fault) {
    return fault.damage == Damage::Truncate || fault.cut || fault.trickle.count() > 0;
}

/// The one thing, besides a delay, that is done to the exchange.
void read_damage(Fault& fault, const json& rule, const std::string& where) {
    const bool reset = read_flag(rule, "reset", where);
    const bool truncate = read_flag(rule, "truncate", where);
    fault.cut = read_flag(rule, "cut", where);
    fault.expired = read_flag(rule, "expired", where);
    fault.trickle = std::chrono::milliseconds(read_count(rule, "trickleMs", where, 0));
    const auto chosen = int{fault.status.has_value()} + int{reset} + int{truncate} +
                        int{fault.cut} + int{fault.expired} + int{fault.trickle.count() > 0};
    if (chosen > 1)
        reject_rules(
            where,
            "choose one of \"status\", \"reset\", \"truncate\", \"cut\", \"trickleMs\" and "
            "\"expired\"");
    if (chosen == 0 && fault.delay.count() == 0)
        reject_rules(where,
                     "it does nothing: give \"status\", \"reset\", \"truncate\", \"cut\", "
                     "\"trickleMs\", \"expired\" or \"delayMs\"");
    if (reset) fault.damage = Damage::Reset;
    if (truncate) fault.damage = Damage::Truncate;
}

Fault read_fault(const json& rule, const std::string& where) {
    Fault fault;
    fault.delay = std::chrono::milliseconds(read_count(rule, "delayMs", where, 0));
    fault.headers = read_headers(rule, where);
    if (rule.contains("body")) fault.body = rule.at("body");
    if (rule.contains("status")) {
        const auto& status = rule.at("status");
        if (!status.is_number_integer() || status < 200 || status > 599)
            reject_rules(where, "\"status\" must be a number from 200 to 599");
        fault.status = status.get<int>();
    }
    read_damage(fault, rule, where);
    if (rule.contains("retryAfterDate"))
        fault.retry_after_date = std::chrono::seconds(read_count(rule, "retryAfterDate", where, 0));
    const bool decorated = fault.body || !fault.headers.empty() || fault.retry_after_date;
    if (!fault.status && decorated)
        reject_rules(where, "\"headers\", \"retryAfterDate\" and \"body\" need a \"status\"");
    const bool late = needs_reply(fault);
    const auto stage = rule.value("stage", json(late ? "after" : "before"));
    if (stage != "before" && stage != "after")
        reject_rules(where, "\"stage\" must be \"before\" or \"after\"");
    if (late && stage == "before")
        reject_rules(
            where,
            "\"truncate\", \"cut\" and \"trickleMs\" need the \"stage\" \"after\": there must "
            "be a reply to damage");
    fault.stage = stage == "before" ? Fault::Stage::Before : Fault::Stage::After;
    return fault;
}

}  // namespace

std::string Fault::kind() const {
    if (status && retry_after_date) return fmt::format("status {} with a date", *status);
    if (status) return fmt::format("status {}", *status);
    if (expired) return "expired";
    if (trickle.count() > 0) return "trickle";
    if (cut) return "cut";
    switch (damage) {
        case Damage::Reset:
            return stage == Stage::After ? "reset after" : "reset";
        case Damage::Truncate:
            return "truncate";
        case Damage::None:
            return "delay";
    }
    return {};
}

bool matches_route(std::string_view pattern, std::string_view path) {
    while (!pattern.empty()) {
        if (pattern.front() != '*') {
            if (path.empty() || !same_text(pattern.substr(0, 1), path.substr(0, 1))) return false;
            pattern.remove_prefix(1);
            path.remove_prefix(1);
            continue;
        }
        const bool crosses = pattern.starts_with("**");
        pattern.remove_prefix(crosses ? 2 : 1);
        for (std::size_t skip = 0; skip <= path.size(); ++skip) {
            if (matches_route(pattern, path.substr(skip))) return true;
            if (skip < path.size() && path[skip] == '/' && !crosses) return false;
        }
        return false;
    }
    return path.empty();
}

Faults Faults::load(const std::filesystem::path& file) {
    std::ifstream input(file, std::ios::binary);
    if (!input)
        throw Error(ErrorKind::InvalidParams,
                    fmt::format("Cannot read the fault rules {}.", file.string()));
    const std::string text((std::istreambuf_iterator<char>(input)),
                           std::istreambuf_iterator<char>());
    return parse(text, file.string());
}

Faults Faults::parse(std::string_view text, std::string_view name) {
    json document;
    try {
        document = json::parse(text);
    } catch (const json::parse_error& error) {
        reject_rules(std::string(name), fmt::format("it is not JSON ({})", error.what()));
    }
    if (!document.is_object() || !document.contains("rules") || !document.at("rules").is_array()) {
        reject_rules(std::string(name), "an object with a list \"rules\" is expected");
    }
    for (const auto& [key, value] : document.items()) {
        if (key != "rules" && key != "seed" && key != "comment" && key != "clockSkewMs")
            reject_rules(std::string(name), fmt::format("unknown key \"{}\"", key));
    }
    Faults faults;
    const auto skew = document.value("clockSkewMs", json(0));
    if (!skew.is_number_integer())
        reject_rules(std::string(name), "\"clockSkewMs\" must be a whole number");
    faults.clock_skew_ = std::chrono::milliseconds(skew.get<std::int64_t>());
    faults.random_.seed(read_count(document, "seed", std::string(name), 0));
    for (const auto& value : document.at("rules")) {
        faults.rules_.push_back(
            read_rule(value, fmt::format("{}: rule {}", name, faults.rules_.size() + 1)));
    }
    return faults;
}

Faults::Rule Faults::read_rule(const json& value, const std::string& where) {
    if (!value.is_object()) reject_rules(where, "an object is expected");
    for (const auto& [key, ignored] : value.items()) {
        if (key != "probability" &&
            std::find(known_keys.begin(), known_keys.end(), key) == known_keys.end()) {
            reject_rules(where, fmt::format("unknown key \"{}\"", key));
        }
    }
    if (!value.contains("route") || !value.at("route").is_string())
        reject_rules(where, "\"route\" is missing; \"**\" matches every path");
    Rule rule;
    rule.route = value.at("route").get<std::string>();
    rule.methods = read_methods(value, where);
    rule.fault = read_fault(value, where);
    rule.after = read_count(value, "after", where, 0);
    if (value.contains("times")) rule.times = read_count(value, "times", where, 0);
    if (value.contains("probability")) {
        const auto& probability = value.at("probability");
        if (!probability.is_number() || probability < 0 || probability > 1)
            reject_rules(where, "\"probability\" must be a number from 0 to 1");
        rule.probability = probability.get<double>();
    }
    return rule;
}

std::optional<Fault> Faults::match(std::string_view method, std::string_view path) {
    for (auto& rule : rules_) {
        const bool any = rule.methods.empty();
        if (!any &&
            std::find(rule.methods.begin(), rule.methods.end(), method) == rule.methods.end())
            continue;
        if (!matches_route(rule.route, path)) continue;
        if (rule.matched++ < rule.after || (rule.times && rule.fired >= *rule.times)) continue;
        constexpr double range = 18446744073709551616.0;
        if (rule.probability < 1 && static_cast<double>(random_()) / range >= rule.probability)
            continue;
        ++rule.fired;
        return rule.fault;
    }
    return std::nullopt;
}

}  // namespace aml::emulator
