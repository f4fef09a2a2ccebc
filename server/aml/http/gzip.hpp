#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

namespace aml::http {

/// Why there is nothing to be had from compressed bytes.
enum class GunzipProblem {
    /// Cut off, or not what gzip makes.
    Broken,
    /// They are more than what was allowed.
    TooLarge,
};

/// What `packed` holds, at most `limit` bytes of it. May be called on any thread.  Source: RFC
/// 1952.
std::variant<std::string, GunzipProblem> gunzip(std::string_view packed, std::size_t limit);

}  // namespace aml::http
