#include "wizard/wizard_packages.hpp"

#include "runconfig/package_spec.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <algorithm>
#include <utility>

namespace aml::wizard {
namespace {

using runconfig::check_conda_dependency;
using runconfig::check_pip_requirement;
using runconfig::package_name;
using Source = PackageChoice::Source;

constexpr std::string_view add_id = "add";
constexpr std::string_view change_id = "change";

ui::PickItem row_item(const PackageChoice::Row& row, std::size_t index) {
    ui::PickItem item{.id = std::to_string(index), .label = row.text};
    item.picked = row.wanted;
    return item;
}

void append_rows(std::vector<ui::PickItem>& items,
                 const PackageChoice& choice,
                 Source source,
                 std::string title) {
    std::vector<ui::PickItem> found;
    for (std::size_t i = 0; i < choice.rows().size(); ++i) {
        if (choice.rows()[i].source == source) found.push_back(row_item(choice.rows()[i], i));
    }
    if (found.empty()) return;
    items.push_back(ui::PickItem::separator(std::move(title)));
    items.insert(items.end(), found.begin(), found.end());
}

std::vector<ui::PickItem> package_items(const PackageChoice& choice) {
    std::vector<ui::PickItem> items;
    append_rows(items, choice, Source::Pip, localize("Python packages"));
    append_rows(items, choice, Source::Conda, localize("From conda"));
    return items;
}

std::vector<ui::PickAction> package_actions() {
    return {{.id = std::string(add_id), .label = localize("Add a package…"), .icon = "add"},
            {.id = std::string(change_id),
             .label = localize("Change a package or its version…"),
             .icon = "edit",
             .on_item = true}};
}

std::vector<std::size_t> indices(const std::vector<std::string>& ids) {
    std::vector<std::size_t> result;
    for (const auto& id : ids) result.push_back(std::stoul(id));
    return result;
}

// The questions inside the step always offer Back: it leads to the list.
StepPlace inside(StepPlace place) {
    place.can_go_back = true;
    return place;
}

asio::awaitable<StepEnd> add_package(ui::Prompter& prompter,
                                     PackageChoice& choice,
                                     std::string typed,
                                     StepPlace place,
                                     std::stop_token stop) {
    auto question = input_question(inside(place),
                                   localize("Add a package"),
                                   localize("Name of the package, with a version if it matters"));
    question.value = std::move(typed);
    question.placeholder = "scikit-learn>=1.5";
    question.validate = [&choice](const std::string& text) { return choice.check_new(text); };
    const auto answer = co_await prompter.input(std::move(question), stop);
    if (const auto end = unanswered(answer)) co_return *end;
    choice.add(trimmed(std::get<ui::Entered>(answer).value));
    co_return StepEnd::Next;
}

asio::awaitable<StepEnd> change_package(ui::Prompter& prompter,
                                        PackageChoice& choice,
                                        std::size_t index,
                                        StepPlace place,
                                        std::stop_token stop) {
    auto question = input_question(inside(place),
                                   localize("Change a package"),
                                   localize("Name of the package, with a version if it matters"));
    question.value = choice.rows()[index].text;
    question.validate = [&choice, index](const std::string& text) {
        return choice.check_change(index, text);
    };
    const auto answer = co_await prompter.input(std::move(question), stop);
    if (const auto end = unanswered(answer)) co_return *end;
    choice.change(index, trimmed(std::get<ui::Entered>(answer).value));
    co_return StepEnd::Next;
}

}  // namespace

PackageChoice::PackageChoice(const runconfig::PackageList& list)
    : original_(list) {
    for (const auto& text : list.pip) rows_.push_back({text, Source::Pip});
    for (const auto& text : list.conda) {
        if (package_name(text) != "pip") rows_.push_back({text, Source::Conda});
    }
}

void PackageChoice::want(const std::vector<std::size_t>& indices) {
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        rows_[i].wanted = std::find(indices.begin(), indices.end(), i) != indices.end();
    }
}

void PackageChoice::add(std::string text) {
    const auto same = [&](const Row& row) {
        return row.source == Source::Pip && package_name(row.text) == package_name(text);
    };
    const auto found = std::find_if(rows_.begin(), rows_.end(), same);
    if (found != rows_.end()) {
        *found = {std::move(text), Source::Pip};
        return;
    }
    const auto conda = [](const Row& row) { return row.source == Source::Conda; };
    rows_.insert(std::find_if(rows_.begin(), rows_.end(), conda), {std::move(text), Source::Pip});
}

void PackageChoice::change(std::size_t index, std::string text) {
    rows_.at(index) = {std::move(text), rows_.at(index).source};
}

std::optional<std::string> PackageChoice::check_new(const std::string& text) const {
    if (auto complaint = check_pip_requirement(text)) return complaint;
    for (const auto& row : rows_) {
        if (row.wanted && package_name(row.text) == package_name(text)) {
            return localize("{} is in the list already; change its version there.", row.text);
        }
    }
    return std::nullopt;
}

std::optional<std::string> PackageChoice::check_change(std::size_t index,
                                                       const std::string& text) const {
    const auto source = rows_.at(index).source;
    const auto complaint =
        source == Source::Pip ? check_pip_requirement(text) : check_conda_dependency(text);
    if (complaint) return complaint;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        if (i != index && rows_[i].wanted && package_name(rows_[i].text) == package_name(text)) {
            return localize("{} is in the list already.", rows_[i].text);
        }
    }
    return std::nullopt;
}

bool PackageChoice::edited() const {
    return list() != original_;
}

runconfig::PackageList PackageChoice::list() const {
    runconfig::PackageList list{.name = original_.name,
                                .channels = original_.channels,
                                .conda = {},
                                .pip = {},
                                .ignored = original_.ignored};
    std::string pip = "pip";
    for (const auto& text : original_.conda) {
        if (package_name(text) == "pip") pip = text;
    }
    for (const auto& row : rows_) {
        if (!row.wanted) continue;
        (row.source == Source::Pip ? list.pip : list.conda).push_back(row.text);
    }
    const auto place =
        std::find_if(original_.conda.begin(), original_.conda.end(), [](const std::string& text) {
            return package_name(text) == "pip";
        });
    const bool had_pip = place != original_.conda.end();
    if (!had_pip && list.pip.empty()) return list;
    // At its old place when nothing before it was taken out, so that an untouched list compares
    // equal.
    const auto index =
        std::min<std::ptrdiff_t>(place - original_.conda.begin(), std::ssize(list.conda));
    list.conda.insert(list.conda.begin() + index, std::move(pip));
    return list;
}

asio::awaitable<StepEnd> confirm_packages(ui::Prompter& prompter,
                                          PackageChoice& choice,
                                          StepPlace place,
                                          std::stop_token stop) {
    for (;;) {
        auto question = pick_question(place,
                                      localize("Azure ML: packages"),
                                      localize("Check what the run needs, then press Enter"));
        question.can_pick_many = true;
        question.items = package_items(choice);
        question.actions = package_actions();
        const auto answer = co_await prompter.pick(std::move(question), stop);
        if (const auto end = unanswered(answer)) co_return *end;
        const auto* acted = std::get_if<ui::Acted>(&answer);
        choice.want(indices(acted != nullptr ? acted->ids : std::get<ui::Picked>(answer).ids));
        if (acted == nullptr) co_return StepEnd::Next;
        auto doing = acted->action == add_id
                         ? add_package(prompter, choice, acted->typed, place, stop)
                         : change_package(prompter, choice, std::stoul(acted->item), place, stop);
        const auto end = co_await std::move(doing);
        if (end == StepEnd::Quit) co_return end;
    }
}

}  // namespace aml::wizard
