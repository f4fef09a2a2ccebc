#include "snapshot/wide_folder.hpp"

#include "platform/environment.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <cctype>
#include <string>
#include <system_error>

namespace aml::snapshot {
namespace {

namespace fs = std::filesystem;

fs::path real(const fs::path& folder) {
    std::error_code error;
    auto path = fs::canonical(folder, error);
    if (error) path = fs::absolute(folder).lexically_normal();
    return path.has_filename() ? path : path.parent_path();
}

/// Where Linux distributions, WSL and macOS show drives. On Windows they are roots.
bool is_drive(const fs::path& folder) {
    const auto parent = folder.parent_path();
    const auto name = folder.filename().string();
    const bool letter = name.size() == 1 && std::isalpha(static_cast<unsigned char>(name[0])) != 0;
    if (parent == "/mnt") return letter;
    if (parent == "/Volumes") return true;
    return parent.parent_path() == "/media" || parent.parent_path() == "/run/media";
}

bool holds(const fs::path& folder, const fs::path& inner) {
    const auto way = inner.lexically_relative(folder);
    return !way.empty() && *way.begin() != "..";
}

}  // namespace

void refuse_wide_folder(const fs::path& folder) {
    const auto path = real(folder);
    const auto refuse = [](const LocalizedText& why) {
        throw Error(ErrorKind::Rejected,
                    sentences(why,
                              localize("Put what the run needs into a folder of its own, and name "
                                       "that one.")));
    };
    const bool is_root = path == path.root_path();
    if (is_root && path.root_name().empty())
        refuse(localize("{} is the whole file system, and all of it would go to Azure.",
                        path.string()));
    if (is_root || is_drive(path))
        refuse(localize("{} is a whole drive, and all of it would go to Azure.", path.string()));
    for (const auto& folder_of_user : platform::home_folders()) {
        const auto home = real(folder_of_user);
        // Services have a home folder that is none, such as "/".
        if (home == home.root_path()) continue;
        if (path == home)
            refuse(
                localize("{} is your home folder, and all of it would go to Azure, keys and "
                         "passwords included.",
                         path.string()));
        if (holds(path, home))
            refuse(
                localize("Your home folder is in {}, and all of it would go to Azure, keys and "
                         "passwords included.",
                         path.string()));
    }
}

}  // namespace aml::snapshot
