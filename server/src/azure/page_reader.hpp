#pragma once

#include "azure/client.hpp"
#include "azure/json_fields.hpp"
#include "azure/page.hpp"
#include "http/url.hpp"
#include "support/error.hpp"

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

/// The page behind a `nextLink`. Throws: AzureFailed when it leads to another origin than `origin`.
template <typename T>
asio::awaitable<Page<T>> following_page(Client& client,
                                        std::string operation,
                                        std::string link,
                                        std::string origin,
                                        ReadItem<T> read,
                                        std::string items_name,
                                        std::stop_token stop) {
    auto request = client.follow(std::move(operation), std::move(link), std::move(origin));
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
    const auto operation = request.operation;
    const auto origin = request.url;
    const auto answer = co_await client.send(std::move(request), std::move(stop));
    Page<T> page;
    for (const auto& item : member(answer.body, {items_name})) {
        if (item.is_object()) page.items.push_back(read(item));
    }
    const auto link = text(answer.body, "nextLink");
    if (!link.empty()) {
        page.fetch =
            [&client, operation, origin, read, items_name, link](std::stop_token next_stop) {
                return following_page<T>(
                    client, operation, link, origin, read, items_name, std::move(next_stop));
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
