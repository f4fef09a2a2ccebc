#pragma once

#include "core/json.hpp"
#include "support/random.hpp"

#include <string>
#include <vector>

namespace aml::emulator {

/// What a template is deployed to, as its functions `subscription()` and `resourceGroup()` tell it.
struct TemplateScope {
    std::string subscription;
    std::string tenant;
    std::string group;
    std::string location;
};

/// A resource that a template deploys, with its expressions replaced by their values.
struct TemplateResource {
    std::string id;
    /// `Microsoft.Storage/storageAccounts`.
    std::string type;
    std::string name;
    /// `location`, `tags`, `kind`, `sku`, `identity`, `properties`, as far as they are there.
    json body = json::object();
};

/// The resources that a deployment's `template` and `parameters` describe, each after those it
/// depends on; without those whose condition is false. Knows the functions that the templates of
/// azure-ai-ml and of this project need; `uniqueString` and `guid` give other texts than Azure's.
/// Throws: Refused (400, InvalidTemplate) naming what is wrong or not known.
/// Source: Azure Resource Manager, template structure and functions (schema 2019-04-01).
std::vector<TemplateResource> evaluate_template(const json& properties,
                                                const TemplateScope& scope,
                                                Random& random);

}  // namespace aml::emulator
