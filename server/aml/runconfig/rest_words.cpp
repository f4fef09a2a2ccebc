#include "runconfig/rest_words.hpp"

#include "support/text.hpp"

#include <array>

namespace aml::runconfig {

namespace {

struct WordPair {
    WordSet set;
    std::string_view file;
    std::string_view rest;
};

// The first line of several with one REST word is the one that is written back.
constexpr std::array pairs{
    WordPair{WordSet::Mode, "ro_mount", "ReadOnlyMount"},
    WordPair{WordSet::Mode, "rw_mount", "ReadWriteMount"},
    WordPair{WordSet::Mode, "mount", "ReadWriteMount"},
    WordPair{WordSet::Mode, "download", "Download"},
    WordPair{WordSet::Mode, "direct", "Direct"},
    WordPair{WordSet::Mode, "eval_mount", "EvalMount"},
    WordPair{WordSet::Mode, "eval_download", "EvalDownload"},
    WordPair{WordSet::Mode, "upload", "Upload"},
    WordPair{WordSet::DistributionType, "pytorch", "PyTorch"},
    WordPair{WordSet::DistributionType, "mpi", "Mpi"},
    WordPair{WordSet::DistributionType, "tensorflow", "TensorFlow"},
    WordPair{WordSet::DistributionType, "ray", "Ray"},
    WordPair{WordSet::IdentityType, "aml_token", "AMLToken"},
    WordPair{WordSet::IdentityType, "managed", "Managed"},
    WordPair{WordSet::IdentityType, "managed_identity", "Managed"},
    WordPair{WordSet::IdentityType, "user_identity", "UserIdentity"},
    WordPair{WordSet::ServiceType, "jupyter_lab", "JupyterLab"},
    WordPair{WordSet::ServiceType, "ssh", "SSH"},
    WordPair{WordSet::ServiceType, "tensor_board", "TensorBoard"},
    WordPair{WordSet::ServiceType, "vs_code", "VSCode"},
    WordPair{WordSet::ServiceType, "custom", "Custom"},
    WordPair{WordSet::JobTier, "null", "Null"},
    WordPair{WordSet::JobTier, "spot", "Spot"},
    WordPair{WordSet::JobTier, "basic", "Basic"},
    WordPair{WordSet::JobTier, "standard", "Standard"},
    WordPair{WordSet::JobTier, "premium", "Premium"},
    WordPair{WordSet::OsType, "linux", "Linux"},
    WordPair{WordSet::OsType, "windows", "Windows"},
};

}  // namespace

std::string to_rest_word(WordSet set, std::string_view word) {
    for (const auto& pair : pairs) {
        if (pair.set == set && pair.file == word) return std::string(pair.rest);
    }
    return std::string(word);
}

std::string from_rest_word(WordSet set, std::string_view word) {
    for (const auto& pair : pairs) {
        if (pair.set == set && same_name(pair.rest, word)) return std::string(pair.file);
    }
    return std::string(word);
}

}  // namespace aml::runconfig
