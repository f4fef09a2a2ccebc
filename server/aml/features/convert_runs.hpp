#pragma once

#include "protocol/protocol.gen.hpp"
#include "runs/run_log.hpp"
#include "runs/run_snapshot.hpp"

namespace aml::features {

protocol::Run to_wire(const runs::RunSnapshot& run);
protocol::RunsLogResult to_wire(runs::LogChunk chunk);

}  // namespace aml::features
