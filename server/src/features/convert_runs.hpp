#pragma once

#include "domain/run_log.hpp"
#include "domain/run_snapshot.hpp"
#include "domain/submit_types.hpp"
#include "protocol/protocol.gen.hpp"

namespace aml::features {

protocol::Run to_wire(const domain::RunSnapshot& run);
protocol::RunsLogResult to_wire(domain::LogChunk chunk);

/// A run that was submitted a moment ago, to be followed.
domain::RunSnapshot snapshot_of(const domain::SubmittedRun& run);
/// A run that was found to exist after a crash, to be followed.
domain::RunSnapshot snapshot_of(const domain::SettledSubmission& run);

}  // namespace aml::features
