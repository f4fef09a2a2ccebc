#include "submit/job_name.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace aml::submit {
namespace {

constexpr std::array<std::string_view, 48> adjectives{
    "amiable", "ashy",   "blue",  "bold",   "brave",   "bright", "busy",   "calm",
    "clever",  "cool",   "crisp", "dapper", "eager",   "epic",   "fair",   "frosty",
    "funny",   "gentle", "good",  "green",  "happy",   "honest", "icy",    "jolly",
    "keen",    "khaki",  "kind",  "lemon",  "lucid",   "lucky",  "mango",  "mighty",
    "modest",  "neat",   "nice",  "olive",  "patient", "plucky", "polite", "quiet",
    "red",     "serene", "sharp", "silver", "sunny",   "tidy",   "upbeat", "witty"};

constexpr std::array<std::string_view, 48> nouns{
    "acorn",   "apple",  "arch",    "avocado", "bean",   "bear",  "bird",    "bone",
    "bread",   "brush",  "camel",   "carrot",  "cherry", "cloud", "coconut", "crane",
    "deer",    "drop",   "evening", "fig",     "fly",    "frog",  "garden",  "goose",
    "grape",   "hat",    "heart",   "island",  "kettle", "lamp",  "leaf",    "lemon",
    "lobster", "market", "nest",    "oven",    "parrot", "pear",  "pillow",  "plum",
    "river",   "roof",   "sail",    "seal",    "shoe",   "tent",  "tooth",   "wolf"};

constexpr std::string_view letters = "0123456789abcdefghijklmnopqrstuvwxyz";

}  // namespace

std::string new_job_name(Random& random) {
    std::string tail;
    auto bits = random.next();
    for (int i = 0; i < 10; ++i) {
        tail += letters[bits % letters.size()];
        bits /= letters.size();
    }
    return fmt::format("{}_{}_{}",
                       adjectives[random.next() % adjectives.size()],
                       nouns[random.next() % nouns.size()],
                       tail);
}

}  // namespace aml::submit
