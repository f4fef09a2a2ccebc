#include "workspace/doctor.hpp"

#include "azure/assets.hpp"
#include "azure/blobs.hpp"
#include "azure/permissions.hpp"
#include "azure/run_history.hpp"
#include "azure/workspaces.hpp"
#include "http/transport_failure.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "workspace/directory.hpp"
#include "workspace/doctor_findings.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace aml::workspace {
namespace {

using State = DoctorStep::State;

struct Title {
    std::string_view id;
    Localizable title;
};

constexpr std::array titles{Title{"endpoint", Localizable("Endpoint")},
                            Title{"connection", Localizable("TLS and proxy")},
                            Title{"token", Localizable("Token")},
                            Title{"tenant", Localizable("Tenant")},
                            Title{"subscriptions", Localizable("Subscriptions")},
                            Title{"role", Localizable("Role")},
                            Title{"dataPlane", Localizable("Data plane")},
                            Title{"storage", Localizable("Storage")}};

/// Goes through the steps; each takes its place in `titles`.
class Examination final {
public:
    explicit Examination(DoctorTools tools)
        : tools_(std::move(tools)) {}

    asio::awaitable<std::vector<DoctorStep>> run(std::stop_token stop) {
        co_await reach_endpoint(stop);
        if (!broken()) co_await get_token(stop);
        if (!broken()) co_await list(stop);
        if (!broken()) co_await find_workspace(stop);
        if (!broken() && workspace_) co_await check_role(stop);
        // Someone without a role may still learn how the rest stands.
        if (workspace_) co_await use_data_plane(stop);
        if (workspace_) co_await upload(stop);
        skip_rest();
        co_return std::move(steps_);
    }

private:
    bool broken() const { return broken_; }

    void finish(State state, std::string text, std::string request_id = {}) {
        const auto& title = titles[steps_.size()];
        DoctorStep step{.id = title.id,
                        .title = localize(title.title),
                        .state = state,
                        .text = std::move(text),
                        .request_id = std::move(request_id)};
        steps_.push_back(step);
        tools_.tell(step);
    }

    void ok(std::string text) { finish(State::Ok, std::move(text)); }

    /// Cancelled is no finding.
    void fail(const Error& error, const std::stop_token& stop, const LocalizedText& remedy = {}) {
        if (stop.stop_requested()) throw cancelled();
        finish(State::Failed,
               with_remedy(error.message(), remedy.shown()),
               error.details().request_id);
    }

    void skip_rest() {
        while (steps_.size() < titles.size()) finish(State::Skipped, why_skipped_);
    }

    void stop_here(std::string why) {
        broken_ = true;
        why_skipped_ = std::move(why);
    }

    asio::awaitable<void> reach_endpoint(std::stop_token stop) {
        const auto& arm = tools_.access.settings().arm_endpoint;
        try {
            const auto cloud = co_await tools_.access.discover(stop);
            co_await tools_.access.connect(stop);
            ok(localize("{} answers as {}", arm, cloud.name));
            ok(connection_text(arm, tools_.access.settings().proxy));
        } catch (const Error& error) {
            const auto& code = error.details().azure_code;
            if (code == http::transport_failure::tls) ok(localize("{} can be reached", arm));
            if (code == http::transport_failure::proxy)
                finish(State::Skipped, localize("not tried: the proxy failed"));
            fail(error, stop);
            stop_here(localize("not tried: Azure was not reached"));
        }
    }

    asio::awaitable<void> get_token(std::stop_token stop) {
        auto& session = tools_.access.connection()->session;
        try {
            const auto account = co_await session.sign_in(stop);
            std::string text = localize(
                "signed in as {} with {}",
                account.name.empty() ? localize("an unnamed identity").shown() : account.name,
                session.method() ? auth::describe(*session.method()) : "?");
            for (const auto& credential : session.skipped())
                text += localize("; passed over {}", credential).shown();
            ok(std::move(text));
        } catch (const Error& error) {
            fail(error, stop);
            stop_here(localize("not tried: nobody is signed in"));
        }
    }

    asio::awaitable<void> list(std::stop_token stop) {
        auto& connection = *tools_.access.connection();
        try {
            const auto listing = co_await list_directory(connection, stop);
            if (listing.problems.empty()) {
                ok(tenant_text(listing, connection.session.account()));
            } else {
                finish(State::Failed, problems_text(listing.problems));
            }
            if (const auto found = subscriptions_text(listing)) {
                ok(*found);
            } else {
                finish(State::Failed,
                       localize("There is no subscription for this identity; ask for the role "
                                "Reader on one, "
                                "or sign in with another account or to another tenant."));
                stop_here(localize("not tried: no subscription"));
            }
        } catch (const Error& error) {
            fail(error, stop);
            stop_here(localize("not tried: the subscriptions could not be listed"));
        }
    }

    asio::awaitable<void> find_workspace(std::stop_token stop) {
        try {
            auto finding = tools_.workspace(stop);
            workspace_ = co_await std::move(finding);
            if (!workspace_) stop_here(localize("not tried: choose a workspace first"));
        } catch (const Error& error) {
            fail(error, stop);
            stop_here(localize("not tried: no workspace was found"));
        }
    }

    asio::awaitable<void> check_role(std::stop_token stop) {
        auto& client = tools_.access.connection()->client;
        try {
            co_await azure::workspaces::get(client, *workspace_, stop);
            const auto permissions = co_await azure::permissions::list(client, *workspace_, stop);
            const auto missing = missing_permission(permissions);
            if (!missing) {
                ok(localize("you may run experiments in {}", workspace_->name()));
            } else {
                finish(State::Failed,
                       localize("You may look at {} but not run experiments in it ({} is "
                                "missing); ask its owner for the role AzureML Data Scientist.",
                                workspace_->name(),
                                *missing));
            }
        } catch (const Error& error) {
            fail(error,
                 stop,
                 localize("Ask the workspace's owner for the role AzureML Data Scientist."));
        }
    }

    asio::awaitable<void> use_data_plane(std::stop_token stop) {
        auto& client = tools_.access.connection()->client;
        try {
            // What is known may be why it does not work.
            client.forget(*workspace_);
            const auto plane = co_await client.data_plane(*workspace_, stop);
            co_await azure::run_history::query_experiments(client, plane, stop);
            ok(localize("{} answers", plane.api));
        } catch (const Error& error) {
            fail(error,
                 stop,
                 localize("Check that the network lets *.api.azureml.ms through, and whether the "
                          "workspace "
                          "has a private endpoint."));
        }
    }

    asio::awaitable<void> upload(std::stop_token stop) {
        auto& client = tools_.access.connection()->client;
        try {
            // It lies in the account that code is uploaded to. A place of its own would leave a
            // container behind each time.
            const auto store =
                co_await azure::datastores::get(client, *workspace_, "workspaceblobstore", stop);
            const auto container = co_await azure::datastores::container(client, store, stop);
            auto address = azure::blobs::address(container, "LocalUpload/aml-doctor/doctor.txt");
            http::Body body(
                std::string("Written by the sign-in doctor of Azure ML Experiments.\n"));
            co_await azure::blobs::put_blob(
                client, std::move(address), std::move(body), azure::Overwrite::Yes, stop);
            ok(localize("a small file was uploaded to {}", host_of(store.blob_address)));
        } catch (const Error& error) {
            fail(error,
                 stop,
                 localize("Check that the network lets *.blob.core.windows.net through, and the "
                          "firewall of "
                          "the workspace's storage account."));
        }
    }

    DoctorTools tools_;
    std::vector<DoctorStep> steps_;
    std::optional<azure::ResourceId> workspace_;
    bool broken_ = false;
    std::string why_skipped_;
};

}  // namespace

asio::awaitable<std::vector<DoctorStep>> examine(DoctorTools tools, std::stop_token stop) {
    Examination examination(std::move(tools));
    auto steps = co_await examination.run(std::move(stop));
    co_return steps;
}

std::string_view to_string(DoctorStep::State state) {
    switch (state) {
        case State::Ok:
            return "ok";
        case State::Failed:
            return "failed";
        case State::Skipped:
            break;
    }
    return "skipped";
}

std::string doctor_report(const std::vector<DoctorStep>& steps, const std::string& arm_endpoint) {
    auto report = fmt::format(
        "# {}\n\n{}\n\n", localize("Sign-in doctor"), localize("Azure at {}", arm_endpoint));
    for (const auto& step : steps) {
        const auto* sign = step.state == State::Ok ? "✓" : step.state == State::Failed ? "✗" : "–";
        report += fmt::format("- {} {}\n", sign, localize("**{}**: {}", step.title, step.text));
        if (!step.request_id.empty())
            report += fmt::format("  - {}\n", localize("request id {}", step.request_id));
    }
    return report;
}

}  // namespace aml::workspace
