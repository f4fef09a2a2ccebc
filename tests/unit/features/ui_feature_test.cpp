#include "features/ui_feature.hpp"

#include "features/lifecycle_feature.hpp"
#include "rig.hpp"
#include "support/error.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>

using namespace aml;
using nlohmann::json;

namespace {

struct UiRig : test::Rig {
    UiRig() {
        progress.bind(router);
        ui.bind(router);
        lifecycle.bind(router);
        start();
    }

    void pick(ui::PickQuestion question) {
        tasks.spawn(pick_and_note(std::move(question)));
        turn();
    }

    asio::awaitable<void> pick_and_note(ui::PickQuestion question) {
        try {
            const auto answer = co_await ui.pick(std::move(question), stop.get_token());
            const auto* picked = std::get_if<ui::Picked>(&answer);
            const auto* acted = std::get_if<ui::Acted>(&answer);
            ended = picked != nullptr                              ? "picked " + picked->ids.front()
                    : acted != nullptr                             ? fmt::format("{} {} of {}, {}",
                                                     acted->action,
                                                     acted->item,
                                                     acted->ids.size(),
                                                     acted->typed)
                    : std::holds_alternative<ui::WentBack>(answer) ? "back"
                                                                   : "dismissed";
        } catch (const Error& error) {
            ended = std::string(to_string(error.kind()));
        }
    }

    void input(ui::InputQuestion question) {
        tasks.spawn(input_and_note(std::move(question)));
        turn();
    }

    asio::awaitable<void> input_and_note(ui::InputQuestion question) {
        const auto answer = co_await ui.input(std::move(question), stop.get_token());
        const auto* entered = std::get_if<ui::Entered>(&answer);
        ended = entered != nullptr ? "entered " + entered->value : "not entered";
    }

    /// The only message the client got since the last call.
    json one() {
        const auto messages = received();
        REQUIRE(messages.size() == 1);
        return messages.front();
    }

    void reply(const json& request, json result) {
        deliver({{"id", request["id"]}, {"result", std::move(result)}});
    }

    features::ProgressFeature progress{services};
    features::UiFeature ui{services, progress};
    features::LifecycleFeature lifecycle{services};
    std::stop_source stop;
    std::string ended;
};

ui::PickQuestion fruit() {
    ui::PickQuestion question{.title = "Fruit", .step = 2, .total_steps = 3};
    question.can_go_back = true;
    ui::PickItem apple{.id = "a", .label = "Apple"};
    apple.picked = true;
    question.items = {ui::PickItem::separator("Sweet"), apple};
    return question;
}

// Fills the list when the gate opens.
asio::awaitable<void> fill_later(async::Event& gate,
                                 bool& stopped,
                                 ui::PickUpdate update,
                                 std::stop_token stop) {
    try {
        co_await gate.wait(std::move(stop));
    } catch (const Error&) {
        stopped = true;
        throw;
    }
    std::vector<ui::PickItem> items{{.id = "b", .label = "Banana"}};
    update(std::move(items), false);
}

asio::awaitable<void> fail_to_fill() {
    // After the list is shown.
    co_await asio::post(asio::use_awaitable);
    throw Error(ErrorKind::Forbidden, "No.");
}

}  // namespace

TEST_CASE("a pick is asked for with what the client needs to show it") {
    UiRig rig;
    rig.pick(fruit());
    const auto request = rig.one();
    CHECK(request["method"] == "ui/pick");
    CHECK(
        request["params"] ==
        json::parse(
            R"({"token":"pick-1","title":"Fruit","step":2,"totalSteps":3,"canGoBack":true,"canPickMany":false,
                          "busy":false,"items":[{"id":"","label":"Sweet","kind":"separator"},
                                                {"id":"a","label":"Apple","picked":true}]})"));
    rig.reply(request, {{"kind", "picked"}, {"ids", {"a"}}});
    CHECK(rig.ended == "picked a");
}

TEST_CASE("only what a pick offers can be done about it") {
    UiRig rig;
    auto question = fruit();
    question.can_pick_many = true;
    question.actions = {{.id = "more", .label = "Buy more", .icon = "add"},
                        {.id = "peel", .label = "Peel", .icon = "edit", .on_item = true}};
    rig.pick(question);
    const auto request = rig.one();
    CHECK(request["params"]["actions"] ==
          json::parse(R"([{"id":"more","label":"Buy more","icon":"add"},
                          {"id":"peel","label":"Peel","icon":"edit","onItem":true}])"));
    rig.reply(request,
              {{"kind", "action"}, {"action", "more"}, {"ids", {"a"}}, {"typed", "pears"}});
    CHECK(rig.ended == "more  of 1, pears");
    rig.pick(question);
    rig.reply(rig.one(),
              {{"kind", "action"}, {"action", "peel"}, {"ids", json::array()}, {"item", "a"}});
    CHECK(rig.ended == "peel a of 0, ");
    rig.pick(question);
    rig.reply(rig.one(),
              {{"kind", "action"}, {"action", "peel"}, {"ids", json::array()}, {"item", "b"}});
    CHECK(rig.ended == "dismissed");
    rig.pick(fruit());
    rig.reply(rig.one(), {{"kind", "action"}, {"action", "more"}, {"ids", json::array()}});
    CHECK(rig.ended == "dismissed");
}

TEST_CASE("Back and Escape are ordinary answers, and nothing chosen is no choice") {
    UiRig rig;
    rig.pick(fruit());
    rig.reply(rig.one(), {{"kind", "back"}});
    CHECK(rig.ended == "back");
    rig.pick(fruit());
    rig.reply(rig.one(), {{"kind", "cancelled"}});
    CHECK(rig.ended == "dismissed");
    rig.ended.clear();
    rig.pick(fruit());
    rig.reply(rig.one(), {{"kind", "picked"}, {"ids", json::array()}});
    CHECK(rig.ended == "dismissed");
}

TEST_CASE(
    "a list is filled while it is open, and what fills it has ended before the answer is used") {
    UiRig rig;
    async::Event gate(rig.loop.get_executor());
    bool stopped = false;
    auto question = fruit();
    question.fill = [&](ui::PickUpdate update, std::stop_token stop) {
        return fill_later(gate, stopped, std::move(update), std::move(stop));
    };
    rig.pick(question);
    const auto request = rig.one();
    CHECK(request["params"]["busy"] == true);
    gate.set();
    const auto update = rig.one();
    CHECK(update["method"] == "ui/didChangePick");
    CHECK(update["params"] ==
          json::parse(R"({"token":"pick-1","busy":false,"items":[{"id":"b","label":"Banana"}]})"));
    rig.reply(request, {{"kind", "picked"}, {"ids", {"b"}}});
    CHECK(rig.ended == "picked b");
    gate.reset();
    rig.pick(question);
    rig.reply(rig.one(), {{"kind", "back"}});
    CHECK(stopped);
    CHECK(rig.ended == "back");
}

TEST_CASE("a list that cannot be filled closes, and the failure is thrown") {
    UiRig rig;
    auto question = fruit();
    question.fill = [](ui::PickUpdate, std::stop_token) { return fail_to_fill(); };
    rig.pick(question);
    CHECK(rig.ended == "Forbidden");
    const auto messages = rig.received();
    REQUIRE(messages.size() == 2);
    CHECK(messages[0]["method"] == "ui/pick");
    CHECK(messages[1]["method"] == "$/cancelRequest");
}

TEST_CASE("a question that is cancelled takes its list from the screen") {
    UiRig rig;
    rig.pick(fruit());
    CHECK(rig.one()["method"] == "ui/pick");
    rig.stop.request_stop();
    CHECK(rig.one()["method"] == "$/cancelRequest");
    CHECK(rig.ended == "Cancelled");
}

TEST_CASE("a client without these questions is told apart") {
    UiRig rig;
    rig.pick(fruit());
    const auto request = rig.one();
    rig.deliver({{"id", request["id"]}, {"error", {{"code", -32601}, {"message", "unknown"}}}});
    CHECK(rig.ended == "Unavailable");
}

TEST_CASE("an input is validated while typing, and only while it is open") {
    UiRig rig;
    ui::InputQuestion question{.title = "Name"};
    question.value = "x";
    question.validate = [](const std::string& value) -> std::optional<std::string> {
        if (value == "bad") return "Not that.";
        return std::nullopt;
    };
    rig.input(question);
    const auto request = rig.one();
    CHECK(request["params"]["token"] == "input-1");
    const auto validate = [&](const char* value) {
        rig.deliver({{"id", 7},
                     {"method", "ui/validateInput"},
                     {"params", {{"token", "input-1"}, {"value", value}}}});
        return rig.one()["result"];
    };
    CHECK(validate("bad") == json{{"message", "Not that."}});
    CHECK(validate("good") == json::object());
    rig.reply(request, {{"kind", "entered"}, {"value", "bad"}});
    // The client did not validate: it is asked again, with what was typed and what is wrong with
    // it.
    const auto again = rig.one();
    CHECK(again["params"]["value"] == "bad");
    CHECK(again["params"]["prompt"] == "Not that.");
    rig.reply(again, {{"kind", "entered"}, {"value", "good"}});
    CHECK(rig.ended == "entered good");
    CHECK(validate("bad") == json::object());
}
