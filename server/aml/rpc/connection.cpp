#include "rpc/connection.hpp"

#include "async/deadline.hpp"
#include "rpc/wire_log.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>

#include <utility>

namespace aml::rpc {
namespace {

constexpr std::chrono::milliseconds settle_deadline{5000};
constexpr std::chrono::milliseconds flush_deadline{2000};

std::optional<protocol::ProgressToken> progress_token(const Json& params) {
    if (!params.is_object() || !params.contains("workDoneToken")) return std::nullopt;
    return protocol::decode<protocol::ProgressToken>(params["workDoneToken"],
                                                     "/params/workDoneToken");
}

}  // namespace

Connection::Connection(asio::any_io_executor executor,
                       Transport& transport,
                       const Router& router,
                       async::Clock& clock,
                       Log log,
                       Trace trace)
    : executor_(std::move(executor)),
      transport_(transport),
      router_(router),
      clock_(clock),
      log_(std::move(log)),
      trace_(std::move(trace)),
      outgoing_(executor_),
      message_written_(std::make_shared<async::Event>(executor_)),
      request_ended_(std::make_shared<async::Event>(executor_)),
      requests_(executor_,
                [this](std::exception_ptr error) {
                    log_.error("a request ended badly: {}", describe(error));
                }),
      writer_(executor_, [this](std::exception_ptr error) {
          log_.error("writing ended badly: {}", describe(error));
      }) {}

asio::awaitable<int> Connection::run() {
    writer_.spawn(write());
    co_await read();
    co_await finish();
    co_return exit_code_;
}

asio::awaitable<void> Connection::read() {
    try {
        while (!exiting_) {
            auto incoming = co_await transport_.receive(stop_reading_.get_token());
            if (!incoming) {
                log_.info("the client has closed the connection");
                break;
            }
            accept(std::move(*incoming));
        }
    } catch (const Error& error) {
        log_.info("reading has ended: {}", error.message());
    }
    exit_code_ = phase_ == Phase::ShutDown ? 0 : 1;
}

asio::awaitable<void> Connection::write() {
    while (true) {
        while (auto message = queue_.pop()) {
            taken_ += 1;
            try {
                co_await transport_.send(std::move(*message));
            } catch (const Error& error) {
                log_.error("the client cannot be written to: {}", error.message());
                closed_ = true;
                stop_reading_.request_stop();
                message_written_->set();
                co_return;
            }
            written_ += 1;
            std::exchange(message_written_, std::make_shared<async::Event>(executor_))->set();
        }
        if (closed_) co_return;
        outgoing_.reset();
        co_await outgoing_.wait(stop_writing_.get_token());
    }
}

asio::awaitable<void> Connection::flush(std::stop_token stop) {
    const auto last = taken_ + queue_.size();
    while (true) {
        if (closed_) throw Error(ErrorKind::Unavailable, "The editor has gone.");
        if (written_ >= last) co_return;
        const auto progress = message_written_;
        co_await progress->wait(stop);
    }
}

asio::awaitable<void> Connection::finish() {
    stop_all_but(nullptr);
    for (const auto& [id, pending] : pending_) pending->answered.set();
    co_await settle(0);
    closed_ = true;
    outgoing_.set();
    auto written = [this](std::stop_token stop) { return writer_.join(std::move(stop)); };
    const auto in_time =
        co_await async::with_deadline(clock_, flush_deadline, written, std::stop_token());
    if (in_time) co_return;
    log_.error("the client did not read everything in time");
    stop_writing_.request_stop();
}

asio::awaitable<void> Connection::settle(std::size_t rest) {
    auto ended = [this, rest](std::stop_token stop) -> asio::awaitable<void> {
        while (active_.size() > rest) {
            const auto one_ended = request_ended_;
            co_await one_ended->wait(stop);
        }
    };
    const auto in_time =
        co_await async::with_deadline(clock_, settle_deadline, ended, std::stop_token());
    if (!in_time) log_.error("{} requests did not stop in time", active_.size() - rest);
}

void Connection::accept(Incoming incoming) {
    if (auto* unreadable = std::get_if<Unreadable>(&incoming)) {
        log_.error("{}", unreadable->message);
        refuse(std::nullopt, Error(ErrorKind::ParseError, unreadable->message));
        if (unreadable->fatal) {
            log_.error("the connection ends, because nothing more can be read from it");
            exiting_ = true;
        }
        return;
    }
    auto message = parse_message(std::move(std::get<Json>(incoming)));
    std::visit([this](auto& form) { accept(std::move(form)); }, message);
}

void Connection::accept(Request request) {
    log_request(log_, Way::In, request);
    if (const auto refused = refusal(request)) {
        refuse(request.id, *refused);
        return;
    }
    if (request.method == protocol::Initialize::method) phase_ = Phase::Initializing;
    if (request.method == protocol::Shutdown::method) {
        phase_ = Phase::ShutDown;
        stop_all_but(&request.id);
    }
    const auto id = request.id;
    active_.emplace(id, Active{std::move(request), std::stop_source(), clock_.now()});
    requests_.spawn(serve(id));
}

std::optional<Error> Connection::refusal(const Request& request) const {
    if (active_.contains(request.id)) {
        return Error(ErrorKind::InvalidRequest,
                     fmt::format("The id {} is in use.", to_string(request.id)));
    }
    const bool initialize = request.method == protocol::Initialize::method;
    switch (phase_) {
        case Phase::Starting:
        case Phase::Initializing:
            if (initialize && phase_ == Phase::Starting) return std::nullopt;
            return Error(ErrorKind::NotInitialized, "The server is not initialized yet.");
        case Phase::Running:
            if (initialize)
                return Error(ErrorKind::InvalidRequest, "The server is initialized already.");
            return std::nullopt;
        case Phase::ShutDown:
            return Error(ErrorKind::InvalidRequest, "The server is shutting down.");
    }
    return std::nullopt;
}

void Connection::accept(const Notification& notification) {
    log_notification(log_, Way::In, notification);
    const auto& method = notification.method;
    if (method == protocol::Exit::method) {
        exiting_ = true;
        return;
    }
    if (phase_ == Phase::Starting || phase_ == Phase::ShutDown) return;
    if (method == "$/cancelRequest") {
        cancel(notification.params);
        return;
    }
    const auto& handlers = router_.find_notification(method);
    if (handlers.empty() && !method.starts_with("$/")) log_.info("nobody handles {}", method);
    for (const auto& handler : handlers) {
        try {
            handler(notification.params);
        } catch (const std::exception& error) {
            log_.error("{} failed: {}", method, error.what());
        }
    }
}

void Connection::accept(Response response) {
    const auto* id = response.id ? std::get_if<std::int64_t>(&*response.id) : nullptr;
    const auto found = id == nullptr ? pending_.end() : pending_.find(*id);
    if (found == pending_.end()) {
        log_.debug("<-- a reply that nobody waits for");
        return;
    }
    log_reply(log_, Way::In, response, found->second->method);
    found->second->response = std::move(response);
    found->second->answered.set();
}

void Connection::accept(const Malformed& malformed) {
    log_.error("malformed message: {}", malformed.message);
    refuse(malformed.id, Error(ErrorKind::InvalidRequest, malformed.message));
}

void Connection::cancel(const Json& params) {
    const auto request = read_id(params);
    const auto found = request ? active_.find(*request) : active_.end();
    if (found != active_.end()) found->second.stop.request_stop();
}

void Connection::stop_all_but(const Id* id) {
    // Stopping may end a request at once, which changes the map.
    std::vector<std::stop_source> sources;
    for (const auto& [key, active] : active_) {
        if (id == nullptr || key != *id) sources.push_back(active.stop);
    }
    for (auto& source : sources) source.request_stop();
}

asio::awaitable<void> Connection::serve(Id id) {
    auto& active = active_.at(id);
    Response response{id, nullptr, std::nullopt};
    std::exception_ptr error;
    try {
        response.result = co_await handle(active);
    } catch (...) {
        error = std::current_exception();
    }
    if (error) {
        response.error = to_response_error(error);
        log_failure(active.request, error);
    }
    if (active.request.method == protocol::Initialize::method && phase_ == Phase::Initializing) {
        phase_ = error ? Phase::Starting : Phase::Running;
    }
    reply(active, std::move(response));
    const auto after_reply = std::move(active.after_reply);
    active_.erase(id);
    for (const auto& action : after_reply) action();
    std::exchange(request_ended_, std::make_shared<async::Event>(executor_))->set();
}

asio::awaitable<Json> Connection::handle(Active& active) {
    const auto* handler = router_.find_request(active.request.method);
    if (handler == nullptr) {
        throw Error(ErrorKind::MethodNotFound,
                    fmt::format("There is no method {}.", active.request.method));
    }
    if (active.request.method == protocol::Shutdown::method) co_await settle(1);
    if (active.stop.stop_requested()) throw cancelled();
    const auto span = trace_.span(active.request.method);
    RequestContext context(
        active.request.id, active.stop.get_token(), progress_token(active.request.params));
    auto result = co_await (*handler)(active.request.params, context);
    active.after_reply = context.take_after_reply();
    co_return result;
}

asio::awaitable<Json> Connection::call(std::string method, Json params, std::stop_token stop) {
    if (closed_ || exiting_ || stop.stop_requested()) throw cancelled();
    const auto id = next_id_++;
    const auto pending = std::make_shared<Pending>(executor_, method);
    pending_.emplace(id, pending);
    Request request{Id(id), method, std::move(params)};
    log_request(log_, Way::Out, request);
    enqueue(to_json(request));
    std::exception_ptr stopped;
    try {
        co_await pending->answered.wait(std::move(stop));
    } catch (const Error&) {
        stopped = std::current_exception();
    }
    pending_.erase(id);
    if (stopped) {
        notify("$/cancelRequest", Json{{"id", id}});
        std::rethrow_exception(stopped);
    }
    if (!pending->response) throw cancelled();
    if (pending->response->error) throw from_response_error(*pending->response->error, method);
    co_return std::move(pending->response->result);
}

Error Connection::unreadable_reply(std::string_view method, const Error& error) {
    return {ErrorKind::Unavailable,
            localize("The editor's answer to {} could not be read: {}.", method, error.message())};
}

void Connection::notify(std::string_view method, Json params) {
    const Notification notification{std::string(method), std::move(params)};
    log_notification(log_, Way::Out, notification);
    enqueue(to_json(notification));
}

void Connection::refuse(std::optional<Id> id, const Error& error) {
    Response response{std::move(id), nullptr, to_response_error(std::make_exception_ptr(error))};
    log_reply(log_, Way::Out, response);
    enqueue(to_json(response));
}

void Connection::reply(const Active& active, Response response) {
    const auto took =
        std::chrono::duration_cast<std::chrono::milliseconds>(clock_.now() - active.started);
    log_reply(log_, Way::Out, response, active.request.method, took);
    enqueue(to_json(response));
}

void Connection::enqueue(Json message) {
    if (closed_) return;
    queue_.push(std::move(message));
    outgoing_.set();
}

void Connection::log_failure(const Request& request, const std::exception_ptr& error) const {
    try {
        std::rethrow_exception(error);
    } catch (const Error& known) {
        if (known.kind() != ErrorKind::InternalError) return;
        log_.error(
            "{} #{} failed inside: {}", request.method, to_string(request.id), known.message());
    } catch (const std::exception& unknown) {
        log_.error(
            "{} #{} failed inside: {}", request.method, to_string(request.id), unknown.what());
    } catch (...) {
        log_.error("{} #{} failed inside: unknown error", request.method, to_string(request.id));
    }
}

}  // namespace aml::rpc
