#pragma once

#include <string>
#include <string_view>

namespace aml::runconfig {

/// Sets of words that the file and the REST API spell differently.
enum class WordSet { Mode, DistributionType, IdentityType, ServiceType, JobTier, OsType };

/// REST spelling of a word of the file, e.g. Mode "ro_mount" -> "ReadOnlyMount". A word not in the
/// set stays as it is.
std::string to_rest_word(WordSet set, std::string_view word);

/// The inverse, ignoring case. A word not in the set stays as it is.
std::string from_rest_word(WordSet set, std::string_view word);

}  // namespace aml::runconfig
