#include "workspace/names.hpp"

#include <doctest/doctest.h>

using namespace aml;
using namespace aml::workspace;

TEST_CASE("names of new computes follow Azure's rule and are unique without regard to case") {
    CHECK(check_compute_name("cpu-cluster", {}) == std::nullopt);
    CHECK(check_compute_name("", {}) == "Type a name for the compute.");
    CHECK(check_compute_name("1cpu", {}).has_value());
    CHECK(check_compute_name("ab", {}).has_value());
    CHECK(check_compute_name("cpu_cluster", {}).has_value());
    CHECK(check_compute_name("cpu-1", {}).has_value());
    CHECK(check_compute_name("cpu-1a", {}) == std::nullopt);
    CHECK(check_compute_name(std::string(25, 'a'), {}).has_value());
    CHECK(check_compute_name("CPU-cluster", {"cpu-cluster"}) ==
          "The workspace already has a compute named cpu-cluster.");
}

TEST_CASE("names of new experiments follow Azure's rule") {
    CHECK(check_experiment_name("mnist_2026-a") == std::nullopt);
    CHECK(check_experiment_name("") == "Type a name for the experiment.");
    CHECK(check_experiment_name("-mnist").has_value());
    CHECK(check_experiment_name("m nist").has_value());
}

TEST_CASE("a free name is found next to the ones that are taken") {
    CHECK(free_compute_name("cpu-cluster", {}) == "cpu-cluster");
    CHECK(free_compute_name("cpu-cluster", {"CPU-cluster"}) == "cpu-clusterb");
    CHECK(free_compute_name("cpu-cluster", {"cpu-cluster", "cpu-clusterb"}) == "cpu-clusterc");
}

TEST_CASE("any folder's name becomes a name that Azure accepts") {
    CHECK(name_from("My project (2)") == "My-project-2");
    CHECK(name_from("mnist-starter") == "mnist-starter");
    CHECK(name_from("日本") == "experiment");
    CHECK(name_from("__x__") == "x");
}
