#include "azure/page_reader.hpp"

#include "http/url.hpp"

namespace aml::azure {

void PageTrail::go_on(const LocalizedText& operation, const std::string& place) {
    if (place == remembered_) {
        throw Error(
            ErrorKind::AzureFailed,
            localize("Cannot {}: the list has no end, since its pages lead in a circle; try "
                     "again later.",
                     operation));
    }
    if (++steps_ < limit_) return;
    remembered_ = place;
    steps_ = 0;
    limit_ *= 2;
}

std::string with_continuation(const std::string& url, std::string_view token) {
    constexpr std::string_view name = "continuationToken=";
    auto result = url;
    const auto start = result.find(name);
    if (start != std::string::npos) {
        const auto end = result.find('&', start);
        result.erase(start - 1, end == std::string::npos ? end : end - start + 1);
        // The first pair of a query leaves its question mark to the next.
        if (result.find('?') == std::string::npos && result.find('&') != std::string::npos) {
            result[result.find('&')] = '?';
        }
    }
    return http::with_query(std::move(result), {{"continuationToken", std::string(token)}});
}

}  // namespace aml::azure
