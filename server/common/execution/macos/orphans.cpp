#include "execution/posix/orphans.hpp"

// Orphans become children of launchd: what has left the job's process group is out of reach.

namespace aml::execution {

void adopt_orphans() {}

void die_with_parent() {}

bool kill_children() {
    return false;
}

}  // namespace aml::execution
