#include "support/localize.hpp"

#include "platform/environment.hpp"
#include "support/bundles.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <string>

namespace aml {
namespace {

using Bundle = std::map<std::string, std::string, std::less<>>;

/// Null for English. The one piece of state that belongs to the process and not to the loop:
/// carried along, it would be a parameter of almost every function.
std::atomic<const Bundle*> current = nullptr;

const Bundle& simplified_chinese() {
    static const auto bundle = nlohmann::json::parse(bundles::zh_cn).get<Bundle>();
    return bundle;
}

const std::string* translation(std::string_view english) {
    const Bundle* bundle = current.load();
    if (bundle == nullptr) return nullptr;
    const auto found = bundle->find(english);
    return found == bundle->end() ? nullptr : &found->second;
}

/// Lower case, with `-` between its parts.
std::string normalized(std::string_view tag) {
    std::string result(tag);
    std::transform(result.begin(), result.end(), result.begin(), [](char c) {
        if (c == '_') return '-';
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return result;
}

bool is_utf8(std::string_view codeset) {
    const auto name = normalized(codeset);
    return name == "utf-8" || name == "utf8";
}

}  // namespace

Language language_named(std::string_view locale) {
    locale = locale.substr(0, locale.find('@'));
    const auto dot = locale.find('.');
    if (dot != std::string_view::npos && !is_utf8(locale.substr(dot + 1))) return Language::English;
    const auto tag = normalized(locale.substr(0, dot));
    const bool simplified = tag == "zh" || tag == "zh-cn" || tag == "zh-sg" || tag == "zh-hans" ||
                            tag.starts_with("zh-hans-");
    return simplified ? Language::SimplifiedChinese : Language::English;
}

Language terminal_language() {
    return language_named(platform::user_locale());
}

void use_language(Language language) {
    current.store(language == Language::SimplifiedChinese ? &simplified_chinese() : nullptr);
}

std::string_view language_tag() {
    return current.load() == nullptr ? "en" : "zh-cn";
}

LocalizedText detail::localize(fmt::string_view english,
                               fmt::format_args english_arguments,
                               fmt::format_args shown_arguments) {
    auto original = fmt::vformat(english, english_arguments);
    const auto* translated = translation({english.data(), english.size()});
    if (translated != nullptr)
        return {std::move(original), fmt::vformat(*translated, shown_arguments)};
    // What is put into a text without a translation is shown in the user's language all the same.
    if (current.load() != nullptr)
        return {std::move(original), fmt::vformat(english, shown_arguments)};
    return LocalizedText(std::move(original));
}

LocalizedText detail::localize(Localizable text) {
    const auto* translated = translation(text.english());
    if (translated != nullptr) return {std::string(text.english()), *translated};
    return LocalizedText(std::string(text.english()));
}

LocalizedText sentences(const LocalizedText& first, const LocalizedText& second) {
    return second.empty() ? first : localize("{} {}", first, second);
}

LocalizedText alternatives(const std::vector<LocalizedText>& words) {
    LocalizedText all;
    for (const auto& word : words) all = all.empty() ? word : localize("{} or {}", all, word);
    return all;
}

}  // namespace aml
