#pragma once

#include "ui/prompter.hpp"

#include <optional>
#include <string>
#include <variant>

namespace aml::wizard {

/// How a step of the wizard ended.
enum class StepEnd { Next, Back, Quit };

/// Where a question stands in the wizard: step `number` of `total`, counted from 1; 0 when it
/// stands alone.
struct StepPlace {
    int number = 0;
    int total = 0;
    bool can_go_back = false;
};

/// A question of the wizard with its place filled in.
ui::PickQuestion pick_question(const StepPlace& place, std::string title, std::string placeholder);
ui::InputQuestion input_question(const StepPlace& place, std::string title, std::string prompt);

/// How a question ended that was not answered; nothing when it was.
template <typename Answer>
std::optional<StepEnd> unanswered(const Answer& answer) {
    if (std::holds_alternative<ui::WentBack>(answer)) return StepEnd::Back;
    if (std::holds_alternative<ui::Dismissed>(answer)) return StepEnd::Quit;
    return std::nullopt;
}

}  // namespace aml::wizard
