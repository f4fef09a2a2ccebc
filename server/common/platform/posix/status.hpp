#pragma once

#include "platform/file.hpp"

struct stat;

namespace aml::platform {

FileStatus file_status(const struct stat& status);

}  // namespace aml::platform
