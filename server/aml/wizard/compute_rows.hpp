#pragma once

#include "azure/computes.hpp"
#include "ui/prompter.hpp"

#include <optional>
#include <string>
#include <vector>

namespace aml::wizard {

/// A row of the list of computes; `sizes` may be null while unknown.
ui::PickItem compute_row(const azure::Compute& compute, const std::vector<azure::VmSize>* sizes);

/// Rows for choosing a machine size: the usual ones, then by CPU and GPU, each with what the quota
/// leaves for it, as far as `usages` tell. `selected` starts focused.
std::vector<ui::PickItem> size_rows(const std::vector<azure::VmSize>& sizes,
                                    const std::vector<azure::Usage>& usages,
                                    const std::string& selected);

}  // namespace aml::wizard
