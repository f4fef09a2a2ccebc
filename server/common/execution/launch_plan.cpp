#include "execution/launch_plan.hpp"

#include "platform/file.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <iterator>
#include <string_view>

namespace aml::execution {

using nlohmann::json;

namespace {

std::filesystem::path plan_file(const std::filesystem::path& folder) {
    return folder / "plan";
}

std::string file_bytes(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

// CBOR, since variables may hold any bytes and JSON's texts may not.
void leave_plan(const LaunchPlan& plan, const std::filesystem::path& folder) {
    const json content{{"log", plan.log.string()},
                       {"workingDirectory", plan.working_directory.string()},
                       {"arguments", plan.arguments},
                       {"environment", plan.environment},
                       {"graceMs", plan.grace.count()}};
    const auto bytes = json::to_cbor(content);
    auto file = platform::File::open_or_create(plan_file(folder));
    file.resize(0);
    file.write_at(0, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::optional<LaunchPlan> take_plan(const std::filesystem::path& folder) {
    const auto bytes = file_bytes(plan_file(folder));
    platform::remove_file(plan_file(folder));
    const auto content = json::from_cbor(bytes, true, false);
    if (!content.is_object()) return std::nullopt;
    LaunchPlan plan;
    plan.log = content["log"].get<std::string>();
    plan.working_directory = content["workingDirectory"].get<std::string>();
    plan.arguments = content["arguments"].get<std::vector<std::string>>();
    plan.environment = content["environment"].get<platform::Variables>();
    plan.grace = std::chrono::milliseconds(content["graceMs"].get<std::int64_t>());
    return plan;
}

}  // namespace aml::execution
