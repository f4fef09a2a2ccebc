#pragma once

#include "arm/site.hpp"

#include <string>

namespace aml::emulator {

/// One kind of versioned asset: `models`, `environments` … Containers hold versions.
struct AssetKind {
    /// Path segment and first part of the type.
    std::string collection;
    /// Checks and completes a version's properties before it is stored. `previous` is null for a
    /// new version. Throws: Refused.
    json (*complete)(const Request& request, json properties, const json& previous) = nullptr;
    /// 201 for a repeated PUT too, as environments answer.
    bool always_created = false;
    /// Puts the address in a version's properties into the form in which it is kept. Throws:
    /// Refused.
    void (*settle)(Site& site,
                   const Workspace& workspace,
                   const Request& request,
                   json& properties) = nullptr;
};

/// Lists, versions, PUT, DELETE and archiving, which all asset kinds share.
/// Source: *Containers and *Versions of models, data, environments, codes, components, 2025-12-01
/// and 2024-04-01.
class Assets final {
public:
    Assets(Site& site, AssetKind kind)
        : site_(site),
          kind_(std::move(kind)) {}

    void add_routes();

private:
    Reply list_containers(const Request& request);
    Reply get_container(const Request& request);
    Reply put_container(const Request& request);
    Reply list_versions(const Request& request);
    Reply get_version(const Request& request);
    Reply put_version(const Request& request);
    Reply remove_version(const Request& request);
    Reply remove_container(const Request& request);

    std::string version_type() const { return kind_.collection + "/versions"; }

    Resource require_container(const Workspace& workspace, const Request& request);
    void note_version(const Request& request, const Workspace& workspace, const Resource& version);
    Reply list(const Request& request,
               const std::string& type,
               const std::string& name,
               bool newest_first);

    Site& site_;
    AssetKind kind_;
};

/// All asset kinds with their rules.
std::vector<AssetKind> asset_kinds();

}  // namespace aml::emulator
