#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aml::emulator {

/// An ordered list of HTTP header fields whose names compare without regard to case.
class Headers final {
public:
    using Field = std::pair<std::string, std::string>;

    Headers() = default;
    Headers(std::initializer_list<Field> fields);

    /// Replaces every field of that name by one, or adds it.
    void set(std::string_view name, std::string value);
    /// Adds a field even if the name is there already.
    void add(std::string_view name, std::string value);
    void erase(std::string_view name);

    bool has(std::string_view name) const;
    /// The first value of that name, or "" when there is none.
    const std::string& get(std::string_view name) const;

    auto begin() const { return fields_.begin(); }

    auto end() const { return fields_.end(); }

    bool empty() const { return fields_.empty(); }

private:
    std::vector<Field> fields_;
};

}  // namespace aml::emulator
