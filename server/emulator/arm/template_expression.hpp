#pragma once

#include "arm/template.hpp"

#include <functional>
#include <string_view>

namespace aml::emulator {

/// What the functions of an expression look up.
struct TemplateNames {
    TemplateScope scope;
    Random& random;
    std::function<json(const std::string& name)> parameter;
    std::function<json(const std::string& name)> variable;
};

/// `/subscriptions/…/providers/{type}/{names}`; a type of several parts takes a name for each.
std::string template_resource_id(const TemplateScope& scope,
                                 std::string_view type,
                                 const std::vector<std::string>& names);

/// `value` with every text that is an expression ("[concat('a', 'b')]") replaced by what it stands
/// for, in all depths. Of `if`, `and` and `or` only what decides is looked at, as in Azure.
/// Throws: Refused (400, InvalidTemplate).
json evaluate_expressions(const json& value, const TemplateNames& names);

/// The refusal of a template. `what` is a sentence.
[[noreturn]] void reject_template(std::string_view what);

}  // namespace aml::emulator
