#include "support/system_text.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

namespace aml {
namespace {

struct Known {
    int error;
    Localizable text;
};

// Those that a user's files can lead to, in the words of the C library.
constexpr std::array known{
    Known{EPERM, Localizable("Operation not permitted")},
    Known{ENOENT, Localizable("No such file or directory")},
    Known{EIO, Localizable("Input/output error")},
    Known{EACCES, Localizable("Permission denied")},
    Known{EBUSY, Localizable("Device or resource busy")},
    Known{EEXIST, Localizable("File exists")},
    Known{ENOTDIR, Localizable("Not a directory")},
    Known{EISDIR, Localizable("Is a directory")},
    Known{EMFILE, Localizable("Too many open files")},
    Known{ENOSPC, Localizable("No space left on device")},
    Known{EROFS, Localizable("Read-only file system")},
    Known{EPIPE, Localizable("Broken pipe")},
    Known{ENAMETOOLONG, Localizable("File name too long")},
    Known{ELOOP, Localizable("Too many levels of symbolic links")},
    Known{EDQUOT, Localizable("Disk quota exceeded")},
};

}  // namespace

LocalizedText system_text(int error) {
    for (const auto& entry : known) {
        if (entry.error == error) return localize(entry.text);
    }
    return LocalizedText(std::strerror(error));
}

}  // namespace aml
