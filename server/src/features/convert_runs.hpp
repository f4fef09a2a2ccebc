#pragma once

#include "domain/runs/run_log.hpp"
#include "domain/runs/run_snapshot.hpp"
#include "protocol/protocol.gen.hpp"

namespace aml::features {

protocol::Run to_wire(const domain::RunSnapshot& run);
protocol::RunsLogResult to_wire(domain::LogChunk chunk);

}  // namespace aml::features
