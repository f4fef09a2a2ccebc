#pragma once

#include <filesystem>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>

namespace aml::test {

void set_variable(const std::string& name, const std::string& value);
void unset_variable(const std::string& name);

/// Environment variables of this process that are set, or not set at all, while the object lives.
class Variables final {
public:
    using Values = std::map<std::string, std::optional<std::string>>;

    Variables(std::initializer_list<Values::value_type> values);
    Variables(const Variables&) = delete;
    Variables& operator=(const Variables&) = delete;
    ~Variables();

private:
    Values before_;
};

/// The variable that says where the user's home folder is.
inline const std::string home_variable =
    std::filesystem::path::preferred_separator == '\\' ? "USERPROFILE" : "HOME";

}  // namespace aml::test
