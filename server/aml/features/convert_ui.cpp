#include "features/convert_ui.hpp"

#include "features/convert.hpp"

#include <utility>
#include <variant>

namespace aml::features {
namespace {

std::optional<std::uint64_t> unless_zero(int number) {
    if (number <= 0) return std::nullopt;
    return static_cast<std::uint64_t>(number);
}

}  // namespace

protocol::PickItem to_wire(const ui::PickItem& item) {
    protocol::PickItem wire{.id = item.id, .label = item.label};
    wire.description = unless_empty(item.description);
    wire.detail = unless_empty(item.detail);
    wire.icon = unless_empty(item.icon);
    if (item.picked) wire.picked = true;
    if (item.kind == ui::PickItem::Kind::Separator) wire.kind = protocol::PickItemKind::Separator;
    return wire;
}

std::vector<protocol::PickItem> to_wire(const std::vector<ui::PickItem>& items) {
    std::vector<protocol::PickItem> wire;
    wire.reserve(items.size());
    for (const auto& item : items) wire.push_back(to_wire(item));
    return wire;
}

std::vector<protocol::PickAction> to_wire(const std::vector<ui::PickAction>& actions) {
    std::vector<protocol::PickAction> wire;
    wire.reserve(actions.size());
    for (const auto& action : actions) {
        wire.push_back({.id = action.id, .label = action.label, .icon = action.icon});
        if (action.on_item) wire.back().onItem = true;
    }
    return wire;
}

protocol::PickParams to_wire(const ui::PickQuestion& question, std::string token) {
    protocol::PickParams wire{.token = std::move(token), .title = question.title};
    wire.step = unless_zero(question.step);
    wire.totalSteps = unless_zero(question.total_steps);
    wire.placeholder = unless_empty(question.placeholder);
    wire.items = to_wire(question.items);
    wire.canGoBack = question.can_go_back;
    wire.canPickMany = question.can_pick_many;
    if (!question.actions.empty()) wire.actions = to_wire(question.actions);
    wire.busy = static_cast<bool>(question.fill);
    return wire;
}

protocol::InputParams to_wire(const ui::InputQuestion& question, std::string token) {
    protocol::InputParams wire{.token = std::move(token), .title = question.title};
    wire.step = unless_zero(question.step);
    wire.totalSteps = unless_zero(question.total_steps);
    wire.prompt = unless_empty(question.prompt);
    wire.value = unless_empty(question.value);
    wire.placeholder = unless_empty(question.placeholder);
    wire.canGoBack = question.can_go_back;
    return wire;
}

protocol::MessageType to_wire(ui::MessageKind kind) {
    switch (kind) {
        case ui::MessageKind::Error:
            return protocol::MessageType::Error;
        case ui::MessageKind::Warning:
            return protocol::MessageType::Warning;
        case ui::MessageKind::Info:
            break;
    }
    return protocol::MessageType::Info;
}

ui::PickAnswer from_wire(protocol::PickResult result) {
    if (auto* picked = std::get_if<protocol::PickResultPicked>(&result)) {
        return ui::Picked{.ids = std::move(picked->ids)};
    }
    if (auto* acted = std::get_if<protocol::PickResultAction>(&result)) {
        return ui::Acted{.action = std::move(acted->action),
                         .ids = std::move(acted->ids),
                         .item = acted->item.value_or(""),
                         .typed = acted->typed.value_or("")};
    }
    if (std::holds_alternative<protocol::PickResultBack>(result)) return ui::WentBack{};
    return ui::Dismissed{};
}

ui::InputAnswer from_wire(protocol::InputResult result) {
    if (auto* entered = std::get_if<protocol::InputResultEntered>(&result)) {
        return ui::Entered{.value = std::move(entered->value)};
    }
    if (std::holds_alternative<protocol::InputResultBack>(result)) return ui::WentBack{};
    return ui::Dismissed{};
}

}  // namespace aml::features
