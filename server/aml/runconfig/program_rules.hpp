#pragma once

#include "runconfig/checker.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace aml::runconfig {

/// The names that the expressions of a job may refer to.
class DeclaredNames final {
public:
    struct Group {
        std::vector<std::string_view> in_order;
        std::set<std::string_view> all;
    };

    /// The keys of each of `groups` in `job`, such as "inputs". Keeps views of `job`.
    DeclaredNames(const Node& job, const std::vector<std::string_view>& groups);

    /// Null when there is no such group in a job of this type.
    const Group* find(std::string_view group) const;

private:
    std::map<std::string_view, Group> groups_;
};

/// Whether a command may have inputs that may be left out, in `$[[ ]]`: those of components may.
enum class OptionalInputs { Refused, Allowed };

/// What the schema cannot say of what runs on the nodes: the command, its environment and
/// variables, memory and distribution. `place` is the key that holds them; empty at the top.
void check_program(const Node& program,
                   const std::string& place,
                   const DeclaredNames& declared,
                   Findings& findings,
                   OptionalInputs optional = OptionalInputs::Refused);

}  // namespace aml::runconfig
