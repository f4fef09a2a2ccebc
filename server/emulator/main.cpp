#include "arm/arm.hpp"
#include "async/clock.hpp"
#include "blob/blob_service.hpp"
#include "compute/job_scheduler.hpp"
#include "core/certificate.hpp"
#include "core/context.hpp"
#include "core/gateway.hpp"
#include "core/identity.hpp"
#include "core/server.hpp"
#include "core/skewed_clock.hpp"
#include "core/state_folder.hpp"
#include "data/data_service.hpp"
#include "entra/entra.hpp"
#include "entra/machine_identity.hpp"
#include "studio/studio.hpp"
#include "support/error.hpp"

#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>

#include <csignal>
#include <cstdlib>
#include <iostream>

namespace {

using namespace aml;
using namespace aml::emulator;

constexpr int exit_usage = 2;

void print_ready(const Context& context,
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
    std::cout << line.dump() << std::endl;
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

int run(const Options& options) {
    const Log log(stderr_sink(), options.debug ? LogLevel::Debug : LogLevel::Info, "emulator");
    // Before anything is made, so that a wrong file leaves no trace.
    auto faults = options.faults ? Faults::load(*options.faults) : Faults();
    auto recorder = options.record ? std::make_unique<Recorder>(*options.record) : nullptr;
    const StateFolder folder(options.state);
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
    Server server(loop, ServerLimits(), log.component("http"), std::move(tls));
    const auto port = server.listen(options.port);
    ResourceStore resources(store);
    RunStore runs(store);
    TokenService tokens(store);
    Router router;
    Context context{options,
                    folder.path(),
                    log,
                    clock,
                    *random,
                    pool,
                    tasks,
                    store,
                    resources,
                    runs,
                    tokens,
                    load_identity(store, *random),
                    router,
                    fmt::format("{}://127.0.0.1:{}", options.tls ? "https" : "http", port),
                    {}};
    if (certificate) context.trusted_file = certificate->trusted_file;

    Entra entra(context);
    MachineIdentity machine(context);
    BlobService blobs(context);
    JobScheduler scheduler(context, blobs);
    Arm arm(context, scheduler, blobs);
    DataService data(context, blobs, scheduler);
    Studio studio(context, blobs, data.metrics());
    entra.add_routes();
    machine.add_routes();
    blobs.add_routes();
    arm.add_routes();
    data.add_routes();
    studio.add_routes();
    arm.start();
    scheduler.start();

    std::stop_source stop;
    boost::asio::signal_set signals(loop, SIGINT, SIGTERM);
    signals.async_wait([&stop](boost::system::error_code error, int) {
        if (!error) stop.request_stop();
    });
    Gateway::Parts parts{router,
                         tokens,
                         context.identity.tenant_id,
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
    print_ready(context, machine, certificate);
    log.info("listening on {}, state in {}", context.base_url, folder.path().string());
    loop.run();
    pool.join();
    log.info("stopped");
    return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    try {
        const auto options = parse_options({argv + 1, argv + argc});
        if (options.help) {
            std::cout << usage();
            return EXIT_SUCCESS;
        }
        if (options.version) {
            std::cout << "aml-emulator " << AML_VERSION << '\n';
            return EXIT_SUCCESS;
        }
        return run(options);
    } catch (const Error& error) {
        std::cerr << "aml-emulator: " << error.what() << '\n';
        return error.kind() == ErrorKind::InvalidParams ? exit_usage : EXIT_FAILURE;
    } catch (const std::exception& error) {
        std::cerr << "aml-emulator: " << error.what() << '\n';
        return EXIT_FAILURE;
    }
}
