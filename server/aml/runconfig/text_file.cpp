#include "runconfig/text_file.hpp"

#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/unicode.hpp"

#include <fstream>
#include <sstream>
#include <utility>

namespace aml::runconfig {

std::string read_text_file(const std::filesystem::path& file) {
    std::error_code failed;
    const auto status = std::filesystem::status(file, failed);
    if (status.type() == std::filesystem::file_type::not_found)
        throw Error(ErrorKind::NotFound, localize("{} does not exist.", file.string()));
    if (std::filesystem::is_directory(status)) {
        throw Error(ErrorKind::Rejected,
                    localize("“{}” is a folder: name a file in it.", file.string()));
    }
    std::ifstream stream;
    // Opening a pipe would wait for somebody who writes into it.
    if (std::filesystem::is_regular_file(status)) stream.open(file, std::ios::binary);
    std::stringstream bytes;
    bytes << stream.rdbuf();
    if (!stream.is_open() || bytes.bad()) {
        throw Error(
            ErrorKind::Unavailable,
            localize("{} cannot be read. Check that it is a file you may read.", file.string()));
    }
    auto text = text_from_bytes(bytes.str());
    if (!text || !decode_utf8(*text)) {
        throw Error(ErrorKind::Rejected,
                    localize("{} is not UTF-8 text. Save it as UTF-8.", file.string()));
    }
    return std::move(*text);
}

}  // namespace aml::runconfig
