#pragma once

#include "snapshot/listing.hpp"

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

namespace aml::snapshot {

/// Why a file is not sent without a word.
enum class Concern {
    PrivateKey,
    /// Passwords, tokens, keys of services.
    Credentials,
    /// `.env` and its like, which hold secrets as a rule.
    SecretSettings,
    /// What was typed into a shell or a database, passwords included.
    History,
    /// Outputs may show data that the code does not.
    NotebookOutputs,
    /// So large that it is data rather than code.
    LargeData,
};

/// A file of a listing, or a folder with all files of the listing that are in it.
struct Finding {
    Concern concern = Concern::Credentials;
    /// Relative to the root; a folder's ends in '/'.
    std::string path{};
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;

    bool operator==(const Finding&) const = default;
};

/// What is looked for in a folder.
enum class Contents {
    /// Code: everything.
    Code,
    /// Data that the user names as such, which may be large and hold notebooks: secrets only.
    Data,
};

/// What of a listing the user should have seen before it goes, by well-known names and by the first
/// lines of small files; sorted by concern and path. What a `!` rule of an ignore file keeps is
/// meant to go. A file that cannot be read is judged by its name. Blocking. Throws: Cancelled.
std::vector<Finding> inspect(const Listing& listing, Contents contents, std::stop_token stop);

/// The listing without what the findings' paths name.
Listing without(const Listing& listing, const std::vector<std::string>& paths);

}  // namespace aml::snapshot
