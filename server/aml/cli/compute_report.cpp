#include "cli/compute_report.hpp"

#include "cli/table.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"
#include "workspace/compute_cost.hpp"
#include "workspace/compute_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <utility>

namespace aml::cli {
namespace {

bool is_low_priority(const azure::Compute& compute) {
    return same_name(compute.vm_priority, "LowPriority");
}

}  // namespace

nlohmann::json compute_json(const azure::Compute& compute, const azure::VmSize* size) {
    nlohmann::json json{{"name", compute.name},
                        {"type", compute.type},
                        {"provisioningState", compute.provisioning_state},
                        {"runsJobs", compute.runs_jobs()},
                        {"errors", compute.errors}};
    const auto put = [&json](const char* key, const auto& value) {
        if (value) json[key] = *value;
    };
    const auto put_text = [&json](const char* key, const std::string& text) {
        if (!text.empty()) json[key] = text;
    };
    put_text("vmSize", compute.vm_size);
    put_text("vmPriority", compute.vm_priority);
    put_text("instanceState", compute.instance_state);
    put_text("createdBy", compute.created_by);
    put("minNodes", compute.min_nodes);
    put("maxNodes", compute.max_nodes);
    put("currentNodes", compute.current_nodes);
    put("targetNodes", compute.target_nodes);
    if (compute.idle_time) {
        json["idleSeconds"] =
            std::chrono::duration_cast<std::chrono::seconds>(*compute.idle_time).count();
    }
    const auto price = size == nullptr ? std::nullopt : size->linux_price(is_low_priority(compute));
    if (price) {
        json["pricePerHour"] = price->per_hour;
        json["currency"] = price->currency;
    }
    return json;
}

void print_compute(Terminal& terminal, const azure::Compute& compute, const azure::VmSize* size) {
    Table table({compute.name, workspace::describe_state(compute)});
    const auto row = [&table](std::string name, std::string value) {
        if (!value.empty()) table.add({std::move(name), std::move(value)});
    };
    row(localize("type"), compute.type);
    auto machines = compute.vm_size;
    if (size != nullptr) machines += fmt::format(" · {}", workspace::describe_size(*size));
    if (is_low_priority(compute)) machines += fmt::format(" · {}", localize("low priority"));
    row(localize("machines"), machines);
    if (size != nullptr) {
        row(localize("price"),
            workspace::describe_price(*size, is_low_priority(compute)).value_or(std::string()));
    }
    if (compute.max_nodes) {
        row(localize("nodes"),
            localize("{} now, {} to {}",
                     compute.current_nodes.value_or(0),
                     compute.min_nodes.value_or(0),
                     *compute.max_nodes));
    }
    row(localize("off when idle for"), workspace::describe_idle(compute));
    row(localize("created by"), compute.created_by);
    for (const auto& line : table.lines()) terminal.line(line);
    const auto standing =
        workspace::standing_cost(size, is_low_priority(compute), compute.min_nodes.value_or(0));
    if (standing) terminal.remark(*standing);
    for (const auto& error : compute.errors)
        terminal.remark(localize("The compute {} reports: {}", compute.name, error));
}

}  // namespace aml::cli
