#include "snapshot/repository.hpp"

#include "support/text.hpp"

#include <fstream>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace aml::snapshot {
namespace {

namespace fs = std::filesystem;

std::optional<std::string> first_line(const fs::path& file) {
    std::ifstream input(file);
    std::string line;
    if (!std::getline(input, line)) return std::nullopt;
    return trimmed(line);
}

}  // namespace

std::optional<Repository> find_repository(fs::path folder) {
    for (;; folder = folder.parent_path()) {
        std::error_code error;
        const auto git = folder / ".git";
        auto own = git;
        if (fs::is_regular_file(git, error)) {
            // A submodule or a linked work tree: "gitdir: <path>".
            const auto line = first_line(git).value_or("");
            if (line.rfind("gitdir:", 0) != 0) return std::nullopt;
            own = (folder / trimmed(std::string_view(line).substr(7))).lexically_normal();
        }
        if (fs::exists(own / "HEAD", error)) {
            const auto shared = first_line(own / "commondir");
            auto common = shared ? (own / *shared).lexically_normal() : own;
            return Repository{folder, own, std::move(common)};
        }
        if (folder == folder.parent_path()) return std::nullopt;
    }
}

}  // namespace aml::snapshot
