#include "cli/terminal_prompter.hpp"

#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <sstream>
#include <utility>

namespace aml::cli {
namespace {

constexpr std::string_view back = "<";

bool is_item(const ui::PickItem& item) {
    return item.kind == ui::PickItem::Kind::Item;
}

// Rows are numbered from one; separators have no number.
std::vector<std::size_t> numbered(const std::vector<ui::PickItem>& items) {
    std::vector<std::size_t> rows;
    for (std::size_t at = 0; at < items.size(); ++at) {
        if (is_item(items[at])) rows.push_back(at);
    }
    return rows;
}

// What can be done about a list follows its rows, and is numbered as they are.
std::vector<ui::PickItem> with_actions(const ui::PickQuestion& question) {
    auto rows = question.items;
    for (const auto& action : question.actions)
        rows.push_back({.id = action.id, .label = action.label});
    return rows;
}

std::vector<std::string> chosen(const ui::PickQuestion& question) {
    std::vector<std::string> ids;
    for (const auto& item : question.items) {
        if (is_item(item) && item.picked) ids.push_back(item.id);
    }
    return ids;
}

std::optional<std::size_t> number_in(const std::string& text) {
    std::size_t number = 0;
    const auto* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || rest != end) return std::nullopt;
    return number;
}

/// The prompt with what else can be typed, and what Enter alone means.
std::string prompt_line(const LocalizedText& what, bool can_go_back, const std::string& preset) {
    const auto hinted = can_go_back ? localize("{}, < for back", what) : what;
    return preset.empty() ? localize("{}: ", hinted) : localize("{} [{}]: ", hinted, preset);
}

/// Progress on the live line. Ctrl-C ends the whole command, so nothing else can be cancelled.
class LiveProgress final : public ui::ProgressView {
public:
    LiveProgress(Terminal& terminal, std::string title)
        : terminal_(terminal),
          title_(std::move(title)) {
        terminal_.live(title_);
    }

    LiveProgress(const LiveProgress&) = delete;
    LiveProgress& operator=(const LiveProgress&) = delete;

    ~LiveProgress() override { terminal_.live(""); }

    void report(std::string text, std::optional<int> percent) override {
        terminal_.live(localize("{}: {}", title_, text), percent);
    }

    std::stop_token stop_token() const override { return {}; }

private:
    Terminal& terminal_;
    std::string title_;
};

}  // namespace

std::variant<std::size_t, std::string> find_row(const std::vector<ui::PickItem>& items,
                                                const std::string& text) {
    const auto rows = numbered(items);
    if (const auto number = number_in(text)) {
        if (*number >= 1 && *number <= rows.size()) return rows[*number - 1];
    }
    std::vector<std::size_t> partly;
    const auto wanted = lower(text);
    for (const auto row : rows) {
        const auto label = lower(items[row].label);
        if (label == wanted || lower(items[row].id) == wanted) return row;
        if (label.find(wanted) != std::string::npos) partly.push_back(row);
    }
    if (partly.size() == 1) return partly.front();
    if (partly.empty()) return localize("No row is called '{}'.", text);
    return localize("{} rows have '{}' in their names.", partly.size(), text);
}

TerminalPrompter::TerminalPrompter(Terminal& terminal, LineReader& reader, bool interactive)
    : terminal_(terminal),
      reader_(reader),
      interactive_(interactive) {}

asio::awaitable<ui::PickAnswer> TerminalPrompter::pick(ui::PickQuestion question,
                                                       std::stop_token stop) {
    if (question.fill) {
        terminal_.live(question.title + " …");
        auto items = std::make_shared<std::vector<ui::PickItem>>(question.items);
        ui::PickUpdate update = [items](std::vector<ui::PickItem> rows, bool) {
            *items = std::move(rows);
        };
        auto filling = question.fill(std::move(update), stop);
        co_await std::move(filling);
        terminal_.live("");
        question.items = std::move(*items);
    }
    show_title(question.title, question.step, question.total_steps);
    if (question.can_pick_many) co_return co_await pick_many(std::move(question), std::move(stop));
    co_return co_await pick_one(std::move(question), std::move(stop));
}

asio::awaitable<ui::PickAnswer> TerminalPrompter::pick_one(ui::PickQuestion question,
                                                           std::stop_token stop) {
    show_rows(question);
    const auto rows = with_actions(question);
    const auto preferred =
        std::find_if(question.items.begin(), question.items.end(), [](const auto& item) {
            return is_item(item) && item.picked;
        });
    const bool has_preferred = preferred != question.items.end();
    const auto shown = has_preferred ? preferred->label : std::string();
    for (;;) {
        auto prompt = prompt_line(localize("Number or name"), question.can_go_back, shown);
        const auto text = co_await ask(std::move(prompt), stop);
        if (!text) co_return ui::Dismissed{};
        if (*text == back && question.can_go_back) co_return ui::WentBack{};
        ui::Picked picked;
        if (text->empty() && has_preferred) {
            picked.ids.push_back(preferred->id);
            co_return picked;
        }
        if (text->empty()) continue;
        const auto row = find_row(rows, *text);
        if (const auto* problem = std::get_if<std::string>(&row)) {
            terminal_.remark(*problem);
            continue;
        }
        const auto index = std::get<std::size_t>(row);
        if (index >= question.items.size()) {
            auto acted = co_await act(question, index - question.items.size(), stop);
            if (acted) co_return std::move(*acted);
            continue;
        }
        picked.ids.push_back(question.items[index].id);
        co_return picked;
    }
}

asio::awaitable<ui::PickAnswer> TerminalPrompter::pick_many(ui::PickQuestion question,
                                                            std::stop_token stop) {
    for (;;) {
        show_rows(question);
        auto prompt = prompt_line(
            localize("Numbers to switch on or off, Enter to accept"), question.can_go_back, {});
        const auto text = co_await ask(std::move(prompt), stop);
        if (!text) co_return ui::Dismissed{};
        if (*text == back && question.can_go_back) co_return ui::WentBack{};
        if (text->empty()) co_return ui::Picked{.ids = chosen(question)};
        std::optional<std::size_t> action;
        std::istringstream words(*text);
        for (std::string word; words >> word;) {
            const auto row = find_row(with_actions(question), word);
            if (const auto* problem = std::get_if<std::string>(&row)) {
                terminal_.remark(*problem);
                continue;
            }
            const auto index = std::get<std::size_t>(row);
            if (index >= question.items.size()) {
                action = index - question.items.size();
            } else {
                question.items[index].picked = !question.items[index].picked;
            }
        }
        if (!action) continue;
        auto acted = co_await act(question, *action, stop);
        if (acted) co_return std::move(*acted);
    }
}

asio::awaitable<std::optional<ui::PickAnswer>> TerminalPrompter::act(
    const ui::PickQuestion& question, std::size_t index, std::stop_token stop) {
    const auto& action = question.actions[index];
    ui::Acted acted{.action = action.id, .ids = chosen(question)};
    while (action.on_item && acted.item.empty()) {
        terminal_.remark(action.label);
        const auto text = co_await ask(prompt_line(localize("Number or name"), true, {}), stop);
        if (!text) co_return ui::Dismissed{};
        if (*text == back) co_return std::nullopt;
        if (text->empty()) continue;
        const auto row = find_row(question.items, *text);
        if (const auto* problem = std::get_if<std::string>(&row)) {
            terminal_.remark(*problem);
        } else {
            acted.item = question.items[std::get<std::size_t>(row)].id;
        }
    }
    co_return acted;
}

asio::awaitable<ui::InputAnswer> TerminalPrompter::input(ui::InputQuestion question,
                                                         std::stop_token stop) {
    show_title(question.title, question.step, question.total_steps);
    if (!question.prompt.empty()) terminal_.remark("  " + question.prompt);
    for (;;) {
        auto prompt = prompt_line(localize("Text"), question.can_go_back, question.value);
        auto text = co_await ask(std::move(prompt), stop);
        if (!text) co_return ui::Dismissed{};
        if (*text == back && question.can_go_back) co_return ui::WentBack{};
        if (text->empty()) *text = question.value;
        const auto problem = question.validate ? question.validate(*text) : std::nullopt;
        if (!problem) co_return ui::Entered{std::move(*text)};
        terminal_.remark(*problem);
    }
}

asio::awaitable<std::optional<std::string>> TerminalPrompter::message(ui::Message message,
                                                                      std::stop_token stop) {
    if (message.kind == ui::MessageKind::Error) {
        terminal_.error(message.text);
    } else {
        terminal_.remark(message.text);
    }
    if (message.actions.empty()) co_return std::nullopt;
    ui::PickQuestion question;
    for (const auto& action : message.actions) question.items.push_back({action, action});
    const auto answer = co_await pick_one(std::move(question), std::move(stop));
    if (const auto* picked = std::get_if<ui::Picked>(&answer)) co_return picked->ids.front();
    co_return std::nullopt;
}

std::unique_ptr<ui::ProgressView> TerminalPrompter::progress(std::string title) {
    return std::make_unique<LiveProgress>(terminal_, std::move(title));
}

asio::awaitable<std::optional<std::string>> TerminalPrompter::ask(std::string prompt,
                                                                  std::stop_token stop) {
    if (!interactive_) {
        throw Error(
            ErrorKind::Unavailable,
            localize("Something has to be asked, and there is no terminal to ask on. Say it with "
                     "options; --help lists them."));
    }
    terminal_.prompt(prompt);
    auto line = co_await reader_.read(std::move(stop));
    if (!line) {
        terminal_.remark("");
        co_return std::nullopt;
    }
    const auto first = line->find_first_not_of(" \t");
    if (first == std::string::npos) co_return std::string();
    co_return line->substr(first, line->find_last_not_of(" \t") - first + 1);
}

void TerminalPrompter::show_title(const std::string& title, int step, int total_steps) {
    terminal_.remark("");
    if (step > 0) {
        terminal_.remark(localize("{} ({} of {})", title, step, total_steps));
    } else {
        terminal_.remark(title);
    }
}

void TerminalPrompter::show_rows(const ui::PickQuestion& question) {
    std::size_t number = 0;
    for (const auto& item : question.items) {
        if (!is_item(item)) {
            terminal_.remark(fmt::format("     {}", item.label));
            continue;
        }
        const auto box = !question.can_pick_many ? "" : item.picked ? "[x] " : "[ ] ";
        auto row = fmt::format("{:4} {}{}", ++number, box, item.label);
        if (!item.description.empty()) row += "  " + item.description;
        terminal_.remark(row);
        if (!item.detail.empty()) terminal_.remark("       " + item.detail);
    }
    for (const auto& action : question.actions)
        terminal_.remark(fmt::format("{:4} {}", ++number, action.label));
}

}  // namespace aml::cli
