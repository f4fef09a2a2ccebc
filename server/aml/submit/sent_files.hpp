#pragma once

#include "submit/upload_review.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace aml::submit {

/// What a run configuration sends, as a text to read: what should be checked first, then folders
/// and files, the largest first, then what is left out and by which line of which ignore file. Of
/// many files the smaller ones are counted only.
std::string sent_text(const std::vector<SentFolder>& folders);

/// A line of an ignore file beside `path` that leaves out just that; a folder's path ends in '/'.
std::string ignore_line(std::string_view path);

/// Adds a line to an ignore file, which is made when there is none. Blocking. Throws: Unavailable.
void add_ignore_line(const std::filesystem::path& file, std::string_view line);

}  // namespace aml::submit
