#include "compute/log_file.hpp"

#include <algorithm>
#include <fstream>

namespace aml::emulator {

namespace {

constexpr std::uintmax_t tail_size = 16 * 1024;

}  // namespace

void append_log(const std::filesystem::path& log, std::string_view text) {
    std::ofstream(log, std::ios::app | std::ios::binary) << text;
}

std::string log_tail(const std::filesystem::path& log) {
    std::error_code missing;
    const auto size = std::filesystem::file_size(log, missing);
    if (missing) return {};
    const auto length = std::min(size, tail_size);
    std::string tail(length, '\0');
    std::ifstream file(log, std::ios::binary);
    file.seekg(static_cast<std::streamoff>(size - length));
    file.read(tail.data(), static_cast<std::streamsize>(length));
    tail.resize(static_cast<std::size_t>(file.gcount()));
    return tail;
}

}  // namespace aml::emulator
