#pragma once

#include "cli/line_reader.hpp"
#include "cli/terminal.hpp"
#include "ui/prompter.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace aml::cli {

/// Asks on a terminal: numbered lists and lines of text on standard error, answers from standard
/// input. "<" goes back, the end of input (Ctrl-D) gives up.
class TerminalPrompter final : public ui::Prompter {
public:
    /// Keeps references. With `interactive` false every question throws Unavailable.
    TerminalPrompter(Terminal& terminal, LineReader& reader, bool interactive);

    /// A list that is still being filled is shown once it is complete. Actions are numbered lines
    /// after the rows.
    asio::awaitable<ui::PickAnswer> pick(ui::PickQuestion question, std::stop_token stop) override;
    asio::awaitable<ui::InputAnswer> input(ui::InputQuestion question,
                                           std::stop_token stop) override;
    asio::awaitable<std::optional<std::string>> message(ui::Message message,
                                                        std::stop_token stop) override;
    std::unique_ptr<ui::ProgressView> progress(std::string title) override;

private:
    asio::awaitable<ui::PickAnswer> pick_one(ui::PickQuestion question, std::stop_token stop);
    asio::awaitable<ui::PickAnswer> pick_many(ui::PickQuestion question, std::stop_token stop);
    /// Asks which row an action is about, if it is about one; nothing when the user goes back.
    asio::awaitable<std::optional<ui::PickAnswer>> act(const ui::PickQuestion& question,
                                                       std::size_t index,
                                                       std::stop_token stop);
    asio::awaitable<std::optional<std::string>> ask(std::string prompt, std::stop_token stop);
    void show_title(const std::string& title, int step, int total_steps);
    void show_rows(const ui::PickQuestion& question);

    Terminal& terminal_;
    LineReader& reader_;
    bool interactive_;
};

/// The row that `text` means: its number as shown, its id or label, or a part of one label only,
/// without regard to case. Otherwise the sentence that says why it means none.
std::variant<std::size_t, std::string> find_row(const std::vector<ui::PickItem>& items,
                                                const std::string& text);

}  // namespace aml::cli
