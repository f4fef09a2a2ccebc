#pragma once

#include "protocol/protocol.gen.hpp"
#include "ui/prompter.hpp"

#include <string>
#include <vector>

namespace aml::features {

protocol::PickItem to_wire(const ui::PickItem& item);
std::vector<protocol::PickItem> to_wire(const std::vector<ui::PickItem>& items);
/// `token` names the open pick.
std::vector<protocol::PickAction> to_wire(const std::vector<ui::PickAction>& actions);
protocol::PickParams to_wire(const ui::PickQuestion& question, std::string token);
protocol::InputParams to_wire(const ui::InputQuestion& question, std::string token);
protocol::MessageType to_wire(ui::MessageKind kind);

ui::PickAnswer from_wire(protocol::PickResult result);
ui::InputAnswer from_wire(protocol::InputResult result);

}  // namespace aml::features
