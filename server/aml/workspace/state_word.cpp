#include "workspace/state_word.hpp"

#include "support/localize.hpp"
#include "support/text.hpp"

#include <array>

namespace aml::workspace {
namespace {

constexpr std::array state_words{
    Localizable("creating"),  Localizable("updating"),   Localizable("deleting"),
    Localizable("succeeded"), Localizable("failed"),     Localizable("canceled"),
    Localizable("starting"),  Localizable("running"),    Localizable("stopping"),
    Localizable("stopped"),   Localizable("restarting"), Localizable("resizing"),
    Localizable("unknown"),   Localizable("unusable"),   Localizable("idle"),
    Localizable("preparing"), Localizable("leaving"),    Localizable("preempted"),
    Localizable("enabled"),   Localizable("disabled"),   Localizable("warned"),
    Localizable("PastDue"),
};

}  // namespace

std::string state_word(std::string_view state) {
    for (const auto& word : state_words) {
        if (!same_name(word.english(), state)) continue;
        const auto text = localize(word);
        return text.shown() == text.english() ? std::string(state) : text.shown();
    }
    return std::string(state);
}

}  // namespace aml::workspace
