#include "workspace/names.hpp"

#include "azure/computes.hpp"
#include "azure/run_history.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <algorithm>

namespace aml::workspace {
namespace {

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_alphanumeric(char c) {
    return is_letter(c) || is_digit(c);
}

}  // namespace

std::optional<std::string> check_experiment_name(std::string_view name) {
    if (name.empty()) return localize("Type a name for the experiment.");
    auto problem = azure::experiment_name_problem(name);
    if (problem.empty()) return std::nullopt;
    return problem;
}

std::optional<std::string> check_compute_name(std::string_view name,
                                              const std::vector<std::string>& taken) {
    if (name.empty()) return localize("Type a name for the compute.");
    if (auto problem = azure::compute_name_problem(name); !problem.empty()) return problem;
    for (const auto& other : taken) {
        if (same_name(name, other)) {
            return localize("The workspace already has a compute named {}.", other);
        }
    }
    return std::nullopt;
}

std::string free_compute_name(std::string_view base, const std::vector<std::string>& taken) {
    std::string name(base);
    for (char suffix = 'b'; suffix <= 'z' && check_compute_name(name, taken); ++suffix) {
        name = std::string(base) + suffix;
    }
    return name;
}

std::string name_from(std::string_view text) {
    std::string name;
    for (const char c : text) {
        const bool keep = is_alphanumeric(c) || ((c == '-' || c == '_') && !name.empty());
        if (keep) {
            name += c;
        } else if (!name.empty() && name.back() != '-') {
            name += '-';
        }
    }
    while (!name.empty() && !is_alphanumeric(name.back())) name.pop_back();
    if (name.size() > 255) name.resize(255);
    return name.empty() ? "experiment" : name;
}

}  // namespace aml::workspace
