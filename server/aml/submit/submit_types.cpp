#include "submit/submit_types.hpp"

#include "runs/run_status.hpp"

namespace aml::submit {

runs::RunSnapshot snapshot_of(const SubmittedRun& run) {
    runs::RunSnapshot snapshot;
    snapshot.job = run.workspace.child("jobs", run.job_name);
    snapshot.display_name = run.display_name;
    snapshot.experiment = run.experiment;
    snapshot.script = run.script.string();
    // A job as ARM has it lacks the times and the cause of its end, which run history tells next.
    const bool ended = runs::phase_of(run.status) == runs::RunPhase::Final;
    snapshot.status = ended ? "Finalizing" : run.status;
    snapshot.studio_url = run.studio_url;
    return snapshot;
}

}  // namespace aml::submit
