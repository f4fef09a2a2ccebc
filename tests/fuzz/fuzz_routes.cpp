// usage: aml_fuzz_routes REQUESTS [SEED]
// Sends so many requests to all of the emulator's routes, until one is answered wrongly. The seed
// is printed, and makes the same requests again; the request that is under way stands in the file
// routes.last, for when a sanitizer ends the program.
#include "unit/emulator/route_storm.hpp"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <random>

int main(int argc, char** argv) {
    if (argc < 2 || argc > 3) {
        std::cerr << "usage: aml_fuzz_routes REQUESTS [SEED]\n";
        return EXIT_FAILURE;
    }
    const auto count = std::strtoull(argv[1], nullptr, 10);
    const std::uint64_t seed =
        argc == 3 ? std::strtoull(argv[2], nullptr, 10) : std::random_device()();
    std::cout << "seed " << seed << std::endl;
    aml::emulator::test::RouteStorm storm(seed);
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto request = storm.next();
        std::ofstream("routes.last", std::ios::trunc) << request.describe() << '\n';
        if (const auto wrong = storm.send(request)) {
            std::cout << *wrong << "\n" << request.describe() << std::endl;
            return EXIT_FAILURE;
        }
    }
    std::cout << count << " requests to " << storm.route_count() << " routes" << std::endl;
    return EXIT_SUCCESS;
}
