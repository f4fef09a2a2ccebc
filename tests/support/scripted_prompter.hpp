#pragma once

#include "async/asio.hpp"
#include "async/event.hpp"
#include "async/task_group.hpp"
#include "support/error.hpp"
#include "ui/prompter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace aml::test {

/// A user who answers from a script, in order, and fails loudly on any question that was not
/// expected. Rows are named by label or id. A text the validation refuses is noted in `refused`,
/// and the next answer is typed instead.
class ScriptedPrompter final : public ui::Prompter {
public:
    /// Chooses rows of the pick whose title contains `title`.
    void pick(std::string title, std::vector<std::string> rows) {
        script_.push_back({Kind::Pick, std::move(title), std::move(rows)});
    }

    void pick(std::string title, const char* row) {
        pick(std::move(title), std::vector<std::string>{row});
    }

    /// Uses an action of the pick whose title contains `title`, with these rows chosen; `item` is
    /// the row it is about, for one that is about a row.
    void act(std::string title,
             std::vector<std::string> rows,
             std::string action,
             std::string item = {},
             std::string typed = {}) {
        script_.push_back({Kind::Act, std::move(title), std::move(rows)});
        script_.back().acted = {
            .action = std::move(action), .item = std::move(item), .typed = std::move(typed)};
    }

    void enter(std::string title, std::string value) {
        script_.push_back({Kind::Enter, std::move(title), {std::move(value)}});
    }

    /// Accepts the input with the text it starts with.
    void accept(std::string title) { script_.push_back({Kind::Accept, std::move(title), {}}); }

    void back(std::string title) { script_.push_back({Kind::Back, std::move(title), {}}); }

    void escape(std::string title) { script_.push_back({Kind::Escape, std::move(title), {}}); }

    /// Presses a button of the message whose text contains `text`; an empty `button` closes it.
    void press(std::string text, std::string button) {
        script_.push_back({Kind::Press, std::move(text), {std::move(button)}});
    }

    /// True when every scripted answer was used.
    bool done() const { return script_.empty(); }

    std::vector<ui::PickQuestion> picks;
    std::vector<ui::InputQuestion> inputs;
    std::vector<ui::Message> messages;
    /// What each validation said about texts that it did not accept.
    std::vector<std::string> refused;
    /// Every text reported by progress views.
    std::vector<std::string> progress_texts;
    /// Fired by the progress view opened next.
    std::stop_source cancel_progress;

    asio::awaitable<ui::PickAnswer> pick(ui::PickQuestion question, std::stop_token stop) override {
        if (question.fill) question.items = co_await filled(question, stop);
        picks.push_back(question);
        auto answer = next(question.title, {Kind::Pick, Kind::Act, Kind::Back, Kind::Escape});
        if (answer.kind == Kind::Escape) co_return ui::Dismissed{};
        if (answer.kind == Kind::Back) {
            if (!question.can_go_back) fail("Back is not offered by", question.title);
            co_return ui::WentBack{};
        }
        if (answer.kind == Kind::Pick && answer.values.size() != 1 && !question.can_pick_many)
            fail("one row only in", question.title);
        auto ids = ids_of(question, answer.values);
        if (answer.kind == Kind::Pick) co_return ui::Picked{.ids = std::move(ids)};
        answer.acted.action = id_of_action(question, answer.acted);
        if (!answer.acted.item.empty())
            answer.acted.item = ids_of(question, {answer.acted.item}).front();
        answer.acted.ids = std::move(ids);
        co_return answer.acted;
    }

    asio::awaitable<ui::InputAnswer> input(ui::InputQuestion question, std::stop_token) override {
        inputs.push_back(question);
        for (;;) {
            const auto answer =
                next(question.title, {Kind::Enter, Kind::Accept, Kind::Back, Kind::Escape});
            if (answer.kind == Kind::Escape) co_return ui::Dismissed{};
            if (answer.kind == Kind::Back) {
                if (!question.can_go_back) fail("Back is not offered by", question.title);
                co_return ui::WentBack{};
            }
            const auto value = answer.kind == Kind::Accept ? question.value : answer.values.front();
            const auto complaint = question.validate ? question.validate(value) : std::nullopt;
            if (!complaint) co_return ui::Entered{value};
            refused.push_back(*complaint);
        }
    }

    asio::awaitable<std::optional<std::string>> message(ui::Message message,
                                                        std::stop_token) override {
        messages.push_back(message);
        if (message.actions.empty()) co_return std::nullopt;
        const auto answer = next(message.text, {Kind::Press});
        if (answer.values.front().empty()) co_return std::nullopt;
        if (std::find(message.actions.begin(), message.actions.end(), answer.values.front()) ==
            message.actions.end()) {
            fail("no button " + answer.values.front() + " on", message.text);
        }
        co_return answer.values.front();
    }

    std::unique_ptr<ui::ProgressView> progress(std::string title) override {
        progress_texts.push_back(std::move(title));
        return std::make_unique<View>(*this);
    }

private:
    enum class Kind { Pick, Act, Enter, Accept, Back, Escape, Press };

    struct Answer {
        Kind kind;
        std::string title;
        std::vector<std::string> values;
        ui::Acted acted{};
    };

    class View final : public ui::ProgressView {
    public:
        explicit View(ScriptedPrompter& owner)
            : owner_(owner) {}

        void report(std::string text, std::optional<int>) override {
            owner_.progress_texts.push_back(std::move(text));
        }

        std::stop_token stop_token() const override { return owner_.cancel_progress.get_token(); }

    private:
        ScriptedPrompter& owner_;
    };

    [[noreturn]] static void fail(const std::string& what, const std::string& where) {
        throw std::logic_error("scripted prompter: " + what + " '" + where + "'");
    }

    static std::string describe(const ui::PickQuestion& question) {
        std::string text = question.title + ":";
        for (const auto& item : question.items) text += " [" + item.label + "]";
        return text;
    }

    static std::vector<std::string> ids_of(const ui::PickQuestion& question,
                                           const std::vector<std::string>& rows) {
        std::vector<std::string> ids;
        for (const auto& item : question.items) {
            const auto wanted = [&](const std::string& row) {
                return row == item.id || row == item.label;
            };
            const bool chosen = std::any_of(rows.begin(), rows.end(), wanted);
            if (chosen && item.kind == ui::PickItem::Kind::Item) ids.push_back(item.id);
        }
        if (ids.size() != rows.size())
            fail("no row " + fmt::format("{}", fmt::join(rows, ", ")) + " in", describe(question));
        return ids;
    }

    static std::string id_of_action(const ui::PickQuestion& question, const ui::Acted& wanted) {
        for (const auto& action : question.actions) {
            if (action.label != wanted.action) continue;
            if (action.on_item == wanted.item.empty())
                fail("the wrong sort of action", action.label);
            return action.id;
        }
        fail("no action " + wanted.action + " in", describe(question));
    }

    // Waits for the filler to end: a user who reads everything before choosing.
    static asio::awaitable<std::vector<ui::PickItem>> filled(const ui::PickQuestion& question,
                                                             std::stop_token stop) {
        auto items = std::make_shared<std::vector<ui::PickItem>>(question.items);
        ui::PickUpdate update = [items](std::vector<ui::PickItem> rows, bool) {
            *items = std::move(rows);
        };
        auto filling = question.fill(std::move(update), std::move(stop));
        co_await std::move(filling);
        co_return *items;
    }

    Answer next(const std::string& title, std::initializer_list<Kind> kinds) {
        if (script_.empty()) fail("unexpected question", title);
        auto answer = std::move(script_.front());
        script_.pop_front();
        if (title.find(answer.title) == std::string::npos)
            fail("expected '" + answer.title + "' but was asked", title);
        if (std::find(kinds.begin(), kinds.end(), answer.kind) == kinds.end())
            fail("answer of another sort for", title);
        return answer;
    }

    std::deque<Answer> script_;
};

}  // namespace aml::test
