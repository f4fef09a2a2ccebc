#include "arm/template.hpp"

#include "arm/site.hpp"
#include "arm/template_expression.hpp"
#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

namespace aml::emulator {
namespace {

class Template {
public:
    Template(const json& properties, TemplateScope scope, Random& random)
        : document_(value_at(properties, "template")),
          declared_(value_at(document_, "parameters")),
          given_(value_at(properties, "parameters")),
          variables_(value_at(document_, "variables")),
          names_{std::move(scope),
                 random,
                 [this](const std::string& name) { return parameter(name); },
                 [this](const std::string& name) { return variable(name); }} {
        if (!document_.is_object()) reject_template("The template is missing.");
        check_parameters();
    }

    std::vector<TemplateResource> resources() {
        std::vector<Described> described;
        for (const auto& source : value_at(document_, "resources")) {
            if (!is_wanted(source)) continue;
            described.push_back(describe(source));
        }
        return in_order(std::move(described));
    }

private:
    struct Described {
        TemplateResource resource;
        std::vector<std::string> needs;
    };

    void check_parameters() {
        for (const auto& [name, given] : given_.items()) {
            if (!declared_.is_object() || !declared_.contains(name))
                reject_template(
                    fmt::format("The following parameters were supplied, but do not "
                                "correspond to any parameters defined in the template: "
                                "'{}'.",
                                name));
        }
        if (!declared_.is_object()) return;
        for (const auto& [name, declaration] : declared_.items()) {
            const auto value = parameter(name);
            const auto allowed = value_at(declaration, "allowedValues");
            if (allowed.is_array() &&
                std::find(allowed.begin(), allowed.end(), value) == allowed.end()) {
                reject_template(
                    fmt::format("The provided value '{}' for the template parameter '{}' is not "
                                "valid: it is not part of the allowed value(s).",
                                value.dump(),
                                name));
            }
        }
    }

    json parameter(const std::string& name) {
        const auto known = parameters_.find(name);
        if (known != parameters_.end()) return known->second;
        if (!declared_.is_object() || !declared_.contains(name))
            reject_template(fmt::format("The template parameter '{}' is not found.", name));
        auto value = value_at(value_at(given_, name), "value");
        // As in Azure, null stands for the default.
        if (value.is_null()) {
            const auto& declaration = declared_[name];
            if (!declaration.contains("defaultValue"))
                reject_template(fmt::format(
                    "The value for the template parameter '{}' is not provided.", name));
            value = guarded(name, declaration["defaultValue"]);
        }
        return parameters_[name] = value;
    }

    json variable(const std::string& name) {
        if (!variables_.is_object() || !variables_.contains(name))
            reject_template(fmt::format("The template variable '{}' is not found.", name));
        return guarded(name, variables_[name]);
    }

    /// Refuses names that stand for themselves.
    json guarded(const std::string& name, const json& value) {
        if (++depth_ > deepest) reject_template(fmt::format("'{}' is defined by itself.", name));
        auto result = evaluate_expressions(value, names_);
        --depth_;
        return result;
    }

    bool is_wanted(const json& source) {
        const auto condition = value_at(source, "condition");
        if (condition.is_null()) return true;
        const auto value = evaluate_expressions(condition, names_);
        return value == true || (value.is_string() && same_text(value.get<std::string>(), "true"));
    }

    Described describe(const json& source) {
        for (const auto& child : value_at(source, "resources")) {
            if (is_wanted(child))
                reject_template(fmt::format("A resource of type '{}' below another is not known.",
                                            text_at(child, "type")));
        }
        Described found;
        auto& resource = found.resource;
        resource.type = text_at(source, "type");
        resource.name = text_from(evaluate_expressions(value_at(source, "name"), names_));
        if (resource.type.find('/') == std::string::npos || resource.name.empty())
            reject_template("A resource lacks its type or name.");
        resource.id = template_resource_id(names_.scope, resource.type, {resource.name});
        for (const auto* key : {"location", "tags", "kind", "sku", "identity", "properties"}) {
            if (source.contains(key))
                resource.body[key] = evaluate_expressions(source[key], names_);
        }
        for (const auto& need : value_at(source, "dependsOn"))
            found.needs.push_back(to_lower(text_from(evaluate_expressions(need, names_))));
        return found;
    }

    static std::string text_from(const json& value) {
        return value.is_string() ? value.get<std::string>() : std::string();
    }

    /// What is not deployed need not be waited for.
    static std::vector<TemplateResource> in_order(std::vector<Described> rest) {
        std::vector<TemplateResource> ordered;
        while (!rest.empty()) {
            const auto waits = [&](const Described& one) {
                return std::any_of(rest.begin(), rest.end(), [&](const Described& other) {
                    const auto id = to_lower(other.resource.id);
                    return std::find(one.needs.begin(), one.needs.end(), id) != one.needs.end();
                });
            };
            const auto next = std::find_if_not(rest.begin(), rest.end(), waits);
            if (next == rest.end()) reject_template("Circular dependency detected on resource.");
            ordered.push_back(std::move(next->resource));
            rest.erase(next);
        }
        return ordered;
    }

    static constexpr int deepest = 50;
    json document_;
    json declared_;
    json given_;
    json variables_;
    std::map<std::string, json> parameters_;
    int depth_ = 0;
    TemplateNames names_;
};

}  // namespace

std::vector<TemplateResource> evaluate_template(const json& properties,
                                                const TemplateScope& scope,
                                                Random& random) {
    return Template(properties, scope, random).resources();
}

}  // namespace aml::emulator
