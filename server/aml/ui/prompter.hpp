#pragma once

#include "async/asio.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

namespace aml::ui {

/// One row of a pick. Rows are told apart by `id`; a separator has a label only and cannot be
/// chosen.
struct PickItem {
    enum class Kind { Item, Separator };

    std::string id;
    std::string label;
    /// Shown beside the label, less prominent.
    std::string description{};
    /// Shown on a line of its own.
    std::string detail{};
    /// Name of a VS Code codicon, for example "server"; empty for none.
    std::string icon{};
    /// Preselected: the focused row of a single pick, a checked row of a multiple one.
    bool picked = false;
    Kind kind = Kind::Item;

    bool operator==(const PickItem&) const = default;

    static PickItem separator(std::string label);
};

/// Something to do about a list instead of choosing from it; it ends the pick.
struct PickAction {
    std::string id;
    std::string label;
    /// Name of a VS Code codicon.
    std::string icon;
    /// It is about one row rather than the whole list.
    bool on_item = false;

    bool operator==(const PickAction&) const = default;
};

/// Replaces the rows of an open pick; `busy` tells that more may come. Does nothing once the pick
/// is closed.
using PickUpdate = std::function<void(std::vector<PickItem> items, bool busy)>;

/// Fills an open pick. Reports its own failures as rows: what it throws ends the pick (Cancelled
/// excepted).
using PickFill = std::function<asio::awaitable<void>(PickUpdate update, std::stop_token stop)>;

struct PickQuestion {
    std::string title;
    /// "Step `step` of `total_steps`", counted from 1; 0 for a question that stands alone.
    int step = 0;
    int total_steps = 0;
    std::string placeholder{};
    /// Shown at once, even when `fill` is set.
    std::vector<PickItem> items{};
    bool can_go_back = false;
    bool can_pick_many = false;
    std::vector<PickAction> actions{};
    /// When set, the pick opens busy and this runs beside it; it is stopped when the user answers
    /// first.
    PickFill fill{};
};

/// Live validation: the sentence to show under the input, or nothing when the value is acceptable.
/// Runs on the loop.
using InputValidation = std::function<std::optional<std::string>(const std::string& value)>;

struct InputQuestion {
    std::string title;
    int step = 0;
    int total_steps = 0;
    std::string prompt{};
    /// The text the input starts with.
    std::string value{};
    std::string placeholder{};
    bool can_go_back = false;
    /// A value it objects to is never returned.
    InputValidation validate{};
};

/// The user chose these rows, in the order shown; exactly one unless `can_pick_many`.
struct Picked {
    std::vector<std::string> ids;
};

/// The user wants one of the question's actions.
struct Acted {
    std::string action;
    /// The rows chosen so far.
    std::vector<std::string> ids{};
    /// The row it is about; empty for an action on the list.
    std::string item{};
    /// What was typed to search the list.
    std::string typed{};
};

/// The user typed this and accepted it.
struct Entered {
    std::string value;
};

/// The user wants the step before.
struct WentBack {};

/// The user gave up (Escape, end of input).
struct Dismissed {};

using PickAnswer = std::variant<Picked, Acted, WentBack, Dismissed>;
using InputAnswer = std::variant<Entered, WentBack, Dismissed>;

enum class MessageKind { Info, Warning, Error };

struct Message {
    MessageKind kind = MessageKind::Info;
    std::string text{};
    /// Buttons; empty for a message that only needs to be read.
    std::vector<std::string> actions{};
};

/// A visible, cancellable activity. Begins on construction and ends with the object.
class ProgressView {
public:
    virtual ~ProgressView() = default;
    /// `percent` is 0 to 100; absent when the amount of work is unknown.
    virtual void report(std::string text, std::optional<int> percent) = 0;
    /// Fires when the user asks to cancel the activity.
    virtual std::stop_token stop_token() const = 0;
};

/// The seam through which the product asks its user: an LSP client's pickers, or a terminal.
/// Every question throws Cancelled when `stop` fires first and Unavailable when nobody can be
/// asked.
class Prompter {
public:
    virtual ~Prompter() = default;

    /// Lets the user choose from rows that may still be arriving. Acted only where the question has
    /// actions.
    virtual asio::awaitable<PickAnswer> pick(PickQuestion question, std::stop_token stop) = 0;
    /// Lets the user type a text that is validated while it is typed.
    virtual asio::awaitable<InputAnswer> input(InputQuestion question, std::stop_token stop) = 0;
    /// Shows a message and returns the button pressed; nothing when it was closed or has no
    /// buttons. A message without buttons returns as soon as it is shown.
    virtual asio::awaitable<std::optional<std::string>> message(Message message,
                                                                std::stop_token stop) = 0;
    /// Shows an activity until the returned view is destroyed.
    virtual std::unique_ptr<ProgressView> progress(std::string title) = 0;
};

}  // namespace aml::ui
