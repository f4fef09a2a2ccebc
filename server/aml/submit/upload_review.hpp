#pragma once

#include "async/asio.hpp"
#include "runconfig/run_configuration.hpp"
#include "snapshot/inspection.hpp"
#include "ui/prompter.hpp"
#include "workspace/saved_state.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace aml::submit {

/// Something in a folder that goes to Azure only if the user says so.
struct UploadFinding {
    /// Absolute.
    std::filesystem::path folder{};
    snapshot::Finding finding{};
    /// The name of the ignore files that count in the folder.
    std::string ignore_file{};

    /// The file, or the folder with a '/' at its end, as an absolute path.
    std::string path() const;
    /// What it is and how much, e.g. "a private key, 2.6 KB".
    std::string description() const;
};

/// The paths of the findings that go along; the others stay here. Absent when the user gave up.
using UploadChoice = std::optional<std::vector<std::string>>;

/// Asks what of the findings shall go to Azure. Throws: what the asking throws.
using AskWhatGoes =
    std::function<asio::awaitable<UploadChoice>(std::vector<UploadFinding>, std::stop_token)>;

/// One question with a row for each finding; nothing is chosen beforehand. Throws: Cancelled,
/// Unavailable (nobody can be asked).
asio::awaitable<UploadChoice> ask_what_goes(ui::Prompter& prompter,
                                            std::vector<UploadFinding> findings,
                                            std::stop_token stop);

/// A line for each finding, each after a line end: its path and what it is.
std::string lines_of(const std::vector<UploadFinding>& findings);

/// The folders that a submission sends as they are to be sent, by the path that the run
/// configuration gives.
using ReviewedFolders = std::map<std::filesystem::path, std::shared_ptr<const snapshot::Listing>>;

/// Lists the folders that a configuration sends (code, local inputs, the context of an image) and
/// asks, once for all of them, about what the user should have seen before it goes. What was
/// answered for a folder is remembered: only what is new in it is asked about, and what was left
/// out stays left out, with a note in the listing. Folders without a finding cost their listing.
/// File work is done on the pool of `state`. Throws: as `snapshot::list_files` (a folder that is
/// too wide among them); Cancelled, also when the user gave up; what `ask` throws; Rejected with
/// the findings when there is no `ask` or it throws Unavailable.
asio::awaitable<ReviewedFolders> review_uploads(workspace::SavedState& state,
                                                runconfig::RunConfiguration configuration,
                                                AskWhatGoes ask,
                                                std::stop_token stop);

/// A folder, or a file of data, as a submission would send it now.
struct SentFolder {
    /// As the run configuration means it, absolute.
    std::filesystem::path path{};
    bool is_code = false;
    /// What goes, and what its ignore files leave out.
    std::shared_ptr<const snapshot::Listing> listing{};
    /// Of what goes: what the user should have seen, answered or not.
    std::vector<UploadFinding> findings{};
    /// What was answered to be left out.
    std::vector<std::string> stays{};
};

/// All folders and files that a configuration sends. Asks nobody, and remembers nothing. File work
/// is done on the pool of `state`. Throws: as `snapshot::list_files`; Cancelled.
asio::awaitable<std::vector<SentFolder>> look_at_uploads(workspace::SavedState& state,
                                                         runconfig::RunConfiguration configuration,
                                                         std::stop_token stop);

}  // namespace aml::submit
