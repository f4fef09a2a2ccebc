#pragma once

#include "arm/site.hpp"

namespace aml::emulator {

/// A compute instance: one machine of one user, which is switched on and off.
bool is_instance(const Resource& compute);

/// Checks the body of a PUT of a compute instance. Throws: Refused (400) naming the member, size or
/// quota that is wrong.
void check_instance(Site& site, const json& body, const Workspace& workspace);

/// The `properties` of an instance made or changed by `body`: what was sent, and what the service
/// fills in; it is Running once that has ended. `creator` is its `createdBy`.
json instance_properties(const json& sent,
                         const json& previous,
                         const Workspace& workspace,
                         const json& creator,
                         Time now);

/// What POST start, stop or restart does: the state until it has ended, the one it ends in, and its
/// name in `lastOperation`.
struct PowerAction {
    const char* kind;
    const char* word;
    const char* meanwhile;
    const char* then;
};

const std::vector<PowerAction>& power_actions();
/// By the kind of the operation that ends it; null when it is none.
const PowerAction* find_power_action(std::string_view kind);

/// Begins an action on an instance; false when it is in that state already. Throws: Refused (400
/// for a compute that is no instance, one that is not Running to be restarted, or whose cores the
/// quota does not hold; 409 while something else is under way).
bool begin_power(
    Site& site, const Workspace& workspace, const PowerAction& action, Resource& compute, Time now);
/// Ends it.
void end_power(const PowerAction& action, Resource& compute);

}  // namespace aml::emulator
