#include "rpc/message.hpp"

#include "rpc/transport.hpp"

#include <doctest/doctest.h>

#include <string>

namespace aml::rpc::message_test {

namespace {

template <typename Form>
Form parse_as(const char* text) {
    auto message = rpc::parse_message(Json::parse(text));
    REQUIRE(std::holds_alternative<Form>(message));
    return std::get<Form>(std::move(message));
}

Json error_json(const Error& error) {
    const rpc::Response response{
        rpc::Id(1), nullptr, rpc::to_response_error(std::make_exception_ptr(error))};
    return rpc::to_json(response)["error"];
}

}  // namespace

TEST_CASE("ids are echoed in the form in which they came") {
    for (const char* id : {"4", "\"4\"", "-1", "\"a b\""}) {
        const auto text = R"({"jsonrpc":"2.0","id":)" + std::string(id) + R"(,"method":"m"})";
        const auto request = parse_as<rpc::Request>(text.c_str());
        const rpc::Response response{request.id, Json(true), std::nullopt};
        CHECK(rpc::to_json(response).dump() ==
              R"({"id":)" + std::string(id) + R"(,"jsonrpc":"2.0","result":true})");
    }
}

TEST_CASE("envelopes are told apart") {
    CHECK(parse_as<rpc::Notification>(R"({"jsonrpc":"2.0","method":"m","params":{"a":1}})")
              .params["a"] == 1);
    CHECK(parse_as<rpc::Response>(R"({"jsonrpc":"2.0","id":7,"result":null})").result.is_null());
    const auto failed = parse_as<rpc::Response>(
        R"({"jsonrpc":"2.0","id":7,"error":{"code":-32601,"message":"no","data":{"kind":"X"}}})");
    CHECK(failed.error->code == -32601);
    CHECK(failed.error->data["kind"] == "X");
}

TEST_CASE("what is not a message is malformed, with the id if there is one") {
    CHECK(parse_as<rpc::Malformed>("[]").message == "Batches are not supported.");
    CHECK_FALSE(parse_as<rpc::Malformed>("3").id.has_value());
    CHECK(parse_as<rpc::Malformed>(R"({"id":1,"method":"m"})").id == rpc::Id(1));
    CHECK(parse_as<rpc::Malformed>(R"({"jsonrpc":"2.0","id":1})").id == rpc::Id(1));
    CHECK(parse_as<rpc::Malformed>(R"({"jsonrpc":"2.0","id":1,"method":5})").id == rpc::Id(1));
    CHECK_FALSE(
        parse_as<rpc::Malformed>(R"({"jsonrpc":"2.0","id":1.5,"method":"m"})").id.has_value());
    CHECK_FALSE(
        parse_as<rpc::Malformed>(R"({"jsonrpc":"2.0","id":null,"method":"m"})").id.has_value());
    CHECK(parse_as<rpc::Malformed>(R"({"jsonrpc":"2.0","id":1,"method":"m","params":3})").id ==
          rpc::Id(1));
}

TEST_CASE("every kind of failure has its code and tells its kind") {
    struct Row {
        ErrorKind kind;
        int code;
    };

    const Row rows[] = {{ErrorKind::ParseError, -32700},
                        {ErrorKind::InvalidRequest, -32600},
                        {ErrorKind::MethodNotFound, -32601},
                        {ErrorKind::InvalidParams, -32602},
                        {ErrorKind::InternalError, -32603},
                        {ErrorKind::NotInitialized, -32002},
                        {ErrorKind::Cancelled, -32800},
                        {ErrorKind::NotSignedIn, -32803},
                        {ErrorKind::Forbidden, -32803},
                        {ErrorKind::NotFound, -32803},
                        {ErrorKind::Conflict, -32803},
                        {ErrorKind::Rejected, -32803},
                        {ErrorKind::Throttled, -32803},
                        {ErrorKind::TimedOut, -32803},
                        {ErrorKind::Unavailable, -32803},
                        {ErrorKind::AzureFailed, -32803}};
    for (const auto& row : rows) {
        const auto error = error_json(Error(row.kind, "Why."));
        CHECK(error["code"] == row.code);
        CHECK(error["message"] == "Why.");
        CHECK(error["data"]["kind"] == to_string(row.kind));
    }
}

TEST_CASE("error data carries what is known of Azure's answer") {
    ErrorDetails details;
    details.http_status = 429;
    details.azure_code = "TooManyRequests";
    details.request_id = "r-1";
    details.retry_after = std::chrono::seconds(2);
    const auto data = error_json(Error(ErrorKind::Throttled, "Slow down.", details))["data"];
    CHECK(data == Json::parse(R"({"kind":"Throttled","httpStatus":429,"azureCode":"TooManyRequests",
                                  "requestId":"r-1","retryAfterMs":2000})"));
}

TEST_CASE("an exception that is not ours tells nothing of itself") {
    const auto error =
        rpc::to_response_error(std::make_exception_ptr(std::runtime_error("secret path")));
    CHECK(error.code == -32603);
    CHECK(error.message.find("secret") == std::string::npos);
}

TEST_CASE("the other side's errors become ours") {
    CHECK(rpc::from_response_error({-32601, "no", nullptr}, "ui/pick").kind() ==
          ErrorKind::MethodNotFound);
    CHECK(rpc::from_response_error({-32800, "no", nullptr}, "ui/pick").kind() ==
          ErrorKind::Cancelled);
    CHECK(rpc::from_response_error({-32802, "no", nullptr}, "ui/pick").kind() ==
          ErrorKind::Cancelled);
    const auto explained = rpc::from_response_error(
        {-32803, "Sign in.", Json{{"kind", "NotSignedIn"}}}, "auth/getToken");
    CHECK(explained.kind() == ErrorKind::NotSignedIn);
    CHECK(explained.message() == "Sign in.");
    const auto odd = rpc::from_response_error({1, "boom", Json{{"kind", 3}}}, "ui/pick");
    CHECK(odd.kind() == ErrorKind::Unavailable);
    CHECK(odd.message() == "The editor could not do ui/pick: boom");
}

TEST_CASE("bodies that are not JSON are refused without quoting them") {
    const auto unreadable = [](std::string_view body) {
        const auto parsed = rpc::parse_body(body);
        REQUIRE(std::holds_alternative<rpc::Unreadable>(parsed));
        return std::get<rpc::Unreadable>(parsed);
    };
    CHECK(unreadable("").message == "A message is not JSON: error at byte 1 of 0.");
    CHECK(unreadable("{\"token\": s3cret}").message.find("s3cret") == std::string::npos);
    CHECK_FALSE(unreadable("\"\xff\"").fatal);
    CHECK(unreadable("1e999").message == "A message holds a number that is out of range.");
    CHECK(unreadable(std::string(100000, '[')).message ==
          "A message is nested deeper than 256 levels.");
    const auto deep = std::string(256, '[') + std::string(256, ']');
    CHECK(std::holds_alternative<Json>(rpc::parse_body(deep)));
    CHECK(std::holds_alternative<Json>(rpc::parse_body('"' + std::string(1000, '[') + '"')));
}

}  // namespace aml::rpc::message_test
