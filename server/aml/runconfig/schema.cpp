#include "runconfig/schema.hpp"

#include "support/text.hpp"

#include <algorithm>

namespace aml::runconfig {

namespace {

/// Letters to insert, delete, replace or swap to get from one word to the other, ignoring case and
/// `-` against `_`.
std::size_t distance(std::string_view left, std::string_view right) {
    const auto same = [](char a, char b) {
        return lower(a == '-' ? '_' : a) == lower(b == '-' ? '_' : b);
    };
    std::vector<std::vector<std::size_t>> cost(left.size() + 1,
                                               std::vector<std::size_t>(right.size() + 1));
    for (std::size_t i = 0; i <= left.size(); ++i) cost[i][0] = i;
    for (std::size_t j = 0; j <= right.size(); ++j) cost[0][j] = j;
    for (std::size_t i = 1; i <= left.size(); ++i) {
        for (std::size_t j = 1; j <= right.size(); ++j) {
            const std::size_t change = same(left[i - 1], right[j - 1]) ? 0 : 1;
            cost[i][j] =
                std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + change});
            const bool swapped = i > 1 && j > 1 && same(left[i - 1], right[j - 2]) &&
                                 same(left[i - 2], right[j - 1]);
            if (swapped) cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
    }
    return cost[left.size()][right.size()];
}

constexpr std::size_t longest_word = 64;

}  // namespace

const KeySchema* ObjectSchema::find(std::string_view key) const {
    const auto found =
        std::find_if(keys.begin(), keys.end(), [&](const KeySchema& k) { return k.name == key; });
    if (found != keys.end()) return &*found;
    return additional;
}

std::string_view nearest(std::string_view text, const std::vector<std::string_view>& candidates) {
    std::string_view best;
    std::size_t best_distance = 0;
    if (text.size() > longest_word) return best;
    for (const auto candidate : candidates) {
        if (candidate.size() > longest_word) continue;
        const auto apart = distance(text, candidate);
        const auto allowed = std::max<std::size_t>(1, std::min(text.size(), candidate.size()) / 3);
        if (apart > allowed || (!best.empty() && apart >= best_distance)) continue;
        best = candidate;
        best_distance = apart;
    }
    return best;
}

}  // namespace aml::runconfig
