// What the schema cannot say about a command job.
#include "runconfig/job_types.hpp"
#include "runconfig/program_rules.hpp"
#include "support/localize.hpp"

namespace aml::runconfig {

namespace {

void check_services(const Node& job, Findings& findings) {
    const auto* services = job.find("services");
    if (services == nullptr) return;
    for (const auto& member : services->members) {
        const auto* type = member.value.find_text("type");
        if (type == nullptr) type = member.value.find_text("job_service_type");
        const bool needs_key = type != nullptr && type->text == "ssh" &&
                               member.value.find("ssh_public_keys") == nullptr;
        if (!needs_key) continue;
        findings.error(member.key_span,
                       "missing",
                       join_key(join_key("services", member.key), "ssh_public_keys"),
                       localize("“ssh_public_keys” is missing: the public key that may log in."));
    }
}

}  // namespace

void check_command(const Node& root, Findings& findings) {
    check_basics(root, findings);
    check_program(root, "", DeclaredNames(root, {"inputs", "outputs"}), findings);
    check_inputs_and_outputs(root, findings);
    check_services(root, findings);
}

}  // namespace aml::runconfig
