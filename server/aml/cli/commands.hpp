#pragma once

#include "cli/command.hpp"

#include <array>

namespace aml::cli {

extern const Command run_command;
extern const Command sweep_command;
extern const Command repeat_command;
extern const Command jobs_command;
extern const Command status_command;
extern const Command logs_command;
extern const Command metrics_command;
extern const Command outputs_command;
extern const Command compare_command;
extern const Command cancel_command;
extern const Command compute_create_command;
extern const Command compute_list_command;
extern const Command compute_show_command;
extern const Command compute_scale_command;
extern const Command compute_start_command;
extern const Command compute_stop_command;
extern const Command compute_restart_command;
extern const Command compute_delete_command;
extern const Command workspace_create_command;
extern const Command workspace_list_command;
extern const Command workspace_delete_command;
extern const Command data_create_command;
extern const Command data_list_command;
extern const Command login_command;
extern const Command doctor_command;
extern const Command version_command;
extern const Command serve_command;

/// Every terminal command, in the order of help. Each is defined, with all that is known of it, in
/// the source that runs it.
inline constexpr std::array commands{
    &run_command,
    &sweep_command,
    &repeat_command,
    &jobs_command,
    &status_command,
    &logs_command,
    &metrics_command,
    &outputs_command,
    &compare_command,
    &cancel_command,
    &compute_create_command,
    &compute_list_command,
    &compute_show_command,
    &compute_scale_command,
    &compute_start_command,
    &compute_stop_command,
    &compute_restart_command,
    &compute_delete_command,
    &workspace_create_command,
    &workspace_list_command,
    &workspace_delete_command,
    &data_create_command,
    &data_list_command,
    &login_command,
    &doctor_command,
    &version_command,
    &serve_command,
};

}  // namespace aml::cli
