#pragma once

#include "core/context.hpp"
#include "web/message.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aml::emulator {

/// A link above a page's title.
struct Crumb {
    std::string text;
    std::string address;
};

/// What a page is made of. `body` is HTML; everything else is text.
struct Page {
    std::string title;
    std::vector<Crumb> crumbs;
    std::string body;
    /// The page fetches itself again every other second and shows what changed.
    bool live = false;
};

/// The whole page: styles and script inside, nothing loaded from elsewhere.
Reply render(const Page& page, int status = 200);

/// The segment after `name` in an ARM id, in whatever case: `w` of `…/workspaces/w/…`; "" if none.
std::string id_segment(std::string_view id, std::string_view name);

/// `?wsid=…` for links to pages of the workspace.
std::string workspace_parameter(const Workspace& workspace);

/// The workspace that `wsid` names, short or as an ARM id; the first one without `wsid`.
std::optional<Workspace> find_workspace(Context& context, std::string_view wsid);

/// A run's status as a coloured badge.
std::string badge(std::string_view status);

/// `2 min 5 s` between two times.
std::string span_text(Time start, Time end);

/// `2026-01-01 08:04:15 UTC`
std::string time_text(Time time);

/// `12.3 MB`
std::string size_text(std::uint64_t bytes);

}  // namespace aml::emulator
