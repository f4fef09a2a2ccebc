#include "submit/submit_types.hpp"

namespace aml::submit {

runs::RunSnapshot snapshot_of(const SubmittedRun& run) {
    runs::RunSnapshot snapshot;
    snapshot.job = run.workspace.child("jobs", run.job_name);
    snapshot.display_name = run.display_name;
    snapshot.experiment = run.experiment;
    snapshot.script = run.script.string();
    snapshot.status = run.status;
    snapshot.studio_url = run.studio_url;
    return snapshot;
}

}  // namespace aml::submit
