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
