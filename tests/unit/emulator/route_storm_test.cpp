#include "route_storm.hpp"

#include <doctest/doctest.h>

namespace aml::emulator::route_storm_test {

using namespace test;

TEST_CASE("no request ends the emulator or is answered 500, on any of its routes") {
    RouteStorm storm(2026);
    REQUIRE(storm.route_count() > 200);
    for (int i = 0; i < 3000; ++i) {
        const auto request = storm.next();
        const auto wrong = storm.send(request);
        CHECK_MESSAGE(!wrong, *wrong, "\n", request.describe());
    }
}

}  // namespace aml::emulator::route_storm_test
