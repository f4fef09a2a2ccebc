#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aml::azure {

/// A parsed ARM resource id:
/// `/subscriptions/{s}/resourceGroups/{g}/providers/{namespace}/{type}/{name}/…`. Compares without
/// regard to case, as ARM does. Keeps the case it was given for display.
class ResourceId final {
public:
    using Segment = std::pair<std::string, std::string>;

    ResourceId() = default;

    /// Empty when `text` is not such an id (a group-less id such as `/subscriptions/{s}` is
    /// accepted).
    static std::optional<ResourceId> parse(std::string_view text);

    /// Id of a workspace of Azure Machine Learning.
    static ResourceId workspace(std::string subscription,
                                std::string resource_group,
                                std::string name);

    /// The id of a resource below this one, e.g. `child("jobs", "brave_fig_0")`.
    ResourceId child(std::string type, std::string name) const;
    /// This id without everything below the first `workspaces` segment; itself when it has none.
    ResourceId workspace() const;

    const std::string& subscription() const { return subscription_; }

    const std::string& resource_group() const { return resource_group_; }

    const std::string& provider() const { return provider_; }

    /// The last name, e.g. "brave_fig_0"; the group's or subscription's when there is no resource.
    const std::string& name() const;
    /// The last type, e.g. "jobs"; empty when there is no resource.
    std::string type() const;
    /// The name that follows `type` ("environments" → "sklearn"); empty when there is none. Ignores
    /// case.
    std::string name_of(std::string_view type) const;

    bool empty() const { return subscription_.empty(); }

    /// The canonical text, in the case given, with `resourceGroups` spelled so.
    std::string to_string() const;
    /// The text in lower case: equal ids have equal keys.
    std::string key() const;

    friend bool operator==(const ResourceId& left, const ResourceId& right) {
        return left.key() == right.key();
    }

    friend std::weak_ordering operator<=>(const ResourceId& left, const ResourceId& right) {
        return left.key() <=> right.key();
    }

private:
    std::string subscription_;
    std::string resource_group_;
    std::string provider_;
    std::vector<Segment> segments_;
};

}  // namespace aml::azure
