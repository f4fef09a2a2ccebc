#pragma once

#include "async/asio.hpp"
#include "async/clock.hpp"
#include "async/event.hpp"
#include "async/task_group.hpp"
#include "rpc/message.hpp"
#include "rpc/outgoing_queue.hpp"
#include "rpc/router.hpp"
#include "rpc/transport.hpp"
#include "support/log.hpp"
#include "support/trace.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace aml::rpc {

/// One session with a client: owns the calls pending in both directions, their ids and cancel
/// sources, the envelope, and the order of life from `initialize` to `exit`. The only place that
/// turns exceptions into JSON-RPC errors.
///
/// A request handler is a coroutine that returns or throws, so every request is answered exactly
/// once. Requests before `initialize` are NotInitialized; after `shutdown` they are InvalidRequest;
/// notifications outside are dropped. Unknown `$/` notifications are ignored, unknown requests are
/// MethodNotFound. Source: LSP 3.17 "Base Protocol".
class Connection final {
public:
    /// Everything referred to must outlive the connection.
    Connection(asio::any_io_executor executor,
               Transport& transport,
               const Router& router,
               async::Clock& clock,
               Log log,
               Trace trace = {});

    /// Serves until `exit`, the end of input, or a stream that cannot be read any more; then stops
    /// what still runs, answers it, and flushes. Returns the exit code of the process: 0 after
    /// `shutdown`, else 1.
    asio::awaitable<int> run();

    /// Asks the client. When `stop` fires first, the client is told to cancel and this throws
    /// Cancelled at once. Throws: MethodNotFound (the client has no such method), Cancelled (also
    /// when the session ends), Unavailable, or the kind that the client's error data names.
    template <typename M>
    asio::awaitable<typename M::Result> request(typename M::Params params, std::stop_token stop) {
        Json encoded = protocol::encode(params);
        std::string method(M::method);
        Json reply = co_await call(std::move(method), std::move(encoded), std::move(stop));
        if constexpr (!std::is_void_v<typename M::Result>)
            co_return read_reply<typename M::Result>(M::method, reply);
    }

    /// Completes when everything that the client was told or answered so far has been written to
    /// it. Throws: Cancelled, Unavailable (it cannot be written to any more).
    asio::awaitable<void> flush(std::stop_token stop);

    /// Tells the client; never waits. Notifications that carry whole states replace older unsent
    /// ones.
    template <typename M>
    void notify(typename M::Params params) {
        notify(M::method, protocol::encode(params));
    }

private:
    enum class Phase { Starting, Initializing, Running, ShutDown };

    struct Active {
        Request request;
        std::stop_source stop;
        async::Clock::TimePoint started;
        /// See `RequestContext::after_reply`.
        std::vector<std::function<void()>> after_reply{};
    };

    struct Pending {
        Pending(const asio::any_io_executor& executor, std::string name)
            : method(std::move(name)),
              answered(executor) {}

        std::string method;
        async::Event answered;
        std::optional<Response> response;
    };

    template <typename Result>
    static Result read_reply(std::string_view method, const Json& reply) {
        try {
            return protocol::decode<Result>(reply, "/result");
        } catch (const Error& error) {
            throw unreadable_reply(method, error);
        }
    }

    static Error unreadable_reply(std::string_view method, const Error& error);

    asio::awaitable<void> read();
    asio::awaitable<void> write();
    asio::awaitable<void> finish();
    /// Waits until at most `rest` requests are being served, or too long.
    asio::awaitable<void> settle(std::size_t rest);

    void accept(Incoming incoming);
    void accept(Request request);
    void accept(const Notification& notification);
    void accept(Response response);
    void accept(const Malformed& malformed);
    void cancel(const Json& params);
    void stop_all_but(const Id* id);
    /// Why a request may not be served now, if so.
    std::optional<Error> refusal(const Request& request) const;

    asio::awaitable<void> serve(Id id);
    asio::awaitable<Json> handle(Active& active);
    asio::awaitable<Json> call(std::string method, Json params, std::stop_token stop);

    void notify(std::string_view method, Json params);
    void refuse(std::optional<Id> id, const Error& error);
    void reply(const Active& active, Response response);
    void enqueue(Json message);
    void log_failure(const Request& request, const std::exception_ptr& error) const;

    asio::any_io_executor executor_;
    Transport& transport_;
    const Router& router_;
    async::Clock& clock_;
    Log log_;
    Trace trace_;

    Phase phase_ = Phase::Starting;
    bool exiting_ = false;
    bool closed_ = false;
    int exit_code_ = 1;
    std::int64_t next_id_ = 1;
    OutgoingQueue queue_;
    async::Event outgoing_;
    // Messages handed to the transport, and those it has written. Notifications that replace
    // another are no message of their own.
    std::uint64_t taken_ = 0;
    std::uint64_t written_ = 0;
    // Set and replaced when a message is written; whoever waits keeps the one it waits for.
    std::shared_ptr<async::Event> message_written_;
    // Nodes are stable: a request's coroutine refers to its own entry until it erases it.
    std::map<Id, Active> active_;
    // Shared with the coroutine that waits for the answer.
    std::map<std::int64_t, std::shared_ptr<Pending>> pending_;
    // Set and replaced when a request ends; whoever waits keeps the one it waits for.
    std::shared_ptr<async::Event> request_ended_;
    std::stop_source stop_reading_;
    std::stop_source stop_writing_;
    async::TaskGroup requests_;
    async::TaskGroup writer_;
};

}  // namespace aml::rpc
