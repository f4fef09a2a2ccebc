#include "runconfig/other_kind.hpp"

#include "support/text.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace aml::runconfig {

namespace {

struct NamedKind {
    /// Of schemas the end of their names, in lower case.
    std::string_view name;
    Localizable what;
    std::string_view cli_group = {};
};

constexpr auto a_compute = Localizable("a compute");
constexpr auto a_data_asset = Localizable("a data asset");
constexpr auto a_datastore = Localizable("a datastore");
constexpr auto a_deployment = Localizable("a deployment");
constexpr auto an_endpoint = Localizable("an endpoint");
constexpr auto a_model = Localizable("a model");
constexpr auto a_workspace = Localizable("a workspace");

/// The first that fits counts.
constexpr std::array kinds_of_schemas{
    NamedKind{"environment", Localizable("an environment"), "environment"},
    NamedKind{"component", Localizable("a component"), "component"},
    NamedKind{"compute", a_compute, "compute"},
    NamedKind{"computeinstance", a_compute, "compute"},
    NamedKind{"mltable", a_data_asset, "data"},
    NamedKind{"data", a_data_asset, "data"},
    NamedKind{"model", a_model, "model"},
    NamedKind{"datastore", a_datastore, "datastore"},
    NamedKind{"azureblob", a_datastore, "datastore"},
    NamedKind{"azurefile", a_datastore, "datastore"},
    NamedKind{"azuredatalakegen1", a_datastore, "datastore"},
    NamedKind{"azuredatalakegen2", a_datastore, "datastore"},
    NamedKind{"onelake", a_datastore, "datastore"},
    NamedKind{"batchendpoint", an_endpoint, "batch-endpoint"},
    NamedKind{"onlineendpoint", an_endpoint, "online-endpoint"},
    NamedKind{"endpoint", an_endpoint},
    NamedKind{"batchdeployment", a_deployment, "batch-deployment"},
    NamedKind{"onlinedeployment", a_deployment, "online-deployment"},
    NamedKind{"deployment", a_deployment},
    NamedKind{"schedule", Localizable("a schedule"), "schedule"},
    NamedKind{"registry", Localizable("a registry"), "registry"},
    NamedKind{"connection", Localizable("a connection"), "connection"},
    NamedKind{"workspace", a_workspace, "workspace"},
    NamedKind{"hub", a_workspace, "workspace"},
    NamedKind{"project", a_workspace, "workspace"},
    NamedKind{"featurestore", Localizable("a feature store"), "feature-store"},
    NamedKind{"featureset", Localizable("a feature set"), "feature-set"},
    NamedKind{"featurestoreentity", Localizable("a feature store entity"), "feature-store-entity"},
};

constexpr std::array kinds_of_types{
    NamedKind{"amlcompute", a_compute, "compute"},
    NamedKind{"computeinstance", a_compute, "compute"},
    NamedKind{"kubernetes", a_compute, "compute"},
    NamedKind{"synapsespark", a_compute, "compute"},
    NamedKind{"virtualmachine", a_compute, "compute"},
    NamedKind{"azure_blob", a_datastore, "datastore"},
    NamedKind{"azure_data_lake_gen1", a_datastore, "datastore"},
    NamedKind{"azure_data_lake_gen2", a_datastore, "datastore"},
    NamedKind{"azure_file", a_datastore, "datastore"},
    NamedKind{"one_lake", a_datastore, "datastore"},
    NamedKind{"mltable", a_data_asset, "data"},
    NamedKind{"uri_file", a_data_asset, "data"},
    NamedKind{"uri_folder", a_data_asset, "data"},
    NamedKind{"custom_model", a_model, "model"},
    NamedKind{"mlflow_model", a_model, "model"},
    NamedKind{"triton_model", a_model, "model"},
};

OtherKind named(const NamedKind& kind, std::string_view key, const Node& value) {
    return {localize(kind.what), kind.cli_group, key, &value};
}

bool is_azure_address(std::string_view address) {
    const auto host = address.find("://");
    if (host == std::string_view::npos) return false;
    address.remove_prefix(host + 3);
    return address.starts_with("azuremlschemas.azureedge.net/") ||
           address.starts_with("azuremlschemasprod.azureedge.net/");
}

constexpr std::string_view schema_ending = ".schema.json";

std::optional<OtherKind> kind_of_schema(const Node& schema) {
    const auto file = schema.text.substr(schema.text.find_last_of('/') + 1);
    auto name = lower(file);
    if (!name.ends_with(schema_ending)) return std::nullopt;
    name.resize(name.size() - schema_ending.size());
    if (name.ends_with("job")) return std::nullopt;
    for (const auto& kind : kinds_of_schemas) {
        if (name.ends_with(kind.name)) return named(kind, "$schema", schema);
    }
    if (!is_azure_address(schema.text)) return std::nullopt;
    return OtherKind{localize("what {} describes", file), {}, "$schema", &schema};
}

}  // namespace

std::optional<OtherKind> other_kind(const Node& root) {
    if (const auto* schema = root.find_text("$schema")) {
        if (auto kind = kind_of_schema(*schema)) return kind;
        if (is_azure_address(schema->text)) return std::nullopt;
    }
    if (const auto* type = root.find_text("type")) {
        const auto word = lower(type->text);
        const auto* found = std::find_if(kinds_of_types.begin(),
                                         kinds_of_types.end(),
                                         [&](const NamedKind& kind) { return kind.name == word; });
        if (found != kinds_of_types.end()) return named(*found, "type", *type);
    }
    const auto* kind = root.find_text("kind");
    if (kind == nullptr || root.find_text("apiVersion") == nullptr) return std::nullopt;
    return OtherKind{localize("a Kubernetes object of the kind {}", kind->text), {}, "kind", kind};
}

bool has_shape_of_job(const Node& root) {
    struct Shape {
        std::string_view type;
        std::string_view key;
    };

    constexpr std::array shapes{
        Shape{"command", "command"}, Shape{"sweep", "trial"}, Shape{"pipeline", "jobs"}};
    const auto* type = root.find_text("type");
    if (type == nullptr) return false;
    const auto word = lower(type->text);
    const bool fits = std::any_of(shapes.begin(), shapes.end(), [&](const Shape& shape) {
        return shape.type == word && root.find(shape.key) != nullptr;
    });
    const bool is_component =
        root.find("version") != nullptr || root.find("is_deterministic") != nullptr;
    return fits && !is_component;
}

bool has_azure_schema(const Node& root) {
    const auto* schema = root.find_text("$schema");
    return schema != nullptr && is_azure_address(schema->text);
}

}  // namespace aml::runconfig
