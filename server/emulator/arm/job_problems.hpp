#pragma once

#include "web/message.hpp"

#include <string>
#include <string_view>

namespace aml::emulator {

/// Everything found wrong with a job, so that one answer names all of it.
class JobProblems final {
public:
    void add(std::string_view target, std::string message);

    bool empty() const { return details_.empty(); }

    /// Throws: Refused (400 UserError, details for each problem) unless empty.
    void raise(const Request& request) const;

private:
    json details_ = json::array();
};

/// Checks each input; `command` tells which ones are used. Returns them completed with defaults.
json check_inputs(const json& inputs, JobProblems& problems);
/// Checks each output and adds `default`, the run's artifact folder.
json check_outputs(const json& outputs, std::string_view job_name, JobProblems& problems);
/// Every `${{inputs.x}}` and `${{outputs.y}}` must be declared, and in a sweep every
/// `${{search_space.z}}`. `job` has what is declared.
void check_references(const std::string& command, const json& job, JobProblems& problems);
json check_resources(const json& resources, JobProblems& problems);
void check_distribution(const json& distribution, JobProblems& problems);
/// The members that the stable api-versions lack.
void check_no_preview(const json& job, JobProblems& problems);
/// Of a command job.
void check_limits(const json& limits, JobProblems& problems);
/// `wanted` must be an object whose values are texts, or null.
json check_text_map(json value, std::string_view target, JobProblems& problems);

}  // namespace aml::emulator
