#pragma once

#include <fmt/format.h>

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace aml {

/// The languages that texts for the user exist in.
enum class Language { English, SimplifiedChinese };

/// The language that a BCP 47 tag (`zh-cn`, `zh-Hans`) or a POSIX locale (`zh_CN.UTF-8`) asks for;
/// English for every other one, and for a locale that is not written in UTF-8.
Language language_named(std::string_view locale);

/// The language of a terminal: the first of LC_ALL, LC_MESSAGES and LANG that is set says so, else
/// the system.
Language terminal_language();

/// Chooses the language of every text made from now on, for the whole process. Call it before the
/// first text is made: at `initialize`, or when the terminal program begins.
void use_language(Language language);

/// The tag of the language in use, `en` or `zh-cn`.
std::string_view language_tag();

/// A text for the user, with its English original for the log.
class LocalizedText final {
public:
    LocalizedText() = default;

    /// A text that is the same in every language, such as one that Azure wrote.
    explicit LocalizedText(std::string as_is)
        : english_(std::move(as_is)) {}

    LocalizedText(std::string english, std::string shown)
        : english_(std::move(english)),
          shown_(shown == english_ ? std::string() : std::move(shown)) {}

    /// In the user's language.
    const std::string& shown() const noexcept { return shown_.empty() ? english_ : shown_; }

    /// For logs.
    const std::string& english() const noexcept { return english_; }

    bool empty() const noexcept { return english_.empty(); }

    // NOLINTNEXTLINE(google-explicit-constructor): a text is used wherever the user reads a string
    operator std::string() const { return shown(); }

    bool operator==(const LocalizedText&) const = default;

    friend bool operator==(const LocalizedText& text, std::string_view shown) {
        return text.shown() == shown;
    }

private:
    std::string english_;
    /// Empty when it is the English one.
    std::string shown_;
};

/// An English text in a table of constants, to be localized when it is shown.
class Localizable final {
public:
    consteval Localizable() = default;

    /// Explicit, so that every text is marked where it is written and a script can collect them.
    explicit consteval Localizable(const char* english)
        : english_(english) {}

    constexpr std::string_view english() const noexcept { return english_; }

private:
    std::string_view english_;
};

namespace detail {

LocalizedText localize(fmt::string_view english,
                       fmt::format_args english_arguments,
                       fmt::format_args shown_arguments);

LocalizedText localize(Localizable text);

template <typename T>
const auto& english_argument(const T& argument) {
    if constexpr (std::is_same_v<T, LocalizedText>) {
        return argument.english();
    } else {
        return argument;
    }
}

template <typename T>
const auto& shown_argument(const T& argument) {
    if constexpr (std::is_same_v<T, LocalizedText>) {
        return argument.shown();
    } else {
        return argument;
    }
}

}  // namespace detail

/// The text in the language in use, as `server/l10n/*.json` has it, with the arguments put in as
/// fmt does. The English text is the key; a translation may take the arguments in another order
/// (`{1} … {0}`). An argument that is itself localized stays English in the English original.
template <typename... Args>
LocalizedText localize(fmt::format_string<Args...> english, Args&&... arguments) {
    return detail::localize(fmt::string_view(english),
                            fmt::make_format_args(detail::english_argument(arguments)...),
                            fmt::make_format_args(detail::shown_argument(arguments)...));
}

/// A text of a table in the language in use. Braces in it mean themselves.
template <std::same_as<Localizable> T>
LocalizedText localize(T text) {
    return detail::localize(text);
}

/// Two sentences, one after the other; the second may be empty.
LocalizedText sentences(const LocalizedText& first, const LocalizedText& second);

/// "a number or a list", whatever their number.
LocalizedText alternatives(const std::vector<LocalizedText>& words);

}  // namespace aml

template <>
struct fmt::formatter<aml::LocalizedText> : fmt::formatter<std::string_view> {
    template <typename Context>
    auto format(const aml::LocalizedText& text, Context& context) const {
        return fmt::formatter<std::string_view>::format(text.shown(), context);
    }
};
