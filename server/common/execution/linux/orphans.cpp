#include "execution/posix/orphans.hpp"

#include <csignal>
#include <fstream>
#include <sys/prctl.h>

namespace aml::execution {

void adopt_orphans() {
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
}

void die_with_parent() {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
}

bool kill_children() {
    std::ifstream children("/proc/thread-self/children");
    bool any = false;
    for (pid_t child = 0; children >> child; any = true) ::kill(child, SIGKILL);
    return any;
}

}  // namespace aml::execution
