#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <utility>

namespace aml::features {

/// The few things of a kind that were used last; what was not used for longest goes first.
template <typename T>
class RecentlyUsed final {
public:
    explicit RecentlyUsed(std::size_t most)
        : most_(most) {}

    /// The one that `is_meant` says, else what `make` makes.
    template <typename IsMeant, typename Make>
    T use(IsMeant is_meant, Make make) {
        const auto found = std::find_if(things_.begin(), things_.end(), is_meant);
        T thing = found == things_.end() ? make() : *found;
        if (found != things_.end()) things_.erase(found);
        things_.push_back(thing);
        if (things_.size() > most_) things_.pop_front();
        return thing;
    }

    /// Whether there is one that `is_meant` says.
    template <typename IsMeant>
    bool has(IsMeant is_meant) const {
        return std::any_of(things_.begin(), things_.end(), is_meant);
    }

    void clear() { things_.clear(); }

private:
    std::size_t most_;
    /// Most recently used last.
    std::deque<T> things_{};
};

}  // namespace aml::features
