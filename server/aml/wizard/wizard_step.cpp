#include "wizard/wizard_step.hpp"

#include "support/error.hpp"
#include "support/localize.hpp"

#include <iterator>
#include <memory>
#include <utility>

namespace aml::wizard {
namespace {

constexpr std::string_view again_id = "again";

std::vector<ui::PickItem> around(const ListPick& list, std::vector<ui::PickItem> rows) {
    std::vector<ui::PickItem> items = list.before;
    if (!list.heading.empty()) {
        items.push_back(ui::PickItem::separator(
            rows.empty() ? localize("{}: none yet", list.heading) : list.heading));
    }
    items.insert(
        items.end(), std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
    items.insert(items.end(), list.after.begin(), list.after.end());
    return items;
}

std::vector<ui::PickItem> failure_rows(const ListPick& list, const Error& error) {
    ui::PickItem again{.id = std::string(again_id), .label = localize("Try again")};
    again.description = list.failed;
    again.detail = error.message();
    again.icon = "warning";
    return {std::move(again)};
}

asio::awaitable<void> fill(std::shared_ptr<const ListPick> list,
                           ui::PickUpdate update,
                           std::stop_token stop) {
    std::vector<ui::PickItem> rows;
    std::optional<Error> failure;
    try {
        ui::PickUpdate partial = [list, update](std::vector<ui::PickItem> so_far, bool busy) {
            update(around(*list, std::move(so_far)), busy);
        };
        auto listing = list->list(std::move(partial), stop);
        rows = co_await std::move(listing);
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::Cancelled) throw;
        failure = error;
    }
    if (failure) rows = failure_rows(*list, *failure);
    update(around(*list, std::move(rows)), false);
}

bool wants_again(const ui::PickAnswer& answer) {
    const auto* picked = std::get_if<ui::Picked>(&answer);
    return picked != nullptr && picked->ids.size() == 1 && picked->ids.front() == again_id;
}

}  // namespace

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

asio::awaitable<ui::PickAnswer> pick_from_list(ui::Prompter& prompter,
                                               ListPick list,
                                               std::stop_token stop) {
    const auto shared = std::make_shared<const ListPick>(std::move(list));
    for (;;) {
        auto question = shared->question;
        const auto known = shared->known ? shared->known() : std::nullopt;
        if (known) {
            question.items = around(*shared, *known);
        } else {
            question.items = shared->before;
            question.items.insert(question.items.end(), shared->after.begin(), shared->after.end());
            question.fill = [shared](ui::PickUpdate update, std::stop_token inner) {
                return fill(shared, std::move(update), std::move(inner));
            };
        }
        auto answer = co_await prompter.pick(std::move(question), stop);
        if (!wants_again(answer)) co_return answer;
    }
}

void preselect(std::vector<ui::PickItem>& items, const std::string& id) {
    for (auto& item : items) item.picked = !id.empty() && item.id == id;
}

}  // namespace aml::wizard
