#pragma once

#include "ui/prompter.hpp"

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

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

/// A pick whose rows come from Azure, between rows that are always there.
struct ListPick {
    ui::PickQuestion question;
    std::vector<ui::PickItem> before{};
    std::vector<ui::PickItem> after{};
    /// What a failure to list says: "Could not list the experiments".
    std::string failed;
    /// Heading above the listed rows; shown with "none yet" when there are none.
    std::string heading{};
    /// The rows if they are known already; then the pick does not open busy.
    std::function<std::optional<std::vector<ui::PickItem>>()> known{};
    /// Asks Azure. May call `update` with what it has so far. Throws: `Error`.
    std::function<asio::awaitable<std::vector<ui::PickItem>>(ui::PickUpdate update,
                                                             std::stop_token stop)>
        list{};
};

/// The row that creates something new: Azure gives no such name to anything.
inline constexpr std::string_view new_id = "+new";

/// Asks until the user chooses a row, goes back or gives up. A failure to list is a row with the
/// reason and another that tries again; the rows that are always there can be chosen meanwhile.
/// Throws what the prompter throws.
asio::awaitable<ui::PickAnswer> pick_from_list(ui::Prompter& prompter,
                                               ListPick list,
                                               std::stop_token stop);

/// Marks the row with this id as the one to start from, if there is one.
void preselect(std::vector<ui::PickItem>& items, const std::string& id);

}  // namespace aml::wizard
