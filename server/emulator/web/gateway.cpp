#include "web/gateway.hpp"

#include "async/run_blocking.hpp"
#include "core/text.hpp"
#include "core/time.hpp"
#include "support/error.hpp"
#include "web/api_version.hpp"
#include "web/compression.hpp"
#include "web/errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace aml::emulator {
namespace {

/// Bodies that handlers get whole. ARM itself stops at 4 MiB; run history takes more.
constexpr std::size_t longest_body = 16 * 1024 * 1024;
/// After this no token is good any more.
constexpr std::chrono::hours long_enough{24 * 400};

Surface guess_surface(std::string_view path) {
    constexpr std::array<std::string_view, 3> arm{"/subscriptions", "/tenants", "/providers"};
    constexpr std::array<std::string_view, 9> data{"/history/",
                                                   "/metric/",
                                                   "/artifact/",
                                                   "/mlflow/",
                                                   "/data/",
                                                   "/datastore/",
                                                   "/modelmanagement/",
                                                   "/content/",
                                                   "/registrymanagement/"};
    const auto begins = [path](std::string_view prefix) { return starts_with_text(path, prefix); };
    if (std::any_of(arm.begin(), arm.end(), begins)) return Surface::Arm;
    return std::any_of(data.begin(), data.end(), begins) ? Surface::DataPlane : Surface::Page;
}

/// Only names of this machine: a page on the web that points its own name at 127.0.0.1 gets
/// nothing. Nobody can own azure.test (RFC 2606), so it is a name for whoever comes through a proxy
/// that knows it.
bool is_local(std::string_view host) {
    const auto name = to_lower(host.substr(0, host.rfind(':')));
    return host.empty() || name == "127.0.0.1" || name == "localhost" || name == "azure.test" ||
           name.ends_with(".localhost");
}

/// `{account}.blob.localhost` is the host style of storage addresses; the path style is the one
/// routed.
void use_path_style(Request& request) {
    const auto& host = request.headers.get("Host");
    const auto dot = host.find('.');
    if (dot == std::string::npos || !starts_with_text(std::string_view(host).substr(dot), ".blob."))
        return;
    request.path = fmt::format("/{}{}", host.substr(0, dot), request.path);
}

std::string_view fault_code(int status) {
    switch (status) {
        case 401:
            return "AuthenticationFailed";
        case 403:
            return "AuthorizationFailed";
        case 404:
            return "ResourceNotFound";
        case 409:
            return "Conflict";
        case 429:
            return "TooManyRequests";
        case 503:
            return "ServiceUnavailable";
        case 504:
            return "GatewayTimeout";
        default:
            return status < 500 ? "BadRequest" : "InternalServerError";
    }
}

}  // namespace

Allowance::Allowance(double capacity, double per_second)
    : capacity_(capacity),
      per_second_(per_second),
      left_(capacity) {}

int Allowance::take(Time now) {
    const std::chrono::duration<double> passed = now - at_;
    at_ = now;
    left_ = std::min(capacity_, left_ + std::max(0.0, passed.count()) * per_second_);
    left_ = std::max(0.0, left_ - 1);
    return static_cast<int>(left_);
}

Gateway::Gateway(Parts parts)
    : parts_(std::move(parts)) {}

asio::awaitable<Reply> Gateway::handle(Request& request, BodyReader& body) {
    request.request_id = parts_.random.uuid();
    request.received = parts_.clock.now();
    last_request_ = request.received;
    request.surface = guess_surface(request.path);
    BodyTally tally(body);
    const bool recording = parts_.recorder != nullptr;
    BodyReader& source = recording ? static_cast<BodyReader&>(tally) : body;
    auto reply = co_await answer(request, source);
    add_headers(request, reply);
    const bool packs = negotiate_compression(request, reply);
    if (recording) {
        co_await read_rest(request, tally);
        auto streamed = request.body.empty() ? tally.summary() : json();
        co_await record(request, std::move(streamed), reply);
    }
    reply.headers.erase(fault_note);
    if (packs) {
        auto pack = [text = std::move(std::get<std::string>(reply.body))] { return gzip(text); };
        reply.body = co_await async::run_blocking(parts_.pool, std::move(pack));
    }
    const std::chrono::duration<double, std::milli> spent = parts_.clock.now() - request.received;
    parts_.log.debug(
        "{} {} {} {:.1f}ms", request.method, request.path, reply.status, spent.count());
    co_return reply;
}

asio::awaitable<Reply> Gateway::answer(Request& request, BodyReader& body) {
    std::exception_ptr failure;
    try {
        const auto arrived = request.received;
        const auto fault = parts_.faults.match(request.method, request.path);
        const bool early = fault && fault->stage == Fault::Stage::Before;
        const auto delay = early ? parts_.latency + fault->delay : parts_.latency;
        if (fault) {
            parts_.log.info("fault {} for {} {}, {} ms",
                            fault->kind(),
                            request.method,
                            request.path,
                            fault->delay.count());
        }
        if (delay.count() > 0) co_await parts_.clock.sleep_for(delay, parts_.stop);
        const bool instead = early && (fault->status || fault->damage != Damage::None);
        if (instead) co_return damaged(request, *fault, Reply());
        if (fault && fault->expired) request.received += long_enough;
        const auto& route = admit(request);
        // Azure Storage looks at its signatures while it handles the request.
        if (route.surface != Surface::Blob) request.received = arrived;
        auto reply = co_await dispatch(request, body, route);
        const bool late = fault && !early && fault->delay.count() > 0;
        if (late) co_await parts_.clock.sleep_for(fault->delay, parts_.stop);
        if (fault) co_return damaged(request, *fault, std::move(reply));
        co_return reply;
    } catch (const Refused& refused) {
        co_return refused.reply();
    } catch (...) {
        failure = std::current_exception();
    }
    try {
        std::rethrow_exception(failure);
    } catch (const Error& error) {
        parts_.log.error("{} {}: {}", request.method, request.path, error.what());
        const bool full =
            error.kind() == ErrorKind::Unavailable || error.kind() == ErrorKind::Cancelled;
        const auto refused =
            full ? surface_error(
                       request, request.surface, 503, "ServiceUnavailable", error.message())
                 : surface_error(request,
                                 request.surface,
                                 500,
                                 "InternalServerError",
                                 "The server encountered an internal error.");
        co_return refused.reply();
    } catch (...) {
        parts_.log.error("{} {}: {}", request.method, request.path, describe(failure));
        const auto refused = surface_error(request,
                                           request.surface,
                                           500,
                                           "InternalServerError",
                                           "The server encountered an internal error.");
        co_return refused.reply();
    }
}

const Route& Gateway::admit(Request& request) const {
    if (!is_local(request.headers.get("Host"))) {
        throw surface_error(request,
                            Surface::Page,
                            421,
                            "MisdirectedRequest",
                            "This emulator answers to 127.0.0.1 and localhost only.");
    }
    use_path_style(request);
    auto match = parts_.router.find(request.method, request.path);
    if (match.route != nullptr) {
        request.params = std::move(match.params);
        request.surface = match.route->surface;
        check(*match.route, request);
        return *match.route;
    }
    if (request.surface == Surface::Arm)
        parts_.authentication.authenticate(request, Surface::Arm, request.received);
    if (!match.allowed.empty()) {
        auto reply =
            surface_error(request,
                          request.surface,
                          405,
                          "MethodNotAllowed",
                          fmt::format("The requested resource does not support http method '{}'.",
                                      request.method))
                .reply();
        reply.headers.set("Allow", fmt::format("{}", fmt::join(match.allowed, ", ")));
        throw Refused(std::move(reply));
    }
    throw surface_error(
        request,
        request.surface,
        404,
        "NotFound",
        fmt::format("No HTTP resource was found that matches the request URI '{}{}'.",
                    request.base_url,
                    request.path));
}

void Gateway::check(const Route& route, Request& request) const {
    if (route.auth == Auth::Bearer) {
        request.caller =
            parts_.authentication.authenticate(request, route.surface, request.received);
    }
    if (route.versions != nullptr) check_api_version(request, *route.versions, route.pattern);
}

asio::awaitable<Reply> Gateway::dispatch(Request& request, BodyReader& body, const Route& route) {
    if (const auto* stream = std::get_if<StreamHandler>(&route.handler))
        co_return co_await (*stream)(request, body);
    request.body = co_await collect(request, body);
    const bool is_json = request.headers.get("Content-Type").find("json") != std::string::npos;
    if (route.surface == Surface::Arm && !request.body.empty() && !is_json) {
        throw arm_error(
            415,
            "UnsupportedMediaType",
            "The content media type is not supported. Only 'application/json' is supported.");
    }
    if (const auto* async = std::get_if<AsyncHandler>(&route.handler))
        co_return co_await (*async)(request);
    co_return std::get<SyncHandler>(route.handler)(request);
}

asio::awaitable<std::string> Gateway::collect(const Request& request, BodyReader& body) {
    const auto too_large = [&] {
        return surface_error(
            request,
            request.surface,
            413,
            "RequestContentTooLarge",
            fmt::format("The request content exceeds the limit of {} bytes.", longest_body));
    };
    if (body.length().value_or(0) > longest_body) throw too_large();
    std::string whole;
    for (;;) {
        const auto chunk = co_await body.read();
        if (chunk.empty()) co_return whole;
        whole += chunk;
        if (whole.size() > longest_body) throw too_large();
    }
}

asio::awaitable<void> Gateway::read_rest(Request& request, BodyTally& body) {
    const bool is_json = request.headers.get("Content-Type").find("json") != std::string::npos;
    if (!is_json || body.count() > 0) co_return;
    try {
        request.body = co_await collect(request, body);
    } catch (const Refused&) {
        // The client has broken off, or says more than any handler would read.
        request.body.clear();
    }
}

Reply Gateway::damaged(const Request& request, const Fault& fault, Reply reply) const {
    if (fault.status && (fault.stage == Fault::Stage::Before || reply.damage == Damage::None)) {
        if (fault.body) {
            reply = fault.body->is_string() ? Reply::of_text(fault.body->get<std::string>(),
                                                             "text/plain; charset=utf-8",
                                                             *fault.status)
                                            : Reply::of_json(*fault.body, *fault.status);
        } else if (*fault.status < 400) {
            reply = Reply::empty(*fault.status);
        } else {
            reply = surface_error(request,
                                  request.surface,
                                  *fault.status,
                                  fault_code(*fault.status),
                                  "This failure was asked for by a fault rule.")
                        .reply();
        }
        for (const auto& [name, value] : fault.headers) reply.headers.set(name, value);
        if (fault.retry_after_date)
            reply.headers.set("Retry-After",
                              http_time(parts_.clock.now() + *fault.retry_after_date));
    }
    auto* text = std::get_if<std::string>(&reply.body);
    if (fault.cut && text != nullptr) text->resize(text->size() / 2);
    if (fault.trickle.count() > 0)
        reply.headers.set(trickle_note, std::to_string(fault.trickle.count()));
    if (fault.status || fault.cut || fault.damage != Damage::None)
        reply.headers.set(fault_note, fault.kind());
    reply.damage = fault.damage;
    return reply;
}

void Gateway::add_headers(const Request& request, Reply& reply) {
    const auto set_missing = [&](std::string_view name, std::string value) {
        if (!reply.headers.has(name)) reply.headers.set(name, std::move(value));
    };
    set_missing("Date", http_time(parts_.clock.now()));
    set_missing("x-ms-request-id", request.request_id);
    const auto& client_id = request.headers.get("x-ms-client-request-id");
    if (!client_id.empty()) set_missing("x-ms-client-request-id", client_id);
    if (request.surface == Surface::Arm) {
        const auto& correlation = request.headers.get("x-ms-correlation-request-id");
        set_missing("x-ms-correlation-request-id",
                    correlation.empty() ? request.request_id : correlation);
        set_missing("x-ms-routing-request-id",
                    fmt::format("LOCAL:{}:{}", iso_seconds(request.received), request.request_id));
        set_missing("Cache-Control", "no-cache");
        const bool reads = request.method == "GET" || request.method == "HEAD";
        const bool deletes = request.method == "DELETE";
        auto& allowance = reads ? reads_ : deletes ? deletes_ : writes_;
        set_missing(fmt::format("x-ms-ratelimit-remaining-subscription-{}",
                                reads     ? "reads"
                                : deletes ? "deletes"
                                          : "writes"),
                    std::to_string(allowance.take(request.received)));
    } else if (request.surface == Surface::DataPlane) {
        const std::chrono::duration<double> spent = parts_.clock.now() - request.received;
        set_missing("x-request-time", fmt::format("{:.3f}", spent.count()));
        set_missing("x-ms-response-type", reply.status < 400 ? "standard" : "error");
    } else if (request.surface == Surface::Entra) {
        set_missing("Cache-Control", "no-store, no-cache");
    }
}

asio::awaitable<void> Gateway::record(const Request& request, json streamed, const Reply& reply) {
    try {
        json summary;
        if (const auto* file = std::get_if<FileBody>(&reply.body)) {
            auto hash = [part = *file] { return Recorder::file_entry(part); };
            summary = co_await async::run_blocking(parts_.pool, std::move(hash));
        }
        parts_.recorder->write(request, streamed, reply, summary);
    } catch (const Error& error) {
        parts_.log.error("{}", error.what());
    }
}

}  // namespace aml::emulator
