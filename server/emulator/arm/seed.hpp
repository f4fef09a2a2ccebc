#pragma once

#include "arm/site.hpp"

#include <string_view>

namespace aml::emulator {

/// Fills a fresh state (one subscription, group and workspace) and applies the file of `--seed`,
/// once per content. All of it in one transaction. Throws: InvalidParams naming the file and the
/// place in it that is wrong.
void seed(Site& site);

/// Applies a seed document; `name` stands for the file in messages. README.md documents the format.
void apply_seed(Site& site, std::string_view text, std::string_view name);

}  // namespace aml::emulator
