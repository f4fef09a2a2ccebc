#include "features/log_address.hpp"

#include "features/run_id.hpp"
#include "http/url.hpp"
#include "support/error.hpp"

#include <algorithm>
#include <utility>

namespace aml::features {
namespace {

constexpr std::string_view log_scheme = "azureml-log:";

/// A field of a form, as `URLSearchParams` writes one.
std::string form_field(std::string_view query, std::string_view name) {
    while (!query.empty()) {
        const auto end = std::min(query.find('&'), query.size());
        const auto field = query.substr(0, end);
        const auto equals = std::min(field.find('='), field.size());
        if (field.substr(0, equals) == name && equals < field.size()) {
            std::string value(field.substr(equals + 1));
            std::replace(value.begin(), value.end(), '+', ' ');
            return http::percent_decode(value);
        }
        query.remove_prefix(std::min(end + 1, query.size()));
    }
    return {};
}

}  // namespace

LogAddress log_address_of_uri(std::string_view uri) {
    const auto mark = uri.find('?');
    if (!uri.starts_with(log_scheme) || mark == std::string_view::npos)
        throw Error(ErrorKind::InvalidParams, "/params/arguments: expected the log of a run");
    // VS Code encodes the whole form once more.
    const auto form = http::percent_decode(uri.substr(mark + 1));
    LogAddress address{.job = job_of(form_field(form, "run")), .is_document = true};
    address.path = form_field(form, "path");
    return address;
}

LogAddress log_address(const CommandCall& call) {
    const auto used_on = call.optional_text(0);
    if (used_on && !used_on->starts_with(log_scheme)) return {.job = job_of(*used_on)};
    const auto in_front = call.optional_text(1);
    return log_address_of_uri(used_on ? *used_on : in_front.value_or(std::string()));
}

}  // namespace aml::features
