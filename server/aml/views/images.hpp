#pragma once

#include "views/run_view.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace aml::views {

/// The media type of a picture by its file's name, such as "image/png"; empty when it is none that
/// a browser shows.
std::string_view image_type(std::string_view path);

/// The media type of a picture by how its content begins, and by its name only where no content
/// tells.
std::string_view image_type(std::string_view path, std::string_view content);

/// The pictures among a run's files, by name. What MLflow's `log_image` wrote with a key and steps
/// is one picture at several steps; its small copies are left out.  Source: MLflow,
/// `images/{key}+step+{step}+timestamp+{time}+{uuid}.png` with "~" for a slash of the key; at first
/// "%" for "+" and "#" for "~".
std::vector<Image> images_among(const std::vector<std::string>& files);

}  // namespace aml::views
