#include "features/doctor_feature.hpp"

#include "async/run_blocking.hpp"
#include "features/azure_session.hpp"
#include "features/uri.hpp"
#include "state/atomic_file.hpp"
#include "support/localize.hpp"
#include "workspace/doctor.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

namespace aml::features {
namespace {

constexpr const char* report_name = "sign-in-doctor.md";

protocol::Json to_json(const workspace::DoctorStep& step) {
    protocol::Json json{{"step", std::string(step.id)},
                        {"state", std::string(workspace::to_string(step.state))},
                        {"text", step.text}};
    if (!step.request_id.empty()) json["requestId"] = step.request_id;
    return json;
}

}  // namespace

void DoctorFeature::bind(CommandsFeature& commands) {
    commands.add("azureml.doctor", [this](CommandCall call) { return examine(std::move(call)); });
}

asio::awaitable<protocol::Json> DoctorFeature::examine(CommandCall call) {
    const AuthFeature::UserIsPresent present(auth_);
    const auto session = services_.session();
    auto progress =
        progress_.begin(localize("Checking the way to Azure"), ProgressFeature::Cancel::NotOffered);
    workspace::DoctorTools tools{
        .access = session->access,
        .workspace = [this](const std::stop_token&) { return workspaces_.current(); },
        .tell =
            [&progress](const workspace::DoctorStep& step) {
                progress.report(std::string(step.title));
            }};
    const auto steps = co_await workspace::examine(std::move(tools), call.stop());
    const auto file = services_.state().directory() / report_name;
    auto writing =
        [file, report = workspace::doctor_report(steps, session->access.settings().arm_endpoint)] {
            state::make_directory(file.parent_path());
            state::write_atomically(file, report);
        };
    co_await async::run_blocking(services_.pool, std::move(writing));
    co_await ui_.show_file(uri_of_path(file), call.stop());
    auto result = protocol::Json::array();
    for (const auto& step : steps) result.push_back(to_json(step));
    co_return result;
}

}  // namespace aml::features
