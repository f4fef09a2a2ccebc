#pragma once

#include "domain/wizard/prompter.hpp"
#include "protocol/protocol.gen.hpp"

#include <string>
#include <vector>

namespace aml::features {

protocol::PickItem to_wire(const domain::PickItem& item);
std::vector<protocol::PickItem> to_wire(const std::vector<domain::PickItem>& items);
/// `token` names the open pick.
std::vector<protocol::PickAction> to_wire(const std::vector<domain::PickAction>& actions);
protocol::PickParams to_wire(const domain::PickQuestion& question, std::string token);
protocol::InputParams to_wire(const domain::InputQuestion& question, std::string token);
protocol::MessageType to_wire(domain::MessageKind kind);

domain::PickAnswer from_wire(protocol::PickResult result);
domain::InputAnswer from_wire(protocol::InputResult result);

}  // namespace aml::features
