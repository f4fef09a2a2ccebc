#pragma once

#include "arm_fixture.hpp"
#include "data/data_service.hpp"
#include "emulator_fixture.hpp"
#include "entra/entra.hpp"
#include "entra/machine_identity.hpp"
#include "studio/studio.hpp"
#include "support/temporary_directory.hpp"
#include "web/gateway.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace aml::emulator::test {

/// A request as the storm sends it.
struct StormRequest {
    std::string method;
    std::string target;
    Headers headers;
    std::string body;

    /// One line, with what cannot be printed escaped.
    std::string describe() const;
};

/// The whole emulator without sockets and without a scheduler that would run what is asked for, and
/// a source of requests to all of its routes: odd methods, paths, queries, headers and bodies
/// beside sound ones. The same seed gives the same requests.
class RouteStorm final {
public:
    explicit RouteStorm(std::uint64_t seed);
    ~RouteStorm();
    RouteStorm(const RouteStorm&) = delete;
    RouteStorm& operator=(const RouteStorm&) = delete;

    StormRequest next();
    /// Sends it as it would come from a connection. Returns what is wrong with the answer: a 500,
    /// an exception, a body that is not the JSON it says it is; absent when all is well.
    std::optional<std::string> send(const StormRequest& request);

    std::size_t route_count() const { return router_.routes().size(); }

private:
    class Sink;

    const std::string& pick(const std::vector<std::string>& values);
    bool chance(unsigned percent);
    std::string odd_text();
    std::string parameter(std::string_view name);
    std::string path_of(std::string_view pattern);
    std::string query_of(const Route& route);
    std::string body_of(const Route& route);
    Headers headers_of(const Route& route);
    json odd_json(int depth);
    void mutate(json& value, int depth);
    std::string token(const Route& route);

    std::mt19937_64 random_;
    aml::test::TemporaryDirectory folder_;
    Settings settings_;
    asio::io_context loop_{1};
    aml::test::FakeClock clock_{aml::test::FakeClock::Mode::Jump};
    std::unique_ptr<Random> system_random_ = system_random();
    asio::thread_pool pool_{1};
    async::TaskGroup tasks_{loop_.get_executor(), [](std::exception_ptr) {}};
    Store store_;
    ResourceStore resources_;
    RunStore runs_;
    Tenants tenants_;
    TokenService tokens_;
    Router router_;
    Context context_;
    FakeScheduler scheduler_;
    Entra entra_;
    MachineIdentity machine_;
    BlobService blobs_;
    Arm arm_;
    MetricStore metrics_;
    DataService data_;
    Studio studio_;
    Authentication authentication_;
    std::shared_ptr<Sink> sink_;
    std::stop_source stop_;
    std::unique_ptr<Gateway> gateway_;
    Workspace workspace_;
    std::string experiment_id_;
};

}  // namespace aml::emulator::test
