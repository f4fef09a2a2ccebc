#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aml::http {

/// HTTP header fields in sending order. Names compare without regard to case (RFC 9110,
/// section 5.1).
class Headers final {
public:
    using Field = std::pair<std::string, std::string>;

    Headers() = default;
    Headers(std::initializer_list<Field> fields);

    /// Replaces every field of that name.
    void set(std::string name, std::string value);
    void remove(std::string_view name);

    /// The value of the first field of that name.
    std::optional<std::string> get(std::string_view name) const;
    bool contains(std::string_view name) const;

    auto begin() const { return fields_.begin(); }

    auto end() const { return fields_.end(); }

    bool operator==(const Headers&) const = default;

private:
    std::vector<Field> fields_;
};

}  // namespace aml::http
