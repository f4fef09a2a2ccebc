#include "submit/git_properties.hpp"

#include "async/child_process.hpp"
#include "platform/environment.hpp"
#include "platform/process.hpp"
#include "snapshot/repository.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string_view>

namespace aml::submit {
namespace {

namespace fs = std::filesystem;

std::optional<std::string> read_line(const fs::path& file) {
    std::ifstream input(file);
    std::string line;
    if (!std::getline(input, line)) return std::nullopt;
    return trimmed(line);
}

bool is_commit(std::string_view text) {
    return (text.size() == 40 || text.size() == 64) &&
           std::all_of(
               text.begin(), text.end(), [](unsigned char c) { return std::isxdigit(c) != 0; });
}

std::optional<std::string> packed_commit(const fs::path& file, const std::string& reference) {
    std::ifstream input(file);
    for (std::string line; std::getline(input, line);) {
        const auto space = line.find(' ');
        if (space != std::string::npos &&
            trimmed(std::string_view(line).substr(space)) == reference) {
            return line.substr(0, space);
        }
    }
    return std::nullopt;
}

std::optional<std::string> commit_of(const snapshot::Repository& repository,
                                     const std::string& reference) {
    for (const auto& folder : {repository.own, repository.common}) {
        if (const auto commit = read_line(folder / reference); commit && is_commit(*commit))
            return commit;
    }
    const auto packed = packed_commit(repository.common / "packed-refs", reference);
    return packed && is_commit(*packed) ? packed : std::nullopt;
}

/// The address of `origin`, else of the first remote that has one.
std::optional<std::string> remote_url(const fs::path& config) {
    std::ifstream input(config);
    std::string section;
    std::optional<std::string> first;
    for (std::string line; std::getline(input, line);) {
        const auto text = trimmed(line);
        if (!text.empty() && text[0] == '[') {
            section = text;
            continue;
        }
        const auto equals = text.find('=');
        if (equals == std::string::npos || section.rfind("[remote ", 0) != 0) continue;
        if (trimmed(std::string_view(text).substr(0, equals)) != "url") continue;
        auto url = trimmed(std::string_view(text).substr(equals + 1));
        if (section == "[remote \"origin\"]") return url;
        if (!first) first = std::move(url);
    }
    return first;
}

/// `https://user:password@host/…` without the part before '@'.
std::string without_credentials(std::string url) {
    const auto scheme = url.find("://");
    if (scheme == std::string::npos || url.rfind("ssh://", 0) == 0) return url;
    const auto host = scheme + 3;
    const auto slash = std::min(url.find_first_of("/?#", host), url.size());
    const auto at = url.rfind('@', slash);
    if (at != std::string::npos && at >= host && at < slash) url.erase(host, at + 1 - host);
    return url;
}

/// Whether the folder differs from what was committed. Absent when git is not installed, takes its
/// time or does not know.
std::optional<bool> is_dirty(const fs::path& folder) {
    const auto git = platform::find_program("git", platform::variable("PATH"));
    if (git.empty()) return std::nullopt;
    async::ProgramCall call;
    // A repository may name programs for git to run; none of them is needed here.
    call.arguments = {git.string(),
                      "--no-optional-locks",
                      "-c",
                      "core.fsmonitor=false",
                      "status",
                      "--porcelain",
                      "."};
    call.directory = folder;
    call.timeout = std::chrono::seconds(2);
    try {
        const auto result = async::run_program(call, {});
        if (result.exit_code != 0) return std::nullopt;
        return !result.output.empty();
    } catch (const Error&) {
        return std::nullopt;
    }
}

}  // namespace

std::map<std::string, std::string> git_properties(const fs::path& folder) {
    std::map<std::string, std::string> properties;
    const auto repository = snapshot::find_repository(folder);
    if (!repository) return properties;
    if (auto url = remote_url(repository->common / "config")) {
        properties["mlflow.source.git.repoURL"] = without_credentials(std::move(*url));
    }
    if (const auto dirty = is_dirty(folder))
        properties["azureml.git.dirty"] = *dirty ? "True" : "False";
    const auto head = read_line(repository->own / "HEAD").value_or("");
    constexpr std::string_view symbolic = "ref: ";
    constexpr std::string_view heads = "refs/heads/";
    if (head.rfind(symbolic, 0) != 0) {
        if (is_commit(head)) properties["mlflow.source.git.commit"] = head;
        return properties;
    }
    const auto reference = head.substr(symbolic.size());
    if (reference.rfind(heads, 0) == 0) {
        properties["mlflow.source.git.branch"] = reference.substr(heads.size());
    }
    if (auto commit = commit_of(*repository, reference))
        properties["mlflow.source.git.commit"] = std::move(*commit);
    return properties;
}

}  // namespace aml::submit
