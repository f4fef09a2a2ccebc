#pragma once

#include "azure/resource_id.hpp"
#include "features/services.hpp"
#include "features/ui_feature.hpp"

#include <string>
#include <string_view>

namespace aml::features {

/// A version of an asset that was just registered.
struct AssetNews {
    azure::ResourceId workspace{};
    /// `tree::row_kind` of the folder it is listed in.
    std::string_view folder{};
    /// As in ids: "models", "data".
    std::string_view collection{};
    std::string name{};
    std::string version{};
    /// What the user is told, and the button that leads to its row.
    std::string text{};
    std::string show_button{};
};

/// Has the tree list such assets again, and says so with a button that leads there. Throws:
/// Cancelled.
asio::awaitable<void> announce_asset(Services& services, UiFeature& ui, AssetNews news);

}  // namespace aml::features
