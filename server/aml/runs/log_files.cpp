#include "runs/log_files.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>
#include <utility>

namespace aml::runs {

namespace {

constexpr std::string_view output_start = "user_logs/std_log";
constexpr std::string_view driver_start = "azureml-logs/70_driver_log";
constexpr std::string_view text_file = ".txt";

bool is_user_log(std::string_view path) {
    return path.starts_with(output_start) && path.ends_with(text_file);
}

/// `std_log[\D]*[0]*(_ps)?.txt`: the first process, or the only one.
bool is_first_process(std::string_view path) {
    if (!is_user_log(path)) return false;
    auto middle =
        path.substr(output_start.size(), path.size() - output_start.size() - text_file.size());
    if (middle.ends_with("_ps")) middle.remove_suffix(3);
    while (middle.ends_with('0')) middle.remove_suffix(1);
    return middle.find_first_of("0123456789") == std::string_view::npos;
}

bool is_first_rank(std::string_view path) {
    return is_user_log(path) && (path.ends_with("rank_0.txt") || path.ends_with("worker_0.txt"));
}

/// How well a file serves as the primary log; 0 is best, -1 not at all.
int primary_rank(std::string_view path) {
    if (path == "user_logs/std_log.txt") return 0;
    if (is_first_rank(path)) return 1;
    if (is_first_process(path)) return 2;
    if (is_user_log(path)) return 3;
    if (path.starts_with(driver_start)) return 4;
    if (path == "azureml-logs/hyperdrive.txt" || path == "logs/azureml/executionlogs.txt") return 5;
    if (path == "azureml-logs/20_image_build_log.txt") return 6;
    if (path.starts_with("azureml-logs/") && path.ends_with(text_file)) return 7;
    return -1;
}

int display_group(std::string_view path) {
    if (path.starts_with("user_logs/")) return 0;
    if (path.starts_with("azureml-logs/")) return 1;
    if (path.starts_with("logs/")) return 2;
    return 3;
}

}  // namespace

std::string primary_log(const std::vector<std::string>& paths) {
    const std::string* best = nullptr;
    for (const auto& path : paths) {
        const auto rank = primary_rank(path);
        if (rank < 0) continue;
        const bool better =
            best == nullptr || std::tuple(rank, path) < std::tuple(primary_rank(*best), *best);
        if (better) best = &path;
    }
    return best == nullptr ? std::string() : *best;
}

bool is_log(std::string_view path) {
    constexpr std::array<std::string_view, 4> folders{
        "user_logs/", "system_logs/", "azureml-logs/", "logs/azureml/"};
    return std::ranges::any_of(
        folders, [path](std::string_view folder) { return path.starts_with(folder); });
}

bool is_script_output(std::string_view path) {
    const auto rank = primary_rank(path);
    return rank >= 0 && rank <= 5;
}

std::vector<std::string> ordered_logs(std::vector<std::string> paths) {
    const auto primary = primary_log(paths);
    const auto key = [&primary](const std::string& path) {
        return std::tuple(path != primary, display_group(path), std::string_view(path));
    };
    std::sort(
        paths.begin(), paths.end(), [&key](const std::string& left, const std::string& right) {
            return key(left) < key(right);
        });
    return paths;
}

namespace {

/// What tells a process's log from the others: the name without what all have.
std::string_view rank_part(std::string_view path, std::string_view start) {
    auto part = path.substr(start.size(), path.size() - start.size() - text_file.size());
    while (part.starts_with('_')) part.remove_prefix(1);
    return part;
}

/// The digits at its end, without zeros that say nothing.
std::string_view rank_digits(std::string_view part) {
    const auto last_other = part.find_last_not_of("0123456789");
    if (last_other != std::string_view::npos) part.remove_prefix(last_other + 1);
    while (part.size() > 1 && part.starts_with('0')) part.remove_prefix(1);
    return part;
}

}  // namespace

std::vector<RankLog> rank_logs(const std::vector<std::string>& paths) {
    std::vector<RankLog> logs;
    for (const auto start : {output_start, driver_start}) {
        std::set<std::string_view> numbers;
        for (const auto& path : paths) {
            if (!path.starts_with(start) || !path.ends_with(text_file)) continue;
            const auto part = rank_part(path, start);
            const auto digits = rank_digits(part);
            if (!digits.empty()) numbers.insert(digits);
            logs.push_back({std::string(part), path});
        }
        if (logs.empty()) continue;
        const bool are_numbered = numbers.size() == logs.size();
        for (auto& log : logs) {
            if (are_numbered) log.label = std::string(rank_digits(log.label));
            if (log.label.empty()) log.label = "0";
        }
        std::sort(logs.begin(), logs.end(), [](const RankLog& left, const RankLog& right) {
            const auto key = [](const RankLog& log) {
                return std::tuple(rank_digits(log.label).size(), std::string_view(log.label));
            };
            return key(left) < key(right);
        });
        break;
    }
    return logs;
}

std::vector<std::string> offered_logs(std::vector<std::string> paths) {
    if (rank_logs(paths).size() > 1) paths.insert(paths.begin() + 1, std::string(all_ranks_log));
    return paths;
}

std::vector<std::string> logs_meant(std::string path, std::vector<std::string> paths) {
    if (path.empty()) return paths;
    if (path != all_ranks_log) return {std::move(path)};
    std::vector<std::string> logs;
    for (auto& log : rank_logs(paths)) logs.push_back(std::move(log.path));
    return logs;
}

namespace {

struct Sequence {
    /// Bytes the lead byte announces; 0 when it cannot start a character.
    std::size_t length = 0;
    unsigned char second_low = 0x80;
    unsigned char second_high = 0xBF;
};

/// Source: RFC 3629, section 4.
Sequence sequence_of(unsigned char lead) {
    if (lead < 0x80) return {1};
    if (lead >= 0xC2 && lead <= 0xDF) return {2};
    if (lead == 0xE0) return {3, 0xA0, 0xBF};
    if (lead == 0xED) return {3, 0x80, 0x9F};
    if (lead >= 0xE1 && lead <= 0xEF) return {3};
    if (lead == 0xF0) return {4, 0x90, 0xBF};
    if (lead >= 0xF1 && lead <= 0xF3) return {4};
    if (lead == 0xF4) return {4, 0x80, 0x8F};
    return {};
}

}  // namespace

DecodedText decode_utf8(std::string_view bytes, MoreBytes more) {
    constexpr std::string_view replacement = "\xEF\xBF\xBD";
    DecodedText result;
    while (result.consumed < bytes.size()) {
        const auto rest = bytes.substr(result.consumed);
        const auto sequence = sequence_of(static_cast<unsigned char>(rest.front()));
        std::size_t good = sequence.length == 0 ? 0 : 1;
        while (good > 0 && good < sequence.length && good < rest.size()) {
            const auto byte = static_cast<unsigned char>(rest[good]);
            const auto low = good == 1 ? sequence.second_low : static_cast<unsigned char>(0x80);
            const auto high = good == 1 ? sequence.second_high : static_cast<unsigned char>(0xBF);
            if (byte < low || byte > high) break;
            ++good;
        }
        const bool whole = good > 0 && good == sequence.length;
        const bool cut = good > 0 && !whole && good == rest.size();
        if (cut && more == MoreBytes::Expected) break;
        result.text += whole ? rest.substr(0, good) : replacement;
        result.consumed += std::max<std::size_t>(good, 1);
    }
    return result;
}

}  // namespace aml::runs
