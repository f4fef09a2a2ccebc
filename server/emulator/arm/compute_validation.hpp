#pragma once

#include "arm/site.hpp"
#include "arm/vm_sizes.hpp"

#include <string_view>

namespace aml::emulator {

/// The largest machine that an instance may be.
inline constexpr int most_instance_cores = 72;

/// Is it a compute name? 3 to 24 characters, a letter first, letters, digits and hyphens, not
/// ending in `-<digits>`. Source: Compute name pattern, 2025-12-01.
bool is_compute_name(std::string_view name);

/// The refusal (400) of a member of a compute's body.
[[noreturn]] void reject_member(std::string_view target, std::string_view message);

/// What clusters and instances have in common: location, machine size and network. Returns the
/// size. Throws: Refused (400) naming the member that is wrong.
const VmSize& check_machines(const json& body, const Workspace& workspace);

/// Checks the body of a PUT of an AmlCompute. Throws: Refused (400) naming the member, size or
/// quota that is wrong.
void check_cluster(const json& body, const Workspace& workspace);

}  // namespace aml::emulator
