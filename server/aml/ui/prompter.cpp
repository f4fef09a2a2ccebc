#include "ui/prompter.hpp"

#include <utility>

namespace aml::ui {

PickItem PickItem::separator(std::string label) {
    PickItem item{.id = {}, .label = std::move(label)};
    item.kind = Kind::Separator;
    return item;
}

}  // namespace aml::ui
