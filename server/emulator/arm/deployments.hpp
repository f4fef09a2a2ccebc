#pragma once

#include "arm/site.hpp"
#include "arm/template.hpp"

namespace aml::emulator {

/// A deployment of a template to a resource group.
struct Deployment {
    std::string subscription;
    std::string group;
    std::string name;
    /// Running, Succeeded, Failed.
    std::string state = "Running";
    Time started;
    Time ended;
    /// `parameters`, `correlationId`, `resources` (ids, types, names), and once it failed, or
    /// will, `failure`: the error of a resource, with its id.
    json body = json::object();

    std::string id() const;
};

/// Deployments of templates to resource groups, by which the official tools make workspaces, and
/// the resources beside a workspace that they make. Source: Microsoft.Resources Deployments and
/// Deployment Operations, 2024-07-01.
class Deployments final {
public:
    explicit Deployments(Site& site);

    void add_routes();

private:
    Reply put(const Request& request);
    Reply get(const Request& request);
    Reply list_operations(const Request& request);
    Reply operation_status(const Request& request);
    Reply get_resource(const Request& request);
    Reply remove_resource(const Request& request);

    std::optional<Deployment> find(std::string_view id);
    Deployment require(const Request& request);
    void save(const Deployment& deployment);
    /// Makes what the template describes; the first refusal ends it and is kept in the deployment.
    void deploy(const Request& request,
                const ResourceGroup& group,
                const std::vector<TemplateResource>& resources,
                Deployment& deployment);
    void deploy_one(const Request& request,
                    const ResourceGroup& group,
                    const TemplateResource& resource);
    /// The error that the deployment ended with; null when it succeeded.
    json finish(std::string_view id);

    Site& site_;
};

}  // namespace aml::emulator
