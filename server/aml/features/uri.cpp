#include "features/uri.hpp"

#include "http/url.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <algorithm>

namespace aml::features {
namespace {

constexpr std::string_view file_scheme = "file://";

constexpr auto own_style =
    std::filesystem::path::preferred_separator == '\\' ? PathStyle::Windows : PathStyle::Posix;

/// "c:" and what follows it.
bool begins_with_drive(std::string_view path) {
    return path.size() >= 2 && path[1] == ':' && lower(path[0]) >= 'a' && lower(path[0]) <= 'z';
}

/// What stands behind "file://", decoded.
std::string windows_path(std::string_view rest) {
    auto path = http::percent_decode(rest);
    if (!path.starts_with('/')) path.insert(0, "//");
    if (begins_with_drive(std::string_view(path).substr(1))) {
        path.erase(0, 1);
        // The editor writes it small and the system large.
        if (path[0] >= 'a') path[0] = static_cast<char>(path[0] - 'a' + 'A');
    }
    std::replace(path.begin(), path.end(), '/', '\\');
    return path;
}

}  // namespace

bool is_file_uri(std::string_view uri) {
    return uri.starts_with(file_scheme);
}

std::filesystem::path path_of_uri(std::string_view uri) {
    return std::filesystem::path(path_text_of_uri(uri, own_style)).lexically_normal();
}

std::string uri_of_path(const std::filesystem::path& path) {
    return uri_of_path_text(path.string(), own_style);
}

std::string path_text_of_uri(std::string_view uri, PathStyle style) {
    if (uri.starts_with("untitled:")) {
        throw Error(ErrorKind::Rejected,
                    localize("This document was never saved. Save it to a file first."));
    }
    if (!uri.starts_with(file_scheme)) {
        throw Error(
            ErrorKind::Rejected,
            localize("{} is not a file on this machine. Save a copy to a folder here first.", uri));
    }
    auto rest = uri.substr(file_scheme.size());
    if (rest.starts_with("localhost/")) rest.remove_prefix(std::string_view("localhost").size());
    rest = rest.substr(0, rest.find_first_of("?#"));
    if (style == PathStyle::Windows) return windows_path(rest);
    if (!rest.starts_with('/')) {
        throw Error(
            ErrorKind::Rejected,
            localize("{} is a file on another machine. Copy it to a folder here first.", uri));
    }
    return http::percent_decode(rest);
}

std::string uri_of_path_text(std::string_view path, PathStyle style) {
    std::string text(path);
    if (style == PathStyle::Windows) {
        std::replace(text.begin(), text.end(), '\\', '/');
        if (text.starts_with("//")) {
            text.erase(0, 2);
        } else if (begins_with_drive(text)) {
            text[0] = lower(text[0]);
            text.insert(0, 1, '/');
        }
    }
    return std::string(file_scheme) + http::percent_encode_path(text);
}

}  // namespace aml::features
