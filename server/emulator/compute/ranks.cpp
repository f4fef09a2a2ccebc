#include "compute/ranks.hpp"

#include "async/asio.hpp"
#include "core/text.hpp"
#include "support/error.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace aml::emulator {

namespace {

constexpr std::string_view this_machine = "127.0.0.1";

int count_in(const json& object, const char* key, int otherwise) {
    const auto value = object.is_object() ? object.find(key) : object.end();
    const bool is_there = object.is_object() && value != object.end() && value->is_number_integer();
    return is_there ? value->get<int>() : otherwise;
}

const json& object_in(const json& object, const char* key) {
    static const auto none = json::object();
    const auto found = object.find(key);
    return found != object.end() && found->is_object() ? *found : none;
}

void add_evenly(RankPlan& plan, int on_each_node) {
    plan.ranks.clear();
    for (int node = 0; node < plan.nodes; ++node) {
        for (int local = 0; local < on_each_node; ++local) {
            const int rank = node * on_each_node + local;
            plan.ranks.push_back(
                {rank, node, local, "", rank, fmt::format("std_log_process_{:02}.txt", rank)});
        }
    }
}

/// Those of a role, one on each node and then again from the first.
void add_role(RankPlan& plan, const std::string& role, int count) {
    for (int index = 0; index < count; ++index) {
        Rank rank{static_cast<int>(plan.ranks.size()), index % plan.nodes, 0, role, index, ""};
        rank.local = static_cast<int>(
            std::ranges::count(plan.ranks, rank.node, [](const Rank& one) { return one.node; }));
        const auto again = index / plan.nodes;
        rank.log = fmt::format("std_log_node_{:02}_{}{}.txt",
                               rank.node,
                               role,
                               again == 0 ? "" : fmt::format("_{}", again));
        plan.ranks.push_back(std::move(rank));
    }
}

json tensorflow_configuration(const RankPlan& plan,
                              const Rank& rank,
                              const std::vector<std::uint16_t>& ports) {
    auto cluster = json::object();
    for (const auto& one : plan.ranks) {
        const auto port = ports.at(static_cast<std::size_t>(one.rank));
        cluster[one.role].push_back(fmt::format("{}:{}", this_machine, port));
    }
    return {{"cluster", std::move(cluster)},
            {"task", {{"type", rank.role}, {"index", rank.index}}},
            {"environment", "cloud"}};
}

int processes_of_node(const RankPlan& plan, int node) {
    return static_cast<int>(
        std::ranges::count(plan.ranks, node, [](const Rank& rank) { return rank.node; }));
}

}  // namespace

std::size_t RankPlan::ports() const {
    if (launcher == Launcher::None) return 0;
    return launcher == Launcher::TensorFlow ? ranks.size() : 1;
}

RankPlan plan_ranks(const json& job) {
    RankPlan plan;
    plan.nodes = std::max(1, count_in(object_in(job, "resources"), "instanceCount", 1));
    const auto& distribution = object_in(job, "distribution");
    const auto type = text_at(distribution, "distributionType");
    if (type.empty()) return plan;
    const int on_each_node = std::max(1, count_in(distribution, "processCountPerInstance", 1));
    if (same_text(type, "PyTorch") || same_text(type, "Mpi")) {
        plan.launcher = same_text(type, "Mpi") ? Launcher::Mpi : Launcher::PyTorch;
        add_evenly(plan, on_each_node);
        return plan;
    }
    if (!same_text(type, "TensorFlow")) {
        throw Error(ErrorKind::Rejected,
                    fmt::format("The emulator starts no {} cluster. Use the distribution PyTorch, "
                                "Mpi or TensorFlow here, or submit the job to Azure.",
                                type));
    }
    plan.launcher = Launcher::TensorFlow;
    plan.ranks.clear();
    add_role(plan, "ps", count_in(distribution, "parameterServerCount", 0));
    add_role(plan, "worker", std::max(1, count_in(distribution, "workerCount", plan.nodes)));
    return plan;
}

std::vector<std::pair<std::string, std::string>> rank_variables(
    const RankPlan& plan, const Rank& rank, const std::vector<std::uint16_t>& ports) {
    std::vector<std::pair<std::string, std::string>> variables{
        {"AZUREML_NODE_COUNT", std::to_string(plan.nodes)}};
    if (plan.launcher == Launcher::None) return variables;
    const auto add = [&](const char* name, auto value) {
        variables.emplace_back(name, fmt::format("{}", value));
    };
    const auto port = ports.at(0);
    if (plan.nodes > 1) {
        const std::vector<std::string_view> nodes(static_cast<std::size_t>(plan.nodes),
                                                  this_machine);
        add("AZ_BATCH_MASTER_NODE", fmt::format("{}:{}", this_machine, port));
        add("AZ_BATCH_HOST_LIST", fmt::format("{}", fmt::join(nodes, ",")));
        add("AZ_BATCH_NODE_LIST", fmt::format("{}", fmt::join(nodes, ";")));
        add("AZ_BATCH_IS_CURRENT_NODE_MASTER", rank.node == 0);
    }
    if (plan.launcher == Launcher::PyTorch) {
        add("MASTER_ADDR", this_machine);
        add("MASTER_PORT", port);
        add("WORLD_SIZE", plan.ranks.size());
        add("RANK", rank.rank);
        add("LOCAL_RANK", rank.local);
        add("NODE_RANK", rank.node);
    } else if (plan.launcher == Launcher::Mpi) {
        add("AZ_BATCHAI_MPI_MASTER_NODE", this_machine);
        add("OMPI_COMM_WORLD_SIZE", plan.ranks.size());
        add("OMPI_COMM_WORLD_RANK", rank.rank);
        add("OMPI_COMM_WORLD_LOCAL_SIZE", processes_of_node(plan, rank.node));
        add("OMPI_COMM_WORLD_LOCAL_RANK", rank.local);
        // Open MPI's word for the place on the node, not for that of the node.
        add("OMPI_COMM_WORLD_NODE_RANK", rank.local);
    } else {
        add("TF_CONFIG", tensorflow_configuration(plan, rank, ports).dump());
    }
    return variables;
}

std::string rank_name(const RankPlan& plan, const Rank& rank) {
    if (plan.launcher == Launcher::None) return {};
    if (rank.role.empty()) return fmt::format("rank {}", rank.rank);
    return fmt::format("{} {}", rank.role == "ps" ? "parameter server" : rank.role, rank.index);
}

std::vector<std::uint16_t> free_ports(std::size_t count) {
    using boost::asio::ip::tcp;
    boost::asio::io_context loop;
    // Held until all are found, so that none is found twice.
    std::vector<tcp::acceptor> held;
    std::vector<std::uint16_t> ports;
    while (ports.size() < count) {
        held.emplace_back(loop, tcp::endpoint(boost::asio::ip::make_address_v4(this_machine), 0));
        ports.push_back(held.back().local_endpoint().port());
    }
    return ports;
}

}  // namespace aml::emulator
