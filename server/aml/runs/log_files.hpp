#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace aml::runs {

/// Log files in the order to show them: the primary one, the run's own output, image build and
/// preparation, the system's; by path within each.
std::vector<std::string> ordered_logs(std::vector<std::string> paths);

/// The file that shows what the script printed: `user_logs/std_log.txt`, or the first process's on
/// the first node; else the legacy driver log; else the image build log or what there is of
/// preparation. Empty when there is none yet.
/// Source: azure-ai-ml `_job_ops_helper.py`, common-runtime and legacy patterns.
std::string primary_log(const std::vector<std::string>& paths);

/// Whether `path` lies where Azure ML puts logs, not where scripts put their files.
bool is_log(std::string_view path);

/// Whether `path` is the script's own output, after which no better file will appear.
bool is_script_output(std::string_view path);

/// The log of one of the processes of a run.
struct RankLog {
    /// Its number where that tells them apart, else what its file's name has.
    std::string label{};
    std::string path{};
};

/// The logs of what the processes of a run printed, in the order of their numbers; one for a run
/// with a single process. Source: azure-ai-ml `_job_ops_helper.py`.
std::vector<RankLog> rank_logs(const std::vector<std::string>& paths);

/// Stands for all of them as one log; no file of the run has this name.
inline constexpr std::string_view all_ranks_log = "all_ranks.log";

/// The logs to choose from: those files, and `all_ranks_log` after the first where there are
/// several processes.
std::vector<std::string> offered_logs(std::vector<std::string> paths);

/// The files that `path` means among those of a run: `all_ranks_log` those of the processes,
/// nothing all of them, else itself.
std::vector<std::string> logs_meant(std::string path, std::vector<std::string> paths);

/// Text made of bytes.
struct DecodedText {
    std::string text;
    /// How many bytes it took; the rest is the beginning of a character.
    std::size_t consumed = 0;
};

/// Whether more bytes will follow.
enum class MoreBytes { Expected, None };

/// Whole UTF-8 characters from the start of `bytes`. A character cut at the end is left for the
/// next call when more is expected; what is malformed becomes U+FFFD.
DecodedText decode_utf8(std::string_view bytes, MoreBytes more);

}  // namespace aml::runs
