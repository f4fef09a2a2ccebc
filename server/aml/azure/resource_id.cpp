#include "azure/resource_id.hpp"

#include "support/text.hpp"

namespace aml::azure {
namespace {

constexpr std::string_view machine_learning = "Microsoft.MachineLearningServices";

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const auto part = text.substr(0, text.find('/'));
        text.remove_prefix(std::min(part.size() + 1, text.size()));
        parts.emplace_back(part);
    }
    return parts;
}

bool has_empty_part(const std::vector<std::string>& parts) {
    for (const auto& part : parts) {
        if (part.empty()) return true;
    }
    return false;
}

}  // namespace

std::optional<ResourceId> ResourceId::parse(std::string_view text) {
    if (!text.starts_with('/')) return std::nullopt;
    text.remove_prefix(1);
    if (text.ends_with('/')) text.remove_suffix(1);
    const auto parts = split(text);
    if (parts.size() < 2 || parts.size() % 2 != 0 || has_empty_part(parts)) return std::nullopt;
    if (!same_name(parts[0], "subscriptions")) return std::nullopt;
    ResourceId id;
    id.subscription_ = parts[1];
    std::size_t next = 2;
    if (next < parts.size() && same_name(parts[next], "resourceGroups")) {
        id.resource_group_ = parts[next + 1];
        next += 2;
    }
    if (next == parts.size()) return id;
    if (!same_name(parts[next], "providers")) return std::nullopt;
    id.provider_ = parts[next + 1];
    for (next += 2; next < parts.size(); next += 2)
        id.segments_.emplace_back(parts[next], parts[next + 1]);
    return id;
}

ResourceId ResourceId::workspace(std::string subscription,
                                 std::string resource_group,
                                 std::string name) {
    ResourceId id;
    id.subscription_ = std::move(subscription);
    id.resource_group_ = std::move(resource_group);
    id.provider_ = machine_learning;
    id.segments_.emplace_back("workspaces", std::move(name));
    return id;
}

ResourceId ResourceId::child(std::string type, std::string name) const {
    ResourceId id = *this;
    id.segments_.emplace_back(std::move(type), std::move(name));
    return id;
}

ResourceId ResourceId::workspace() const {
    ResourceId id = *this;
    for (std::size_t i = 0; i < segments_.size(); ++i) {
        if (!same_name(segments_[i].first, "workspaces")) continue;
        id.segments_.resize(i + 1);
        break;
    }
    return id;
}

const std::string& ResourceId::name() const {
    if (!segments_.empty()) return segments_.back().second;
    return resource_group_.empty() ? subscription_ : resource_group_;
}

std::string ResourceId::type() const {
    return segments_.empty() ? std::string() : segments_.back().first;
}

std::string ResourceId::name_of(std::string_view type) const {
    for (const auto& [key, value] : segments_) {
        if (same_name(key, type)) return value;
    }
    return {};
}

std::string ResourceId::to_string() const {
    if (empty()) return {};
    auto result = "/subscriptions/" + subscription_;
    if (!resource_group_.empty()) result += "/resourceGroups/" + resource_group_;
    if (!provider_.empty()) result += "/providers/" + provider_;
    for (const auto& [type, name] : segments_) result += '/' + type + '/' + name;
    return result;
}

std::string ResourceId::key() const {
    return lower(to_string());
}

}  // namespace aml::azure
