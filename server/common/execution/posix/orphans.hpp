#pragma once

namespace aml::execution {

/// Processes whose parent ends become children of this one from now on, where the system has that:
/// so what a job leaves behind is found, in whatever group or session it is.
void adopt_orphans();

/// The calling process, just forked, is killed when its parent ends, where the system has that.
void die_with_parent();

/// Kills every child of this process. False when there is none, or when the system does not tell.
bool kill_children();

}  // namespace aml::execution
