#include "program/emulator.hpp"

#include "arm/arm.hpp"
#include "async/clock.hpp"
#include "blob/blob_service.hpp"
#include "compute/job_scheduler.hpp"
#include "core/context.hpp"
#include "core/identity.hpp"
#include "data/data_service.hpp"
#include "entra/entra.hpp"
#include "entra/machine_identity.hpp"
#include "execution/detached_program.hpp"
#include "platform/environment.hpp"
#include "program/idle_exit.hpp"
#include "program/options.hpp"
#include "program/state_folder.hpp"
#include "studio/studio.hpp"
#include "support/error.hpp"
#include "web/certificate.hpp"
#include "web/faults.hpp"
#include "web/gateway.hpp"
#include "web/server.hpp"

#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

namespace aml::emulator {
namespace {

constexpr int exit_usage = 2;

std::string ready_line(const Context& context,
                       const MachineIdentity& machine,
                       const std::optional<Certificate>& certificate) {
    const auto& identity = context.identity;
    nlohmann::ordered_json line{{"armEndpoint", context.base_url},
                                {"authority", context.base_url},
                                {"studioUrl", context.base_url},
                                {"tenantId", identity.tenant_id},
                                {"clientId", identity.client_id},
                                {"clientSecret", identity.client_secret},
                                {"identityHeader", machine.secret()},
                                {"subscriptionId", identity.subscription_id},
                                {"resourceGroup", identity.resource_group},
                                {"workspace", identity.workspace}};
    if (certificate) line["caFile"] = certificate->ca_file.string();
    return line.dump();
}

/// The port of the last emulator on this state, so that its links stay true, if it is free.
unsigned short listen(Server& server, const Options& options, const StateClaim& claim) {
    const auto last = options.shared && options.port == 0 ? claim.ready_line() : std::nullopt;
    if (!last) return server.listen(options.port);
    const auto endpoint = nlohmann::json::parse(*last, nullptr, false).value("armEndpoint", "");
    unsigned short port = 0;
    const auto digits = std::string_view(endpoint).substr(endpoint.rfind(':') + 1);
    std::from_chars(digits.data(), digits.data() + digits.size(), port);
    try {
        return server.listen(port);
    } catch (const Error&) {
        return server.listen(0);
    }
}

asio::awaitable<void> serve(Server& server,
                            Gateway& gateway,
                            std::stop_token stop,
                            asio::io_context& loop,
                            async::TaskGroup& tasks) {
    Service service = [&gateway](Request& request, BodyReader& body) {
        return gateway.handle(request, body);
    };
    co_await server.run(std::move(service), std::move(stop));
    tasks.request_stop();
    co_await tasks.join();
    loop.stop();
}

int answer_for_the_other(const StateClaim& claim, const Options& options) {
    const auto line = claim.ready_line();
    if (!options.shared || !line) {
        throw Error(
            ErrorKind::Unavailable,
            fmt::format("Another emulator is running on {}.", options.state.value_or("").string()));
    }
    std::cout << *line << std::endl;
    return EXIT_SUCCESS;
}

asio::awaitable<void> leave_when_idle(const Gateway& gateway,
                                      const Context& context,
                                      std::chrono::minutes limit,
                                      std::stop_source stop) {
    Usage usage{.last_request = [&gateway] { return gateway.last_request(); },
                .is_busy = [&context] { return !context.runs.unfinished().empty(); }};
    co_await until_idle(std::move(usage), context.clock, limit, stop.get_token());
    context.log.info("nobody has asked for anything for a while");
    stop.request_stop();
}

int run(const Options& options) {
    const Log log(stderr_sink(), options.debug ? LogLevel::Debug : LogLevel::Info, "emulator");
    // Before anything is made, so that a wrong file leaves no trace.
    auto faults = options.faults ? Faults::load(*options.faults) : Faults();
    auto recorder = options.record ? std::make_unique<Recorder>(*options.record) : nullptr;
    const StateFolder folder(options.state);
    StateClaim claim(folder.path());
    if (!claim.is_ours()) return answer_for_the_other(claim, options);
    asio::io_context loop(1);
    const auto true_clock = async::system_clock();
    SkewedClock clock(*true_clock, faults.clock_skew());
    const auto random = system_random();
    asio::thread_pool pool(4);
    async::TaskGroup tasks(loop.get_executor(), [&log](std::exception_ptr error) {
        log.error("background task: {}", describe(error));
    });
    Store store(folder.path() / "emulator.db");
    std::optional<Certificate> certificate;
    if (options.tls) certificate = load_certificate(folder.path(), true_clock->now());
    auto tls = certificate ? certificate->context : nullptr;
    Server server(loop, clock, pool, ServerLimits(), log.component("http"), std::move(tls));
    const auto port = listen(server, options, claim);
    ResourceStore resources(store);
    RunStore runs(store, *random);
    Tenants tenants(store);
    TokenService tokens(store);
    Router router;
    Context context{options.settings,
                    folder.path(),
                    log,
                    clock,
                    *random,
                    pool,
                    tasks,
                    store,
                    resources,
                    runs,
                    tenants,
                    tokens,
                    load_identity(store, *random),
                    fmt::format("{}://127.0.0.1:{}", options.tls ? "https" : "http", port),
                    {}};
    if (certificate) context.trusted_file = certificate->trusted_file;
    resources.use_address(context.base_url);

    Entra entra(context, router);
    MachineIdentity machine(context, router);
    BlobService blobs(context, router);
    MetricStore metrics(store);
    JobScheduler scheduler(context, blobs, metrics);
    Arm arm(context, router, scheduler, blobs);
    DataService data(context, router, blobs, metrics, scheduler);
    Studio studio(context, router, blobs, metrics);
    entra.add_routes();
    machine.add_routes();
    blobs.add_routes();
    arm.add_routes();
    data.add_routes();
    studio.add_routes();
    for (const auto& route : router.routes())
        log.debug("serves {} {}", route->method, route->pattern);
    arm.start();
    scheduler.start();
    tasks.spawn(scheduler.warn_without_python());

    std::stop_source stop;
    boost::asio::signal_set signals(loop);
    for (const int signal : platform::stop_signals()) signals.add(signal);
    signals.async_wait([&stop](boost::system::error_code error, int) {
        if (!error) stop.request_stop();
    });
    const Authentication authentication(store, tenants, tokens, context.identity.tenant_id);
    Gateway::Parts parts{router,
                         authentication,
                         clock,
                         *random,
                         pool,
                         log.component("http"),
                         options.latency,
                         std::move(faults),
                         std::move(recorder),
                         stop.get_token()};
    Gateway gateway(std::move(parts));
    async::TaskGroup top(loop.get_executor(), [&](std::exception_ptr error) {
        log.error("{}", describe(error));
        loop.stop();
    });
    top.spawn(serve(server, gateway, stop.get_token(), loop, tasks));
    if (options.idle_exit) tasks.spawn(leave_when_idle(gateway, context, *options.idle_exit, stop));
    const auto line = ready_line(context, machine, certificate);
    claim.announce(line);
    std::cout << line << std::endl;
    log.info("listening on {}, state in {}", context.base_url, folder.path().string());
    loop.run();
    pool.join();
    log.info("stopped");
    return EXIT_SUCCESS;
}

/// Throws: like parse_options, with a word on where to look.
Options read_options(const std::vector<std::string>& arguments) {
    try {
        return parse_options(arguments);
    } catch (const Error& error) {
        throw Error(error.kind(), error.message() + " Try --help.");
    }
}

}  // namespace

int main(const std::vector<std::string>& arguments, const std::string& version) {
    try {
        auto options = read_options(arguments);
        options.settings.program = execution::own_program();
        if (options.help) {
            std::cout << usage();
            return EXIT_SUCCESS;
        }
        if (options.version) {
            std::cout << "aml emulator " << version << '\n';
            return EXIT_SUCCESS;
        }
        return run(options);
    } catch (const Error& error) {
        std::cerr << "aml emulator: " << error.what() << '\n';
        return error.kind() == ErrorKind::InvalidParams ? exit_usage : EXIT_FAILURE;
    } catch (const std::exception& error) {
        std::cerr << "aml emulator: " << error.what() << '\n';
        return EXIT_FAILURE;
    }
}

}  // namespace aml::emulator
