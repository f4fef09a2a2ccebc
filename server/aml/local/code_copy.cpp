// The working directory of a run.
#include "local/runner.hpp"
#include "snapshot/listing.hpp"
#include "state/atomic_file.hpp"
#include "support/error.hpp"

#include <filesystem>
#include <system_error>

namespace aml::local {
namespace {

namespace fs = std::filesystem;

/// `./outputs` is kept at the top of the run, where links can be made (on Windows not everybody
/// may); else it stays where it is written.
void offer_folder(const fs::path& kept, const fs::path& written) {
    std::error_code error;
    fs::create_directory_symlink(fs::path("..") / kept.filename(), written, error);
    if (error) fs::create_directories(written);
}

}  // namespace

void bring_code(const RunFolder& folder,
                const std::optional<fs::path>& code,
                const std::stop_token& stop) {
    try {
        offer_folder(folder.outputs(), folder.code() / "outputs");
        offer_folder(folder.logs(), folder.code() / "logs");
        if (!code) return;
        const auto listing = snapshot::list_files(*code, stop);
        for (const auto& file : listing.files) {
            if (stop.stop_requested()) throw cancelled();
            const auto target = folder.code() / file.path;
            fs::create_directories(target.parent_path());
            fs::copy_file(listing.place_of(file), target);
        }
    } catch (const fs::filesystem_error& error) {
        throw Error(ErrorKind::Unavailable, state::write_failure(error.path1(), error.code()));
    }
}

}  // namespace aml::local
