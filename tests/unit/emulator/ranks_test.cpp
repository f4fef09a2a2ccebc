#include "compute/ranks.hpp"

#include "support/error.hpp"

#include <doctest/doctest.h>

#include <map>
#include <set>

namespace aml::emulator::ranks_test {

namespace {

json job_on(int nodes, json distribution) {
    return {{"resources", {{"instanceCount", nodes}}}, {"distribution", std::move(distribution)}};
}

std::map<std::string, std::string> variables_of(const RankPlan& plan, std::size_t rank) {
    std::vector<std::uint16_t> ports;
    while (ports.size() < plan.ports()) {
        const auto next = static_cast<std::uint16_t>(6000 + ports.size());
        ports.push_back(next);
    }
    const auto variables = rank_variables(plan, plan.ranks.at(rank), ports);
    return {variables.begin(), variables.end()};
}

std::vector<std::string> logs_of(const RankPlan& plan) {
    std::vector<std::string> logs;
    for (const auto& rank : plan.ranks) logs.push_back(rank.log);
    return logs;
}

}  // namespace

TEST_CASE("a job without a distribution is one process, on however many nodes") {
    const auto plan = plan_ranks(job_on(2, nullptr));
    CHECK(plan.nodes == 2);
    CHECK(plan.ports() == 0);
    CHECK(logs_of(plan) == std::vector<std::string>{"std_log.txt"});
    CHECK(variables_of(plan, 0) == std::map<std::string, std::string>{{"AZUREML_NODE_COUNT", "2"}});
    CHECK(rank_name(plan, plan.ranks[0]).empty());
    CHECK(plan_ranks(json::object()).nodes == 1);
}

TEST_CASE("PyTorch's processes get the variables of its launcher") {
    const auto plan =
        plan_ranks(job_on(2, {{"distributionType", "PyTorch"}, {"processCountPerInstance", 2}}));
    CHECK(logs_of(plan) == std::vector<std::string>{"std_log_process_00.txt",
                                                    "std_log_process_01.txt",
                                                    "std_log_process_02.txt",
                                                    "std_log_process_03.txt"});
    const std::map<std::string, std::string> wanted{{"AZUREML_NODE_COUNT", "2"},
                                                    {"AZ_BATCH_HOST_LIST", "127.0.0.1,127.0.0.1"},
                                                    {"AZ_BATCH_IS_CURRENT_NODE_MASTER", "false"},
                                                    {"AZ_BATCH_MASTER_NODE", "127.0.0.1:6000"},
                                                    {"AZ_BATCH_NODE_LIST", "127.0.0.1;127.0.0.1"},
                                                    {"LOCAL_RANK", "1"},
                                                    {"MASTER_ADDR", "127.0.0.1"},
                                                    {"MASTER_PORT", "6000"},
                                                    {"NODE_RANK", "1"},
                                                    {"RANK", "3"},
                                                    {"WORLD_SIZE", "4"}};
    CHECK(variables_of(plan, 3) == wanted);
    CHECK(variables_of(plan, 1).at("AZ_BATCH_IS_CURRENT_NODE_MASTER") == "true");
    CHECK(rank_name(plan, plan.ranks[3]) == "rank 3");
    const auto alone = plan_ranks(job_on(1, {{"distributionType", "pytorch"}}));
    CHECK(alone.ranks.size() == 1);
    CHECK_FALSE(variables_of(alone, 0).contains("AZ_BATCH_MASTER_NODE"));
}

TEST_CASE("MPI's processes get Open MPI's variables") {
    const auto plan =
        plan_ranks(job_on(2, {{"distributionType", "Mpi"}, {"processCountPerInstance", 3}}));
    auto variables = variables_of(plan, 4);
    CHECK(variables["OMPI_COMM_WORLD_RANK"] == "4");
    CHECK(variables["OMPI_COMM_WORLD_SIZE"] == "6");
    CHECK(variables["OMPI_COMM_WORLD_LOCAL_RANK"] == "1");
    CHECK(variables["OMPI_COMM_WORLD_LOCAL_SIZE"] == "3");
    CHECK(variables["OMPI_COMM_WORLD_NODE_RANK"] == "1");
    CHECK(variables["AZ_BATCH_MASTER_NODE"] == "127.0.0.1:6000");
    CHECK(variables["AZ_BATCHAI_MPI_MASTER_NODE"] == "127.0.0.1");
    CHECK_FALSE(variables.contains("RANK"));
}

TEST_CASE("TensorFlow's processes know the cluster and their task") {
    const auto plan = plan_ranks(job_on(
        2, {{"distributionType", "TensorFlow"}, {"workerCount", 3}, {"parameterServerCount", 1}}));
    CHECK(logs_of(plan) == std::vector<std::string>{"std_log_node_00_ps.txt",
                                                    "std_log_node_00_worker.txt",
                                                    "std_log_node_01_worker.txt",
                                                    "std_log_node_00_worker_1.txt"});
    CHECK(plan.ports() == 4);
    const auto configuration = json::parse(variables_of(plan, 2).at("TF_CONFIG"));
    const json wanted{{"cluster",
                       {{"ps", {"127.0.0.1:6000"}},
                        {"worker", {"127.0.0.1:6001", "127.0.0.1:6002", "127.0.0.1:6003"}}}},
                      {"task", {{"type", "worker"}, {"index", 1}}},
                      {"environment", "cloud"}};
    CHECK(configuration == wanted);
    CHECK(rank_name(plan, plan.ranks[0]) == "parameter server 0");
    CHECK(rank_name(plan, plan.ranks[3]) == "worker 2");
    // As many workers as nodes, when the job does not say.
    CHECK(plan_ranks(job_on(2, {{"distributionType", "TensorFlow"}})).ranks.size() == 2);
}

TEST_CASE("a Ray cluster is refused in words") {
    const auto job = job_on(1, {{"distributionType", "Ray"}});
    CHECK_THROWS_WITH_AS(plan_ranks(job),
                         "The emulator starts no Ray cluster. Use the distribution PyTorch, Mpi or "
                         "TensorFlow here, or submit the job to Azure.",
                         Error);
}

TEST_CASE("free ports are all different") {
    const auto ports = free_ports(20);
    CHECK(std::set(ports.begin(), ports.end()).size() == 20);
}

}  // namespace aml::emulator::ranks_test
