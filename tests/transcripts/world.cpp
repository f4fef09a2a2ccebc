#include "transcripts/world.hpp"

#include "support/settle.hpp"

#include <boost/asio/co_spawn.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <utility>

namespace aml::transcript {
namespace {

using nlohmann::json;

/// Members in the order in which a reader wants them.
std::string message_text(json message) {
    nlohmann::ordered_json ordered;
    for (const char* name : {"id", "method", "params", "result", "error"}) {
        if (message.contains(name)) ordered[name] = message[name];
    }
    return ordered.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string body_text(std::string_view body) {
    if (body.empty()) return "";
    const auto parsed = json::parse(body, nullptr, false);
    if (!parsed.is_discarded()) return " " + parsed.dump();
    constexpr std::size_t longest = 2000;
    if (body.size() > longest) return " " + json(fmt::format("{} bytes", body.size())).dump();
    return " " + json(body).dump(-1, ' ', false, json::error_handler_t::replace);
}

/// Cuts off the first word.
std::string take_word(std::string& text) {
    const auto end = std::min(text.find(' '), text.size());
    auto word = text.substr(0, end);
    text.erase(0, std::min(end + 1, text.size()));
    return word;
}

http::Response parse_answer(std::string text) {
    http::Response response;
    response.status = std::stoi(take_word(text));
    while (!text.empty() && text.front() != '{' && text.front() != '[' && text.front() != '"') {
        const auto field = take_word(text);
        const auto colon = field.find(':');
        if (colon == std::string::npos)
            throw Failure("a header must be name:value, a body JSON: " + field);
        response.headers.set(field.substr(0, colon), field.substr(colon + 1));
    }
    if (text.empty()) return response;
    const auto body = json::parse(text);
    response.body = body.is_string() ? body.get<std::string>() : body.dump();
    if (!response.headers.contains("content-type") && !body.is_string()) {
        response.headers.set("content-type", "application/json");
    }
    return response;
}

std::chrono::milliseconds parse_duration(const std::string& text) {
    std::size_t end = 0;
    const auto count = std::stoll(text, &end);
    const auto unit = text.substr(end);
    if (unit == "ms") return std::chrono::milliseconds(count);
    if (unit == "s") return std::chrono::seconds(count);
    if (unit == "min") return std::chrono::minutes(count);
    if (unit == "h") return std::chrono::hours(count);
    throw Failure("a duration needs a unit: ms, s, min or h");
}

}  // namespace

World::World()
    : http_(
          [this](const http::Request& request, std::size_t number) { announce(request, number); }) {
    const auto home = directory_.path() / "home";
    std::filesystem::create_directories(directory_.path() / "user");
    ::setenv("HOME", home.c_str(), 1);
    ::setenv("TZ", "UTC", 1);
    for (const char* name : {"XDG_STATE_HOME",
                             "AZURE_TENANT_ID",
                             "AZURE_CLIENT_ID",
                             "AZURE_CLIENT_SECRET",
                             "AZUREML_ARM_ENDPOINT"}) {
        ::unsetenv(name);
    }
    const features::Seams seams{.transport = client_,
                                .clock = clock_,
                                .http = http_,
                                .random = random_,
                                .blocking_pool = pool_,
                                .log = Log(log_, LogLevel::Info),
                                .trace = {},
                                .version = "1.0.0"};
    server_ = std::make_unique<features::Server>(loop_.get_executor(), seams);
    asio::co_spawn(loop_, server_->run(), [this](std::exception_ptr error, int code) {
        crash_ = error;
        exit_code_ = code;
    });
}

World::~World() {
    pool_.join();
}

void World::move(Step step, const std::string& text) {
    if (step == Step::Send) send(text);
    if (step == Step::Answer) answer(text);
    if (step == Step::Clock) advance(text);
    if (step == Step::Write) write(text);
    if (step == Step::Copy) copy(text);
    if (step == Step::Env) set_environment(text);
}

void World::send(const std::string& message) {
    auto parsed = json::parse(message);
    if (parsed.is_object()) parsed["jsonrpc"] = "2.0";
    client_.deliver(std::move(parsed));
    settle();
}

void World::answer(const std::string& text) {
    const bool answered = text.starts_with("! ")
                              ? http_.fail(Error(ErrorKind::Unavailable, text.substr(2)))
                              : http_.answer(parse_answer(text));
    if (!answered) throw Failure("no call waits for an answer");
    settle();
}

void World::advance(const std::string& duration) {
    clock_.advance(parse_duration(duration));
    settle();
}

void World::write(std::string text) {
    const auto file = user_path(take_word(text));
    const auto content = json::parse(text);
    std::filesystem::create_directories(file.parent_path());
    std::ofstream output(file, std::ios::binary);
    output << (content.is_string() ? content.get<std::string>() : content.dump(2) + "\n");
}

void World::copy(const std::string& fixture) {
    std::filesystem::copy(std::filesystem::path(AML_SOURCE_DIR) / "tests" / "fixtures" / fixture,
                          user_path("."),
                          std::filesystem::copy_options::recursive);
}

void World::set_environment(std::string text) {
    const auto name = take_word(text);
    ::setenv(name.c_str(), text.c_str(), 1);
}

std::string World::file(const std::string& path) const {
    std::ifstream input(user_path(path), std::ios::binary);
    if (!input) return fmt::format("{} absent", path);
    std::ostringstream text;
    text << input.rdbuf();
    const auto parsed = nlohmann::ordered_json::parse(text.str(), nullptr, false);
    const auto shown = parsed.is_discarded() ? nlohmann::ordered_json(text.str()) : parsed;
    return fmt::format("{} {}", path, shown.dump());
}

std::optional<Event> World::take() {
    if (done_.empty()) return std::nullopt;
    auto event = std::move(done_.front());
    done_.pop_front();
    return event;
}

void World::answer_in_order(const std::vector<std::size_t>& calls) {
    http_.put_in_order(calls);
}

void World::end() {
    client_.close();
    settle();
    if (crash_) std::rethrow_exception(crash_);
    if (!exit_code_)
        throw Failure("the server did not end when the client had closed the connection");
}

void World::settle() {
    test::settle(loop_, pool_);
    collect();
}

void World::collect() {
    for (auto& message : client_.take()) {
        done_.push_back({Step::Expect, message_text(std::move(message))});
    }
}

void World::announce(const http::Request& request, std::size_t number) {
    // Messages that were sent before the call come before it.
    collect();
    auto text = fmt::format(
        "{} {}{}", http::to_string(request.method), request.url, body_text(request.body.view()));
    done_.push_back({Step::Call, std::move(text), number});
}

std::filesystem::path World::user_path(const std::string& relative) const {
    return (folder() / relative).lexically_normal();
}

}  // namespace aml::transcript
