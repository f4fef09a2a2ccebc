#include "protocol/protocol.gen.hpp"
#include "support/error.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <string>

using namespace aml;
using protocol::Json;

namespace {

using RoundTrip = std::function<Json(const Json&)>;

template <typename T>
RoundTrip round_trip() {
    return [](const Json& json) { return protocol::encode(protocol::decode<T>(json)); };
}

/// The types that have examples.
const std::map<std::string, RoundTrip>& types() {
    static const std::map<std::string, RoundTrip> known{
        {"AccountsResult", round_trip<protocol::AccountsResult>()},
        {"DidChangeTextDocumentParams", round_trip<protocol::DidChangeTextDocumentParams>()},
        {"CompletionList", round_trip<protocol::CompletionList>()},
        {"ErrorData", round_trip<protocol::ErrorData>()},
        {"ExecuteCommandParams", round_trip<protocol::ExecuteCommandParams>()},
        {"GetTokenParams", round_trip<protocol::GetTokenParams>()},
        {"GetTokenResult", round_trip<protocol::GetTokenResult>()},
        {"InitializeParams", round_trip<protocol::InitializeParams>()},
        {"InputResult", round_trip<protocol::InputResult>()},
        {"PickParams", round_trip<protocol::PickParams>()},
        {"PickResult", round_trip<protocol::PickResult>()},
        {"ProgressParams", round_trip<protocol::ProgressParams>()},
        {"Run", round_trip<protocol::Run>()},
        {"RunView", round_trip<protocol::RunView>()},
        {"RunsFileResult", round_trip<protocol::RunsFileResult>()},
        {"RunsQueryResult", round_trip<protocol::RunsQueryResult>()},
        {"RunsSeriesResult", round_trip<protocol::RunsSeriesResult>()},
        {"RunsLogResult", round_trip<protocol::RunsLogResult>()},
        {"RunsSummary", round_trip<protocol::RunsSummary>()},
        {"ShowChangesParams", round_trip<protocol::ShowChangesParams>()},
        {"StoreSecretParams", round_trip<protocol::StoreSecretParams>()},
        {"TreeChildrenResult", round_trip<protocol::TreeChildrenResult>()},
        {"TreeDidChangeParams", round_trip<protocol::TreeDidChangeParams>()},
        {"TreeNode", round_trip<protocol::TreeNode>()},
    };
    return known;
}

Json read(const std::filesystem::path& file) {
    std::ifstream input(file);
    return Json::parse(input);
}

/// JSON pointer of the place that decoding objects to; "no error" when it does not.
std::string objection(const RoundTrip& type, const Json& value) {
    try {
        type(value);
    } catch (const Error& error) {
        REQUIRE(error.kind() == ErrorKind::InvalidParams);
        return error.message().substr(0, error.message().find(": expected "));
    }
    return "no error";
}

}  // namespace

TEST_CASE("the examples of the protocol are read as they say") {
    std::set<std::string> valid;
    std::set<std::string> invalid;
    for (const auto& entry :
         std::filesystem::directory_iterator(AML_SOURCE_DIR "/protocol/examples")) {
        const auto name = entry.path().filename().string();
        CAPTURE(name);
        const auto type = name.substr(0, name.find('.'));
        const auto found = types().find(type);
        REQUIRE(found != types().end());
        const auto example = read(entry.path());
        if (name.find(".valid.") != std::string::npos) {
            valid.insert(type);
            CHECK(found->second(example) == example);
        } else {
            invalid.insert(type);
            CHECK(objection(found->second, example.at("value")) ==
                  example.at("error").get<std::string>());
        }
    }
    CHECK(valid.size() == types().size());
    CHECK(invalid.size() > 5);
}

TEST_CASE("a null optional field counts as absent, unknown fields are ignored") {
    const auto node = Json::parse(R"({"id":null,"parent":3})");
    CHECK(protocol::decode<protocol::TreeChildrenParams>(node) == protocol::TreeChildrenParams{});
    CHECK(protocol::encode(protocol::TreeChildrenParams{}) == Json::object());
}

TEST_CASE("numbers are whole, within 53 bits, and may carry a useless decimal point") {
    const auto line = [](const char* number) {
        return protocol::decode<protocol::Position>(
                   Json{{"line", Json::parse(number)}, {"character", 0}})
            .line;
    };
    CHECK(line("3.0") == 3);
    CHECK(line("9007199254740991") == 9007199254740991U);
    for (const char* bad : {"9007199254740992", "-1", "1.5", "1e300", "\"1\"", "null", "true"}) {
        CAPTURE(bad);
        CHECK_THROWS_WITH_AS(line(bad), "/line: expected whole number, 0 or more", Error);
    }
}

TEST_CASE("pointers escape keys and count items") {
    const auto edit = Json::parse(R"({"changes":{"file:///a~b":[{"range":1}]}})");
    CHECK_THROWS_WITH_AS(protocol::decode<protocol::WorkspaceEdit>(edit, "/params/edit"),
                         "/params/edit/changes/file:~1~1~1a~0b/0/range: expected object",
                         Error);
}

TEST_CASE("open sets keep words they do not know, closed ones refuse them") {
    const auto status = protocol::decode<protocol::RunStatus>(Json("Hibernating"));
    CHECK(status.text() == "Hibernating");
    CHECK_FALSE(status.is_known());
    CHECK(protocol::encode(status) == "Hibernating");
    CHECK(protocol::RunStatus(protocol::RunStatus::Running) == "Running");
    CHECK(protocol::RunStatus("Running").is_known());
    CHECK_THROWS_AS(protocol::decode<protocol::Collapsible>(Json("half")), Error);
    CHECK_THROWS_AS(protocol::decode<protocol::MessageType>(Json(9)), Error);
}

TEST_CASE("secrets are hidden from logs where the model says so") {
    const auto result = Json::parse(R"({"token":"s3cret","expiresAt":"t","account":"ada"})");
    CHECK(protocol::redact("auth/getToken", "result", result)["token"] == "[secret]");
    CHECK(protocol::redact("ui/pick", "result", result)["token"] == "s3cret");
    CHECK(protocol::redact("auth/getToken", "result", nullptr).is_null());
    const auto decoded = protocol::decode<protocol::GetTokenResult>(result);
    CHECK(fmt::format("{}", decoded.token) == "[secret]");
}

TEST_CASE("every failure kind of the server is in the model") {
    for (int i = 0; i <= static_cast<int>(ErrorKind::AzureFailed); ++i) {
        const auto name = to_string(static_cast<ErrorKind>(i));
        CAPTURE(name);
        CHECK(protocol::FailureKind(name).is_known());
    }
}
