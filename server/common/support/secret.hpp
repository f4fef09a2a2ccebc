#pragma once

#include <fmt/format.h>

#include <string>
#include <utility>

namespace aml {

/// A token, key or password. It has no implicit conversion and formats as "[secret]".
class Secret final {
public:
    Secret() = default;

    explicit Secret(std::string value)
        : value_(std::move(value)) {}

    /// The value itself. Name the reason at the call: it must go into a request, never into a log.
    const std::string& reveal() const { return value_; }

    bool empty() const { return value_.empty(); }

    bool operator==(const Secret&) const = default;

private:
    std::string value_;
};

}  // namespace aml

template <>
struct fmt::formatter<aml::Secret> {
    constexpr auto parse(fmt::format_parse_context& context) { return context.begin(); }

    template <typename Context>
    auto format(const aml::Secret&, Context& context) const {
        return fmt::format_to(context.out(), "[secret]");
    }
};
