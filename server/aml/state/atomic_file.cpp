#include "state/atomic_file.hpp"

#include "platform/error.hpp"
#include "platform/file.hpp"
#include "platform/folder.hpp"
#include "support/error.hpp"
#include "support/half_written.hpp"
#include "support/localize.hpp"
#include "support/system_text.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <random>

namespace aml::state {
namespace {

[[noreturn]] void fail(const std::filesystem::path& file, const std::error_code& error) {
    throw Error(ErrorKind::Unavailable, write_failure(file, error));
}

/// A new file beside `file`, under a name that no other process or thread uses.
platform::File create_beside(const std::filesystem::path& file, std::filesystem::path& name) {
    std::random_device random;
    for (;;) {
        name = file;
        name += fmt::format(".{:08x}{}", std::uint32_t{random()}, half_written_ending);
        try {
            return platform::File::create_new(name);
        } catch (const std::system_error& error) {
            if (error.code() != std::errc::file_exists) throw;
        }
    }
}

/// A text beside the file that it will become.
class TemporaryFile final {
public:
    /// Throws: `std::system_error`.
    TemporaryFile(const std::filesystem::path& file, std::string_view text) {
        auto content = create_beside(file, name_);
        try {
            content.write_at(0, text);
            content.sync();
        } catch (const std::system_error&) {
            remove();
            throw;
        }
    }

    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    ~TemporaryFile() {
        if (!name_.empty()) remove();
    }

    const std::filesystem::path& name() const { return name_; }

    /// It has got another name.
    void release() { name_.clear(); }

private:
    void remove() const {
        try {
            platform::remove_file(name_);
        } catch (const std::system_error&) {
            // What has failed before is what the user is told of.
        }
    }

    std::filesystem::path name_;
};

bool is_folder(const std::filesystem::path& path) {
    try {
        return platform::status(path).kind == platform::FileKind::Folder;
    } catch (const std::system_error&) {
        // There is none, or none that can be used.
        return false;
    }
}

}  // namespace

std::string write_failure(const std::filesystem::path& file, const std::error_code& error) {
    const auto reason = system_text(error);
    const auto directory = file.parent_path().string();
    if (error == std::errc::no_space_on_device || platform::is_quota_exceeded(error)) {
        return localize(
            "Cannot save {}: {}. Free some space and try again.", file.string(), reason);
    }
    if (error == std::errc::text_file_busy) {
        return localize("Cannot save {}: {}. Close it there and try again.", file.string(), reason);
    }
    if (error == std::errc::permission_denied || error == std::errc::operation_not_permitted ||
        error == std::errc::read_only_file_system) {
        return localize(
            "Cannot save {}: {}. Make {} a folder that you may write to, or choose another state "
            "folder (XDG_STATE_HOME for the terminal).",
            file.string(),
            reason,
            directory);
    }
    return localize("Cannot save {}: {}. Check the folder {}.", file.string(), reason, directory);
}

void make_directory(const std::filesystem::path& directory) {
    if (is_folder(directory)) return;
    if (const auto parent = directory.parent_path(); !parent.empty() && parent != directory) {
        make_directory(parent);
    }
    try {
        platform::make_folder(directory);
    } catch (const std::system_error& failure) {
        fail(directory, failure.code());
    }
    if (!is_folder(directory)) {
        throw Error(ErrorKind::Unavailable,
                    localize("Cannot use {} as a folder: something else has that name. Move it "
                             "away, or choose another state folder (XDG_STATE_HOME for the "
                             "terminal).",
                             directory.string()));
    }
}

void write_atomically(const std::filesystem::path& file, std::string_view text) {
    try {
        TemporaryFile temporary(file, text);
        platform::replace(temporary.name(), file);
        temporary.release();
        platform::sync_folder(file.parent_path());
    } catch (const std::system_error& error) {
        fail(file, error.code());
    }
}

bool create_atomically(const std::filesystem::path& file, std::string_view text) {
    try {
        TemporaryFile temporary(file, text);
        if (!platform::rename_if_new(temporary.name(), file)) return false;
        temporary.release();
        platform::sync_folder(file.parent_path());
        return true;
    } catch (const std::system_error& error) {
        fail(file, error.code());
    }
}

std::optional<std::string> read_file(const std::filesystem::path& file) {
    constexpr std::size_t chunk = 65536;
    try {
        const auto content = platform::File::open(file);
        std::string text;
        for (;;) {
            const auto size = text.size();
            text.resize(size + chunk);
            const auto count = content.read_at(size, text.data() + size, chunk);
            text.resize(size + count);
            if (count == 0) return text;
        }
    } catch (const std::system_error& error) {
        const auto& code = error.code();
        if (code == std::errc::no_such_file_or_directory || code == std::errc::not_a_directory)
            return std::nullopt;
        const auto reason = system_text(code);
        throw Error(
            ErrorKind::Unavailable,
            code == std::errc::text_file_busy
                ? localize(
                      "Cannot read {}: {}. Close it there and try again.", file.string(), reason)
                : localize("Cannot read {}: {}. Check its permissions.", file.string(), reason));
    }
}

}  // namespace aml::state
