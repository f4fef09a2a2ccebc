#include "transcripts/held_http.hpp"

#include "async/task_group.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace aml;

TEST_CASE("calls that are held are answered oldest first, or in the order that was asked for") {
    asio::io_context loop(1);
    std::vector<std::size_t> announced;
    transcript::HeldHttp http(
        [&](const http::Request&, std::size_t number) { announced.push_back(number); });
    std::vector<std::string> answered;
    auto ask = [&](std::string name, std::stop_token stop) -> asio::awaitable<void> {
        http::Request request;
        request.url = name;
        const auto response = co_await http.send(std::move(request), std::move(stop));
        answered.push_back(name + " " + std::to_string(response.status));
    };
    std::stop_source stop;
    async::TaskGroup group(loop.get_executor(), [](std::exception_ptr) {});
    for (const char* name : {"a", "b", "c", "d"}) group.spawn(ask(name, {}));
    group.spawn(ask("gone", stop.get_token()));
    loop.poll();
    CHECK(announced == std::vector<std::size_t>{0, 1, 2, 3, 4});
    stop.request_stop();
    loop.poll();
    // One outside keeps its place, one that waits no more is passed over.
    http.put_in_order({3, 4, 0, 2});
    for (const int status : {201, 202, 203, 204}) CHECK(http.answer({status, {}, {}}));
    CHECK_FALSE(http.answer({205, {}, {}}));
    loop.poll();
    CHECK(answered == std::vector<std::string>{"d 201", "b 202", "a 203", "c 204"});
}
