#pragma once

#include "azure/client.hpp"
#include "azure/json_fields.hpp"
#include "azure/page.hpp"
#include "http/url.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <functional>
#include <string>
#include <utility>

/// How the two families of lists are read; for the operations of this module.
namespace aml::azure {

template <typename T>
using ReadItem = T (*)(const nlohmann::json&);

/// Items of an ARM list (`value`, `nextLink`; `listNodes` calls them `nodes`) that `request`
/// starts.
template <typename T>
asio::awaitable<Page<T>> arm_page(Client& client,
                                  http::Request request,
                                  ReadItem<T> read,
                                  std::string items_name,
                                  std::stop_token stop);

/// The page behind a `nextLink`, asked for as whoever asked for `previous`. Throws: AzureFailed
/// when it leads to another origin.
template <typename T>
asio::awaitable<Page<T>> following_page(Client& client,
                                        http::Request previous,
                                        std::string link,
                                        ReadItem<T> read,
                                        std::string items_name,
                                        std::stop_token stop) {
    auto request = client.follow(previous.operation, std::move(link), previous.url);
    request.tenant = std::move(previous.tenant);
    request.account = std::move(previous.account);
    auto page = co_await arm_page<T>(
        client, std::move(request), read, std::move(items_name), std::move(stop));
    co_return page;
}

template <typename T>
asio::awaitable<Page<T>> arm_page(Client& client,
                                  http::Request request,
                                  ReadItem<T> read,
                                  std::string items_name,
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
        page.fetch = [&client, request, read, items_name, link](std::stop_token next_stop) {
            return following_page<T>(client, request, link, read, items_name, std::move(next_stop));
        };
    }
    co_return page;
}

template <typename T>
asio::awaitable<Page<T>> arm_page(Client& client,
                                  http::Request request,
                                  ReadItem<T> read,
                                  std::stop_token stop) {
    return arm_page<T>(client, std::move(request), read, "value", std::move(stop));
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
        page.fetch = [&client, request, body, read, token](std::stop_token next_stop) {
            auto following = request;
            auto next_body = body;
            if (body.is_null()) {
                following.url = with_continuation(following.url, token);
            } else {
                next_body["continuationToken"] = token;
            }
            return data_page<T>(
                client, std::move(following), std::move(next_body), read, std::move(next_stop));
        };
    }
    co_return page;
}

}  // namespace aml::azure
