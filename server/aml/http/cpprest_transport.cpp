#include "http/cpprest_transport.hpp"

#include "async/await_task.hpp"
#include "async/deadline.hpp"
#include "http/certificates.hpp"
#include "http/gzip.hpp"
#include "http/transport_failure.hpp"
#include "http/url.hpp"
#include "platform/environment.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <cpprest/containerstream.h>
#include <cpprest/http_client.h>
#include <cpprest/rawptrstream.h>
#include <pplx/threadpool.h>

#include <charconv>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <system_error>
#include <variant>

namespace aml::http {
namespace {

namespace cpprest = web::http;
namespace ssl = boost::asio::ssl;
using Bytes = std::vector<std::uint8_t>;
using Received = concurrency::streams::container_buffer<Bytes>;

// cpprestsdk's own strings are UTF-16 on Windows.
using utility::conversions::to_string_t;
using utility::conversions::to_utf8string;

// Of one read or write; a whole attempt is limited by Request::timeout.
constexpr std::chrono::minutes idle_limit{2};
constexpr std::size_t chunk_size = 256 * 1024;

/// What one exchange needs until its task has ended, even if nobody waits for it any more.
struct Exchange {
    Body body;
    Received received{};
    pplx::cancellation_token_source cancellation{};
    pplx::task<void> posted{};
    bool accepts_gzip = false;
};

/// An answer as it was before the service compressed it, or why that cannot be told.
struct Arrived {
    Response response{};
    std::optional<GunzipProblem> problem{};
};

using SharedExchange = std::shared_ptr<Exchange>;

/// Every name below `localhost` is this machine (RFC 6761), which the C library need not know.
bool is_below_localhost(std::string_view host) {
    return host.ends_with(".localhost");
}

web::uri uri_of(const std::string& text) {
    return web::uri(to_string_t(text));
}

cpprest::http_request make_request(const Request& request,
                                   const Url& url,
                                   const SharedExchange& exchange) {
    cpprest::http_request message(to_string_t(std::string(to_string(request.method))));
    message.set_request_uri(uri_of(url.query.empty() ? url.path : url.path + '?' + url.query));
    for (const auto& [name, value] : request.headers)
        message.headers().add(to_string_t(name), to_string_t(value));
    if (is_below_localhost(url.host))
        message.headers().add(to_string_t("Host"),
                              to_string_t(fmt::format("{}:{}", url.host, url.port)));
    message.set_response_stream(exchange->received.create_ostream());
    const auto bytes = exchange->body.view();
    if (bytes.empty()) return message;
    const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
    auto stream =
        concurrency::streams::rawptr_stream<std::uint8_t>::open_istream(data, bytes.size());
    const auto type = request.headers.get("Content-Type").value_or("application/octet-stream");
    message.set_body(stream, bytes.size(), to_string_t(type));
    return message;
}

/// What has come; on the thread that received it, as a large answer takes a while to unpack.
Arrived unpack(const cpprest::http_response& answer, const Exchange& exchange) {
    Arrived arrived;
    auto& response = arrived.response;
    response.status = answer.status_code();
    for (const auto& [name, value] : answer.headers())
        response.headers.set(to_utf8string(name), to_utf8string(value));
    const Bytes& bytes = exchange.received.collection();
    const bool packed = exchange.accepts_gzip && !bytes.empty() &&
                        same_name(response.headers.get("Content-Encoding").value_or(""), "gzip");
    if (!packed) {
        response.body.assign(bytes.begin(), bytes.end());
        return arrived;
    }
    auto unpacked = gunzip({reinterpret_cast<const char*>(bytes.data()), bytes.size()},
                           CpprestTransport::most_unpacked);
    if (const auto* problem = std::get_if<GunzipProblem>(&unpacked)) {
        arrived.problem = *problem;
        return arrived;
    }
    response.body = std::move(std::get<std::string>(unpacked));
    response.headers.remove("Content-Encoding");
    response.headers.remove("Content-Length");
    return arrived;
}

pplx::task<Arrived> start(cpprest::client::http_client& client,
                          cpprest::http_request message,
                          const SharedExchange& exchange) {
    return client.request(std::move(message), exchange->cancellation.get_token())
        .then([](cpprest::http_response answer) { return answer.content_ready(); })
        .then([exchange](cpprest::http_response answer) { return unpack(answer, *exchange); });
}

/// Where the connection goes.
std::string connected_origin(const Url& url) {
    if (!is_below_localhost(url.host)) return url.origin();
    return fmt::format("{}://127.0.0.1:{}", url.scheme, url.port);
}

/// One origin as it is reached: the client with its idle connections, and what is said of failures.
struct Destination {
    Destination(const Url& url,
                const ProxySettings& proxy_settings,
                const std::shared_ptr<TrustedRoots>& roots);

    std::string origin;
    std::string host;
    std::optional<Proxy> proxy;
    // Shared with the contexts of connections, which may outlast this.
    std::shared_ptr<LastCertificateProblem> certificate_problem;
    cpprest::client::http_client client;
};

cpprest::client::http_client_config config_for(
    const Url& url,
    const std::optional<Proxy>& proxy,
    const std::shared_ptr<TrustedRoots>& roots,
    const std::shared_ptr<LastCertificateProblem>& problem) {
    cpprest::client::http_client_config config;
    config.set_timeout(idle_limit);
    config.set_chunksize(chunk_size);
    // A token must not follow a redirect to another host.
    config.set_max_redirects(0);
    config.set_ssl_context_callback([host = url.host, roots, problem](ssl::context& context) {
        require_trust(context, host, *roots, *problem);
    });
    if (proxy) {
        web::web_proxy tunnel{uri_of(proxy->address)};
        if (!proxy->user.empty()) {
            tunnel.set_credentials(
                {to_string_t(proxy->user), to_string_t(proxy->password.reveal())});
        }
        config.set_proxy(tunnel);
    }
    return config;
}

Destination::Destination(const Url& url,
                         const ProxySettings& proxy_settings,
                         const std::shared_ptr<TrustedRoots>& roots)
    : origin(url.origin()),
      host(url.host),
      proxy(proxy_for(url, proxy_settings, platform::variable)),
      certificate_problem(std::make_shared<LastCertificateProblem>()),
      client(uri_of(connected_origin(url)), config_for(url, proxy, roots, certificate_problem)) {}

Error unavailable(std::string message) {
    return {ErrorKind::Unavailable, std::move(message)};
}

Error failed(ErrorKind kind, std::string_view code, std::string message) {
    ErrorDetails details;
    details.azure_code = code;
    return {kind, std::move(message), details};
}

Error not_connected(std::string message) {
    return failed(ErrorKind::Unavailable, transport_failure::no_connection, std::move(message));
}

Error proxy_failed(ErrorKind kind, std::string message) {
    return failed(kind, transport_failure::proxy, std::move(message));
}

/// cpprestsdk gives the proxy's status in the text of the exception only.
std::optional<int> proxy_status(std::string_view text) {
    constexpr std::string_view before = "200 response from proxy, received: ";
    const auto at = text.find(before);
    if (at == std::string_view::npos) return std::nullopt;
    const auto digits = text.substr(at + before.size());
    int status = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), status);
    return status;
}

Error refused_by_proxy(const Proxy& proxy, int status, const std::string& origin) {
    if (status == 407 && proxy.user.empty()) {
        return proxy_failed(
            ErrorKind::Rejected,
            localize("The proxy {} asks for a user name and password; write them into its "
                     "address, http://user:password@host:port, in the setting http.proxy "
                     "or in HTTPS_PROXY.",
                     proxy.address));
    }
    if (status == 407) {
        return proxy_failed(
            ErrorKind::Rejected,
            localize("The proxy {} does not accept the user name and password in its "
                     "address; correct them in the setting http.proxy or in HTTPS_PROXY.",
                     proxy.address));
    }
    if (status >= 500) {
        return proxy_failed(
            ErrorKind::Unavailable,
            localize(
                "The proxy {} cannot reach {} (HTTP status {}).", proxy.address, origin, status));
    }
    return proxy_failed(
        ErrorKind::Rejected,
        localize("The proxy {} does not allow connections to {} (HTTP status {}); ask who "
                 "runs it.",
                 proxy.address,
                 origin,
                 status));
}

/// What failed on the way to the proxy itself, or in it.
std::optional<Error> proxy_failure(std::string_view text, const Destination& destination) {
    if (!destination.proxy) return std::nullopt;
    const auto& proxy = *destination.proxy;
    const auto status = proxy_status(text);
    if (status) return refused_by_proxy(proxy, *status, destination.origin);
    if (text.find("proxy") == std::string_view::npos) return std::nullopt;
    return proxy_failed(
        ErrorKind::Unavailable,
        localize("The proxy {} cannot be reached; check the network, and the setting http.proxy or "
                 "HTTPS_PROXY.",
                 proxy.address));
}

/// cpprestsdk tells its stages apart in the text of the exception only.
Error translate(const cpprest::http_exception& failure, const Destination& destination) {
    const std::string_view text = failure.what();
    const auto& origin = destination.origin;
    const auto has = [text](std::string_view part) {
        return text.find(part) != std::string_view::npos;
    };
    if (failure.error_code() == std::errc::timed_out) {
        return {ErrorKind::TimedOut, localize("{} did not answer in time.", origin)};
    }
    if (auto error = proxy_failure(text, destination)) return std::move(*error);
    if (has("connect to any")) {
        return not_connected(localize("{} refuses connections or cannot be reached.", origin));
    }
    if (has("resolv")) {
        return not_connected(
            localize("The name of {} cannot be resolved; check the network connection.", origin));
    }
    if (has("SSL handshake")) {
        const auto problem = destination.certificate_problem->load();
        if (problem) return refused_certificate(*problem, origin, destination.host);
    }
    if (has("SSL") || has("certificate")) {
        return failed(ErrorKind::Unavailable,
                      transport_failure::tls,
                      localize("No secure connection to {} ({}); check that the address is right "
                               "and that no proxy "
                               "in between changes what it says.",
                               origin,
                               text));
    }
    return unavailable(localize("The connection to {} broke ({}).", origin, text));
}

Error cannot_unpack(GunzipProblem problem, const std::string& origin) {
    if (problem == GunzipProblem::TooLarge) {
        return {ErrorKind::AzureFailed,
                localize("The answer of {} is larger than {} MB.",
                         origin,
                         CpprestTransport::most_unpacked / 1'000'000)};
    }
    return unavailable(localize("The compressed answer of {} is cut off or damaged.", origin));
}

}  // namespace

class CpprestTransport::Connections final {
public:
    void configure(NetworkSettings settings) {
        if (settings == settings_) return;
        settings_ = std::move(settings);
        roots_.reset();
        destinations_.clear();
    }

    /// Throws: Rejected, as `send`.
    std::shared_ptr<Destination> to(const Url& url) {
        auto& known = destinations_[url.origin()];
        if (!known) {
            if (!roots_) roots_ = std::make_shared<TrustedRoots>(settings_.ca_file);
            known = std::make_shared<Destination>(url, settings_.proxy, roots_);
        }
        return known;
    }

    async::AwaitedTask<Arrived> start_exchange(const Request& request,
                                               const Url& url,
                                               Destination& destination,
                                               const SharedExchange& exchange,
                                               const asio::any_io_executor& loop) {
        in_flight_.remove_if([](const auto& other) { return other->posted.is_done(); });
        try {
            auto task = start(destination.client, make_request(request, url, exchange), exchange);
            async::AwaitedTask<Arrived> answer(loop, std::move(task));
            exchange->posted = answer.posted();
            in_flight_.push_back(exchange);
            return answer;
        } catch (const std::exception& failure) {
            throw unavailable(
                localize("No request to {} is possible: {}.", destination.origin, failure.what()));
        }
    }

    /// Sockets of abandoned exchanges are closing; after this nothing of theirs touches the loop.
    void end() {
        for (const auto& exchange : in_flight_) exchange->cancellation.cancel();
        for (const auto& exchange : in_flight_) exchange->posted.wait();
    }

private:
    NetworkSettings settings_;
    std::shared_ptr<TrustedRoots> roots_;
    // By origin. Shared with the exchanges under way, which go on when the settings change.
    std::map<std::string, std::shared_ptr<Destination>> destinations_;
    // Those that may still run, also when nobody waits for them any more.
    std::list<SharedExchange> in_flight_;
};

CpprestTransport::CpprestTransport()
    : connections_(std::make_unique<Connections>()),
      clock_(async::system_clock()) {}

CpprestTransport::~CpprestTransport() {
    connections_->end();
}

void CpprestTransport::configure(NetworkSettings settings) {
    connections_->configure(std::move(settings));
}

asio::awaitable<Response> CpprestTransport::send(Request request, std::stop_token stop) {
    if (stop.stop_requested()) throw cancelled();
    const auto url = parse_url(request.url);
    if (!url) throw Error(ErrorKind::InternalError, "The request has no absolute address.");
    const auto destination = connections_->to(*url);
    auto exchange = std::make_shared<Exchange>(Exchange{request.body});
    exchange->accepts_gzip = request.headers.get("Accept-Encoding") == "gzip";
    const auto loop = co_await asio::this_coro::executor;
    const auto answer = connections_->start_exchange(request, *url, *destination, exchange, loop);

    auto wait = [&answer](std::stop_token token) { return answer.get(std::move(token)); };
    std::optional<Arrived> arrived;
    try {
        arrived = co_await async::with_deadline(*clock_, request.timeout, wait, stop);
    } catch (const cpprest::http_exception& failure) {
        throw translate(failure, *destination);
    } catch (const Error&) {
        exchange->cancellation.cancel();
        throw;
    } catch (const std::exception& failure) {
        throw unavailable(
            localize("The exchange with {} failed: {}.", destination->origin, failure.what()));
    }
    if (!arrived) {
        exchange->cancellation.cancel();
        throw Error(ErrorKind::TimedOut,
                    localize("{} did not answer within {} seconds.",
                             destination->origin,
                             request.timeout.count() / 1000));
    }
    if (arrived->problem) throw cannot_unpack(*arrived->problem, destination->origin);
    co_return std::move(arrived->response);
}

void initialize_transport_threads(int count) {
    crossplat::threadpool::initialize_with_threads(static_cast<std::size_t>(count));
}

}  // namespace aml::http
