#pragma once

#include "async/asio.hpp"

#include <cstddef>
#include <functional>
#include <iterator>
#include <stop_token>
#include <utility>
#include <vector>

namespace aml::azure {

/// One page of a list, and how to get the next. A page may be empty and still have a next one.
template <typename T>
struct Page {
    using Fetch = std::function<asio::awaitable<Page>(std::stop_token)>;

    std::vector<T> items{};
    /// Empty on the last page. Holds a reference to the `Client`.
    Fetch fetch{};

    bool has_next() const { return static_cast<bool>(fetch); }

    /// The next page. Precondition: `has_next()`. Throws: what the list operation throws.
    asio::awaitable<Page> next(std::stop_token stop) const { return fetch(std::move(stop)); }
};

/// Every item of a list, or at least `limit` of them where there are more: pages are followed until
/// one has no next or there are that many items; the last page is given whole. Throws: what the
/// list operation throws.
template <typename T>
asio::awaitable<std::vector<T>> collect(Page<T> page,
                                        std::stop_token stop,
                                        std::size_t limit = 10'000) {
    std::vector<T> items = std::move(page.items);
    while (page.has_next() && items.size() < limit) {
        auto following = co_await page.next(stop);
        page = std::move(following);
        items.insert(items.end(),
                     std::make_move_iterator(page.items.begin()),
                     std::make_move_iterator(page.items.end()));
    }
    co_return items;
}

}  // namespace aml::azure
