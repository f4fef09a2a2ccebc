#include "features/uri.hpp"

#include "http/url.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

namespace aml::features {

std::filesystem::path path_of_uri(std::string_view uri) {
    constexpr std::string_view scheme = "file://";
    if (uri.starts_with("untitled:")) {
        throw Error(ErrorKind::Rejected,
                    localize("This document was never saved. Save it to a file first."));
    }
    if (!uri.starts_with(scheme)) {
        throw Error(
            ErrorKind::Rejected,
            localize("{} is not a file on this machine. Save a copy to a folder here first.", uri));
    }
    auto rest = uri.substr(scheme.size());
    if (rest.starts_with("localhost/")) rest.remove_prefix(std::string_view("localhost").size());
    rest = rest.substr(0, rest.find_first_of("?#"));
    if (!rest.starts_with('/')) {
        throw Error(
            ErrorKind::Rejected,
            localize("{} is a file on another machine. Copy it to a folder here first.", uri));
    }
    return std::filesystem::path(http::percent_decode(rest)).lexically_normal();
}

std::string uri_of_path(const std::filesystem::path& path) {
    return "file://" + http::percent_encode_path(path.string());
}

}  // namespace aml::features
