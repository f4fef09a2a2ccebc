#pragma once

#include "azure/client.hpp"
#include "azure/json_fields.hpp"
#include "azure/page.hpp"
#include "http/url.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <utility>

/// How the two families of lists are read; for the operations of this module.
namespace aml::azure {

template <typename T>
using ReadItem = T (*)(const nlohmann::json&);

/// The places where a list went on, as far as it takes to see that it leads in a circle.
class PageTrail final {
public:
    /// The list of `operation` goes on at `place`. Throws: AzureFailed once a circle, however long,
    /// has been walked twice at most.
    void go_on(const LocalizedText& operation, const std::string& place);

private:
    // Brent's algorithm: one place is remembered, and another one after twice as many steps.
    std::string remembered_;
    std::size_t steps_ = 0;
    std::size_t limit_ = 1;
};

/// Items of an ARM list (`value`, `nextLink`; `listNodes` calls them `nodes`) that `request`
/// starts.
template <typename T>
asio::awaitable<Page<T>> arm_page(Client& client,
                                  http::Request request,
                                  ReadItem<T> read,
                                  std::string items_name,
                                  PageTrail trail,
                                  std::stop_token stop);

/// The page behind a `nextLink`, asked for as whoever asked for `previous`. Throws: AzureFailed
/// when it leads to another origin.
template <typename T>
asio::awaitable<Page<T>> following_page(Client& client,
                                        http::Request previous,
                                        std::string link,
                                        ReadItem<T> read,
                                        std::string items_name,
                                        PageTrail trail,
                                        std::stop_token stop) {
    auto request = client.follow(previous.operation, std::move(link), previous.url);
    request.tenant = std::move(previous.tenant);
    request.account = std::move(previous.account);
    auto page = co_await arm_page<T>(
        client, std::move(request), read, std::move(items_name), std::move(trail), std::move(stop));
    co_return page;
}

template <typename T>
asio::awaitable<Page<T>> arm_page(Client& client,
                                  http::Request request,
                                  ReadItem<T> read,
                                  std::string items_name,
                                  PageTrail trail,
                                  std::stop_token stop) {
    const auto answer = co_await client.send(request, std::move(stop));
    // The next page needs who asked and for what, not what was sent along.
    request.body = http::Body();
    Page<T> page;
    for (const auto& item : member(answer.body, {items_name})) {
        if (item.is_object()) page.items.push_back(read(item));
    }
    const auto link = text(answer.body, "nextLink");
    if (!link.empty()) {
        trail.go_on(request.operation, link);
        page.fetch = [&client, request, read, items_name, link, trail](std::stop_token next_stop) {
            return following_page<T>(
                client, request, link, read, items_name, trail, std::move(next_stop));
        };
    }
    co_return page;
}

template <typename T>
asio::awaitable<Page<T>> arm_page(Client& client,
                                  http::Request request,
                                  ReadItem<T> read,
                                  std::stop_token stop) {
    return arm_page<T>(client, std::move(request), read, "value", PageTrail(), std::move(stop));
}

template <typename T>
asio::awaitable<Page<T>> arm_page(Client& client,
                                  http::Request request,
                                  ReadItem<T> read,
                                  std::string items_name,
                                  std::stop_token stop) {
    return arm_page<T>(
        client, std::move(request), read, std::move(items_name), PageTrail(), std::move(stop));
}

/// `url` with its `continuationToken` set (replaced when it has one).
std::string with_continuation(const std::string& url, std::string_view token);

/// Items of a data plane list (`value`, `continuationToken`). `body` is the POST body, null for
/// GET.
template <typename T>
asio::awaitable<Page<T>> data_page(Client& client,
                                   http::Request request,
                                   nlohmann::json body,
                                   ReadItem<T> read,
                                   PageTrail trail,
                                   std::stop_token stop) {
    auto current = request;
    if (!body.is_null()) set_json(current, body);
    const auto answer = co_await client.send(std::move(current), std::move(stop));
    Page<T> page;
    for (const auto& item : member(answer.body, {"value"})) {
        if (item.is_object()) page.items.push_back(read(item));
    }
    const auto token = text(answer.body, "continuationToken");
    if (!token.empty()) {
        trail.go_on(request.operation, token);
        page.fetch = [&client, request, body, read, token, trail](std::stop_token next_stop) {
            auto following = request;
            auto next_body = body;
            if (body.is_null()) {
                following.url = with_continuation(following.url, token);
            } else {
                next_body["continuationToken"] = token;
            }
            return data_page<T>(client,
                                std::move(following),
                                std::move(next_body),
                                read,
                                trail,
                                std::move(next_stop));
        };
    }
    co_return page;
}

template <typename T>
asio::awaitable<Page<T>> data_page(Client& client,
                                   http::Request request,
                                   nlohmann::json body,
                                   ReadItem<T> read,
                                   std::stop_token stop) {
    return data_page<T>(
        client, std::move(request), std::move(body), read, PageTrail(), std::move(stop));
}

}  // namespace aml::azure
