#include "wizard/wizard_step.hpp"

#include <utility>

namespace aml::wizard {

ui::PickQuestion pick_question(const StepPlace& place, std::string title, std::string placeholder) {
    ui::PickQuestion question{.title = std::move(title)};
    question.step = place.number;
    question.total_steps = place.total;
    question.can_go_back = place.can_go_back;
    question.placeholder = std::move(placeholder);
    return question;
}

ui::InputQuestion input_question(const StepPlace& place, std::string title, std::string prompt) {
    ui::InputQuestion question{.title = std::move(title)};
    question.step = place.number;
    question.total_steps = place.total;
    question.can_go_back = place.can_go_back;
    question.prompt = std::move(prompt);
    return question;
}

}  // namespace aml::wizard
