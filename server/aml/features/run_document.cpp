#include "features/run_document.hpp"

#include "http/url.hpp"
#include "support/error.hpp"
#include "support/json.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace aml::features {
namespace {

using nlohmann::json;

constexpr std::string_view document_scheme = "azureml-run:";

using Kind = RunDocument::Kind;

constexpr std::array document_kinds{
    std::pair{Kind::Code, std::string_view("code")},
    std::pair{Kind::Difference, std::string_view("difference")},
    std::pair{Kind::Configuration, std::string_view("configuration")},
    std::pair{Kind::File, std::string_view("file")},
    std::pair{Kind::LogPart, std::string_view("log")},
    std::pair{Kind::FoundLines, std::string_view("lines")},
    std::pair{Kind::Sent, std::string_view("sent")},
};

std::uint64_t count_in(const json& query, const char* name) {
    const auto found = query.find(name);
    return found != query.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

}  // namespace

std::string uri_of_document(const RunDocument& document, std::string_view name) {
    const auto is_it = [&](const auto& entry) { return entry.first == document.kind; };
    json query{{"show", std::find_if(document_kinds.begin(), document_kinds.end(), is_it)->second},
               {"of", document.owner.to_string()}};
    if (!document.path.empty()) query["path"] = document.path;
    if (!document.other.empty()) query["other"] = document.other.to_string();
    if (document.is_right) query["right"] = true;
    if (document.kind == Kind::LogPart) {
        query["offset"] = document.offset;
        query["line"] = document.line;
    }
    if (!document.text.empty()) query["text"] = document.text;
    if (document.number > 0) query["number"] = document.number;
    return fmt::format("{}/{}?{}",
                       document_scheme,
                       http::percent_encode_path(name),
                       http::percent_encode(query.dump()));
}

RunDocument document_of_uri(std::string_view uri) {
    const auto mark = uri.find('?');
    if (uri.starts_with(document_scheme) && mark != std::string_view::npos) {
        const auto query = json::parse(http::percent_decode(uri.substr(mark + 1)), nullptr, false);
        const auto show = text_of(query, "show");
        const auto is_it = [&](const auto& entry) { return entry.second == show; };
        const auto kind = std::find_if(document_kinds.begin(), document_kinds.end(), is_it);
        auto owner = azure::ResourceId::parse(text_of(query, "of"));
        const bool is_owned = kind != document_kinds.end() && kind->first != Kind::Sent;
        if (kind != document_kinds.end() && is_owned == owner.has_value()) {
            RunDocument document{.kind = kind->first};
            document.owner = std::move(owner).value_or(azure::ResourceId());
            document.path = text_of(query, "path");
            document.other =
                azure::ResourceId::parse(text_of(query, "other")).value_or(azure::ResourceId());
            document.is_right = query.value("right", false);
            document.offset = count_in(query, "offset");
            document.line = count_in(query, "line");
            document.text = text_of(query, "text");
            return document;
        }
    }
    throw Error(ErrorKind::InvalidParams, "/params/uri: expected the address of a text of a run");
}

}  // namespace aml::features
