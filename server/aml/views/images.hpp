#pragma once

#include "views/run_view.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace aml::views {

/// The media type of a picture by its file's name, such as "image/png"; empty when it is none that
/// a browser shows.
std::string_view image_type(std::string_view path);

/// The pictures among a run's files, by name. What MLflow's `log_image` wrote with a key and steps
/// is one picture at several steps; its small copies are left out.  Source: MLflow,
/// `images/{key}%step%{step}%timestamp%{time}%{uuid}.png`, with "+" for "%" where a store does not
/// take that, and "#" for a slash of the key.
std::vector<Image> images_among(const std::vector<std::string>& files);

}  // namespace aml::views
