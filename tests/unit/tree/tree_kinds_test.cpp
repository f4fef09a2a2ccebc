#include "tree/tree_kinds.hpp"

#include "tree/tree_node.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <string>

using namespace aml;
using namespace aml::tree;

namespace {

using Kinds = std::set<std::string>;

Kinds kinds_with(const std::function<bool(const TreeKind&)>& property) {
    Kinds ids;
    for (const auto& kind : tree_kinds()) {
        if (property(kind)) ids.emplace(kind.id);
    }
    return ids;
}

/// The kinds that a condition of a menu names: `viewItem == a` or `viewItem =~ /^(a|b)$/`.
Kinds named_in(const std::string& when) {
    Kinds ids;
    if (const auto at = when.find("viewItem == "); at != std::string::npos) {
        ids.insert(when.substr(at + 12));
        return ids;
    }
    const std::string opening = "viewItem =~ /^(";
    const auto at = when.find(opening);
    CAPTURE(when);
    REQUIRE(at != std::string::npos);
    REQUIRE(when.ends_with(")$/"));
    auto rest = when.substr(at + opening.size(), when.size() - at - opening.size() - 3) + "|";
    std::erase(rest, '\\');
    for (std::size_t end = 0; (end = rest.find('|')) != std::string::npos; rest.erase(0, end + 1))
        ids.insert(rest.substr(0, end));
    return ids;
}

std::string condition_for(const Kinds& kinds) {
    std::string names;
    for (const auto& kind : kinds) {
        for (const char c : kind) names += c == '.' ? "\\\\." : std::string(1, c);
        names += '|';
    }
    names.pop_back();
    return "viewItem =~ /^(" + names + ")$/";
}

}  // namespace

TEST_CASE("a kind has all that its place in the tree needs") {
    const auto all = kinds_with([](const TreeKind&) { return true; });
    for (const auto& kind : tree_kinds()) {
        CAPTURE(kind.id);
        if (!kind.parent.empty()) CHECK(all.contains(std::string(kind.parent)));
        CHECK(kind.failed.english().empty() == (kind.list == nullptr));
        const bool has_files = kind.id == row_kind::active_run || kind.id == row_kind::final_run;
        CHECK(kind.nothing.english().empty() == (kind.list == nullptr || has_files));
        if (kind.is_folder()) {
            CHECK(kind.place.front() == '#');
            CHECK((kind.list != nullptr));
            CHECK(!kind.icon.empty());
            CHECK(kind.refreshes);
        }
        if (!kind.detail_place.empty()) CHECK(kind.place == kind_of(kind.parent).place);
    }
    CHECK((kind_of("nonsense").list == nullptr));
}

TEST_CASE("a row's page names it, and is the workspace's own as long as it cannot") {
    CHECK(page_path(kind_of(row_kind::compute), "cpu") == "/compute/cpu/details");
    CHECK(page_path(kind_of(row_kind::model), "m", "3") == "/model/m:3/details");
    CHECK(page_path(kind_of(row_kind::model), "m") == "/home");
    CHECK(page_path(kind_of(row_kind::workspace), "w") == "/home");
    CHECK(page_path(kind_of(row_kind::datastore), "d") == "/home");
}

TEST_CASE("the menus in the manifest are those that the table of kinds gives") {
    std::ifstream file(AML_SOURCE_DIR "/package.json");
    const auto manifest = nlohmann::json::parse(file);
    const auto all = kinds_with([](const TreeKind&) { return true; });
    const Kinds runs{std::string(row_kind::active_run), std::string(row_kind::final_run)};
    const auto has_details =
        kinds_with([](const TreeKind& kind) { return kind.details != nullptr; });
    const auto has_page = kinds_with([](const TreeKind& kind) { return !kind.page.empty(); });
    auto has_page_as_resource = has_page;
    for (const auto& run : runs) has_page_as_resource.erase(run);
    std::map<std::string, Kinds> missing{
        {"azureml.viewDetails", has_details},
        {"azureml.copyName", has_details},
        {"azureml.copyId", has_details},
        {"azureml.copyLink", has_page},
        {"azureml.openInPortal", has_page_as_resource},
        {"azureml.run.openInPortal", runs},
        {"azureml.run.showLog", runs},
        {"azureml.tree.refresh", kinds_with([](const TreeKind& kind) { return kind.refreshes; })}};
    const auto wanted = missing;
    for (const auto& item : manifest["contributes"]["menus"]["view/item/context"]) {
        const auto command = item["command"].get<std::string>();
        const auto named = named_in(item["when"].get<std::string>());
        CAPTURE(command);
        for (const auto& kind : named) {
            CAPTURE(kind);
            CHECK_MESSAGE(all.contains(kind), "no such kind in tree_kinds.cpp");
        }
        const auto known = wanted.find(command);
        if (known == wanted.end()) continue;
        missing.erase(command);
        CHECK_MESSAGE(
            named == known->second, "write in package.json: ", condition_for(known->second));
    }
    for (const auto& entry : missing) FAIL_CHECK(entry.first, " has no menu");
}
