// What a plan looks like, for people and for programs.
#include "runs/run_status.hpp"
#include "submit/run_plan.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace aml::submit {
namespace {

using nlohmann::json;

std::string where_text(const RunPlan& plan) {
    const auto& compute = plan.compute;
    return compute.name.empty() ? localize("serverless").shown() : compute.name;
}

std::string price_text(const PlannedCompute& compute) {
    if (!compute.price) return {};
    const auto& price = *compute.price;
    const bool is_dollar = price.currency.empty() || same_name(price.currency, "USD");
    const auto one = is_dollar ? localize("${:.3g} an hour", price.per_hour)
                               : localize("{:.3g} {} an hour", price.per_hour, price.currency);
    return compute.wanted > 1 ? fmt::format("{} × {}", compute.wanted, one.shown()) : one.shown();
}

std::string nodes_text(const PlannedCompute& compute) {
    const auto starts = compute.to_start();
    if (!starts) return {};
    const auto free =
        *compute.free == 1 ? localize("1 node free") : localize("{} nodes free", *compute.free);
    return *starts == 0 ? localize("{}, none to start", free)
                        : localize("{}, {} to start", free, *starts);
}

std::string image_text(const RunPlan& plan) {
    switch (plan.image.state) {
        case ImageState::Ready:
            return localize("image ready");
        case ImageState::ToBuild:
            return localize("image to be built");
        case ImageState::Unknown:
            break;
    }
    return localize("image built where Azure has none yet");
}

std::string wait_text(const RunPlan& plan) {
    if (!plan.usual_wait) return {};
    return localize("earlier runs began after {}", runs::duration_text(*plan.usual_wait));
}

std::string files_text(const RunPlan& plan) {
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
    std::uint64_t missing_files = 0;
    std::uint64_t missing_bytes = 0;
    for (const auto& folder : plan.folders) {
        files += folder.files;
        bytes += folder.bytes;
        missing_files += folder.missing_files.value_or(folder.files);
        missing_bytes += folder.missing_bytes.value_or(folder.bytes);
    }
    if (files == 0) return localize("no files to send");
    if (missing_files == 0) return localize("all {} files there already", files);
    if (missing_files == files) return localize("{} files to send, {}", files, human_size(bytes));
    return localize("{} of {} files to send, {}", missing_files, files, human_size(missing_bytes));
}

std::string quota_text(const PlannedCompute& compute) {
    if (!compute.quota) return {};
    if (compute.quota->limit < 0) return localize("no limit of cores");
    return localize("{} of {} cores left",
                    std::max<std::int64_t>(0, compute.quota->limit - compute.quota->current),
                    compute.quota->limit);
}

void add_part(std::string& line, const std::string& part) {
    if (part.empty()) return;
    if (!line.empty()) line += " · ";
    line += part;
}

std::string machine_text(const RunPlan& plan) {
    std::string line;
    add_part(line, where_text(plan));
    add_part(line, plan.compute.vm_size);
    if (plan.compute.low_priority) add_part(line, localize("low priority"));
    add_part(line, price_text(plan.compute));
    return line;
}

std::string_view state_id(ImageState state) {
    if (state == ImageState::Ready) return "ready";
    return state == ImageState::ToBuild ? "toBuild" : "unknown";
}

json compute_json(const PlannedCompute& compute) {
    json object{{"name", compute.name.empty() ? json("serverless") : json(compute.name)},
                {"vmSize", compute.vm_size.empty() ? json() : json(compute.vm_size)},
                {"lowPriority", compute.low_priority},
                {"nodesWanted", compute.wanted}};
    if (compute.free) object["nodesFree"] = *compute.free;
    if (compute.most) object["nodesAtMost"] = *compute.most;
    if (const auto starts = compute.to_start()) object["nodesToStart"] = *starts;
    if (compute.price) {
        object["pricePerNodeAndHour"] = compute.price->per_hour;
        object["currency"] = compute.price->currency.empty() ? "USD" : compute.price->currency;
    }
    if (compute.quota) {
        object["quota"] = {{"family", compute.quota->name},
                           {"used", compute.quota->current},
                           {"limit", compute.quota->limit}};
    }
    return object;
}

}  // namespace

std::string plan_line(const RunPlan& plan) {
    auto line = machine_text(plan);
    add_part(line, nodes_text(plan.compute));
    add_part(line, image_text(plan));
    add_part(line, files_text(plan));
    add_part(line, quota_text(plan.compute));
    return line;
}

std::vector<std::string> plan_lines(const RunPlan& plan) {
    std::vector<std::string> lines;
    const auto add = [&](LocalizedText label, std::string text) {
        if (!text.empty()) lines.push_back(label.shown() + ": " + text);
    };
    add(localize("Workspace"), plan.workspace.name());
    add(localize("Experiment"), plan.experiment);
    add(localize("Compute"), machine_text(plan));
    add(localize("Nodes"), nodes_text(plan.compute));
    add(localize("Quota"), quota_text(plan.compute));
    auto image = image_text(plan);
    if (!plan.image.name.empty()) image = plan.image.name + " · " + image;
    add_part(image, wait_text(plan));
    add(localize("Environment"), image);
    if (plan.trials) add(localize("Trials"), localize("{} at most", *plan.trials));
    add(localize("Files"), files_text(plan));
    for (const auto& found : plan.findings)
        add(localize("Check"), found.finding.path + " (" + found.description() + ")");
    for (const auto& problem : plan.problems) add(localize("Problem"), problem);
    return lines;
}

json to_json(const RunPlan& plan) {
    json folders = json::array();
    for (const auto& folder : plan.folders) {
        json one{{"path", folder.path}, {"files", folder.files}, {"bytes", folder.bytes}};
        if (folder.missing_files) one["filesToSend"] = *folder.missing_files;
        if (folder.missing_bytes) one["bytesToSend"] = *folder.missing_bytes;
        folders.push_back(std::move(one));
    }
    json findings = json::array();
    for (const auto& found : plan.findings)
        findings.push_back({{"path", found.path()}, {"what", found.description()}});
    json object{{"workspace", plan.workspace.to_string()},
                {"experiment", plan.experiment},
                {"compute", compute_json(plan.compute)},
                {"image", {{"name", plan.image.name}, {"state", state_id(plan.image.state)}}},
                {"sends", std::move(folders)},
                {"check", std::move(findings)},
                {"problems", plan.problems}};
    if (plan.trials) object["trials"] = *plan.trials;
    if (plan.usual_wait)
        object["usualWaitSeconds"] =
            std::chrono::duration_cast<std::chrono::seconds>(*plan.usual_wait).count();
    return object;
}

}  // namespace aml::submit
