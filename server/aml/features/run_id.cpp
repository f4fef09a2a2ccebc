#include "features/run_id.hpp"

#include "support/error.hpp"
#include "tree/tree_node.hpp"

namespace aml::features {

azure::ResourceId job_of(const std::string& id) {
    const auto address = tree::parse_address(id);
    if (address && address->kind == tree::row_kind::active_run)
        return address->workspace.child("jobs", address->name);
    const auto job = azure::ResourceId::parse(id);
    if (job && job->type() == "jobs") return *job;
    throw Error(ErrorKind::InvalidParams, "/params/id: expected the id of a run");
}

}  // namespace aml::features
