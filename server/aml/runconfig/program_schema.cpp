// What the program of a job is described by, in several types of jobs.
#include "runconfig/document.hpp"
#include "runconfig/shared_schema.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdint>

namespace aml::runconfig {

namespace {

using namespace types;

constexpr std::array distribution_types{
    EnumValue{"pytorch", Localizable("PyTorch's own launcher."), "PyTorch"},
    EnumValue{"mpi", Localizable("MPI, for example for Horovod or DeepSpeed."), "Mpi"},
    EnumValue{
        "tensorflow", Localizable("TensorFlow with workers and parameter servers."), "TensorFlow"},
    EnumValue{"ray", Localizable("Ray (preview)."), "Ray", true},
};

constexpr std::array distribution_keys{
    KeySchema{.name = "type",
              .types = string,
              .doc = Localizable("How the processes find each other."),
              .rest = "distributionType",
              .required = true,
              .values = distribution_types},
    KeySchema{.name = "process_count_per_instance",
              .types = integer,
              .doc = Localizable("Processes on each node, usually one per GPU."),
              .rest = "processCountPerInstance",
              .minimum = 1,
              .only_for = "mpi pytorch",
              .snippet = "1"},
    KeySchema{.name = "worker_count",
              .types = integer,
              .doc = Localizable("Number of workers. Default: the number of nodes."),
              .rest = "workerCount",
              .minimum = 0,
              .only_for = "tensorflow"},
    KeySchema{.name = "parameter_server_count",
              .types = integer,
              .doc = Localizable("Number of parameter servers. Default: 0."),
              .rest = "parameterServerCount",
              .minimum = 0,
              .only_for = "tensorflow"},
    KeySchema{.name = "address",
              .types = string,
              .doc = Localizable("Address of an existing Ray cluster."),
              .rest = "address",
              .only_for = "ray"},
    KeySchema{.name = "port",
              .types = integer,
              .doc = Localizable("Port of the Ray head process."),
              .rest = "port",
              .only_for = "ray"},
    KeySchema{.name = "dashboard_port",
              .types = integer,
              .doc = Localizable("Port of the Ray dashboard."),
              .rest = "dashboardPort",
              .only_for = "ray"},
    KeySchema{.name = "include_dashboard",
              .types = boolean,
              .doc = Localizable("Whether the Ray dashboard is started."),
              .rest = "includeDashboard",
              .only_for = "ray"},
    KeySchema{.name = "head_node_additional_args",
              .types = string,
              .doc = Localizable("Extra arguments of `ray start` on the head node."),
              .rest = "headNodeAdditionalArgs",
              .only_for = "ray"},
    KeySchema{.name = "worker_node_additional_args",
              .types = string,
              .doc = Localizable("Extra arguments of `ray start` on the other nodes."),
              .rest = "workerNodeAdditionalArgs",
              .only_for = "ray"},
};

constexpr KeySchema variable_value{.name = "*",
                                   .types = string | number | boolean,
                                   .doc = Localizable("A text; what is none is sent as one.")};

constexpr std::int64_t most_seconds = 1'000'000'000;

}  // namespace

constinit const ObjectSchema shared::distribution_schema{.keys = distribution_keys};
constinit const ObjectSchema shared::variables_schema{.additional = &variable_value};

/// Seconds as ISO 8601, the form Azure ML takes.
nlohmann::json shared::iso_duration(const Node& value) {
    return "PT" + value.text + "S";
}

/// Azure ML writes the same time as it likes: "PT1H", "P1DT30S".
nlohmann::json shared::seconds_of(const nlohmann::json& value) {
    const auto text = value.is_string() ? value.get<std::string>() : std::string();
    std::int64_t seconds = 0;
    std::int64_t number = 0;
    bool is_time = false;
    for (const char letter : text) {
        if (letter >= '0' && letter <= '9') {
            number = std::min<std::int64_t>(number * 10 + (letter - '0'), most_seconds);
            continue;
        }
        const std::int64_t unit = letter == 'D'              ? 86'400
                                  : letter == 'H'            ? 3'600
                                  : letter == 'M' && is_time ? 60
                                  : letter == 'S'            ? 1
                                                             : 0;
        is_time = is_time || letter == 'T';
        seconds += number * unit;
        number = 0;
    }
    return seconds;
}

}  // namespace aml::runconfig
