#pragma once

#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <string_view>
#include <system_error>

namespace aml::test {

/// A folder of its own for one test, removed at the end.
class TemporaryDirectory final {
public:
    TemporaryDirectory() {
        std::random_device random;
        do {
            path_ =
                std::filesystem::temp_directory_path() / ("aml-test-" + std::to_string(random()));
        } while (!std::filesystem::create_directory(path_));
    }

    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

    ~TemporaryDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(verbatim(path_), ignored);
    }

    const std::filesystem::path& path() const { return path_; }

    /// Writes a file, making the folders on the way. Any name will do, however long the path.
    std::filesystem::path write(const std::filesystem::path& relative,
                                std::string_view text) const {
        auto file = (path_ / relative).make_preferred();
        std::filesystem::create_directories(verbatim(file.parent_path()));
        std::ofstream(verbatim(file), std::ios::binary) << text;
        return file;
    }

private:
    /// For Windows, which else makes something of its own of some names, such as "CON" and "a.".
    static std::filesystem::path verbatim(std::filesystem::path path) {
        if (std::filesystem::path::preferred_separator == '/') return path;
        std::filesystem::path prefixed(R"(\\?\)");
        return prefixed += path.make_preferred();
    }

    std::filesystem::path path_;
};

}  // namespace aml::test
