#pragma once

#include <string>
#include <string_view>

namespace aml::workspace {

/// A state of a resource that is no run, such as "Stopped" or "Succeeded", in the user's language;
/// as Azure writes it in English, and when it has no translation.
/// Source: provisioning and allocation states of Machine Learning computes, nodes and endpoints,
/// 2025-12-01.
std::string state_word(std::string_view state);

}  // namespace aml::workspace
