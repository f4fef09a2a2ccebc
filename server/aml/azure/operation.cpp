#include "azure/operation.hpp"

#include "azure/errors.hpp"
#include "azure/json_fields.hpp"
#include "http/policies.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <algorithm>

namespace aml::azure {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_wait = std::chrono::seconds(2);
constexpr milliseconds longest_wait = std::chrono::seconds(30);
constexpr std::chrono::hours time_limit{2};

bool is_one_of(std::string_view status, std::initializer_list<std::string_view> known) {
    return std::any_of(
        known.begin(), known.end(), [status](auto name) { return same_name(status, name); });
}

bool has_ended(std::string_view status) {
    return is_one_of(status, {"Succeeded", "Failed", "Canceled", "Cancelled"});
}

/// Which of Azure's three ways of reporting an operation this one uses, and what it said last.
class Watch {
public:
    Watch(const Client& client, const Answer& started, http::Request resource)
        : client_(client),
          resource_(std::move(resource)) {
        const auto status_url = started.headers.get("Azure-AsyncOperation");
        const auto location = started.headers.get("Location");
        if (status_url) {
            way_ = Way::StatusResource;
            link_ = *status_url;
        } else if (started.status == 202 && location) {
            way_ = Way::Location;
            link_ = *location;
        }
        read(started, true);
    }

    http::Request next() const {
        if (way_ == Way::Resource) return resource_;
        return client_.follow(resource_.operation, link_, resource_.url);
    }

    void read(const Answer& answer, bool first = false) {
        asked_wait_ = http::retry_after(answer.headers, client_.clock().now());
        body_ = answer.body;
        if (way_ == Way::Resource) {
            const auto state = text(member(body_, {"properties"}), "provisioningState");
            progress_.status = state.empty() ? "Succeeded" : state;
        } else if (first) {
            progress_.status = "InProgress";
        } else if (way_ == Way::Location) {
            progress_.status = answer.status == 202 ? "InProgress" : "Succeeded";
            link_ = answer.headers.get("Location").value_or(link_);
        } else {
            progress_.status = text(body_, "status");
            progress_.percent = number(body_, "percentComplete");
        }
    }

    const OperationProgress& progress() const { return progress_; }

    bool ended() const { return has_ended(progress_.status); }

    milliseconds wait(milliseconds usual) const { return asked_wait_.value_or(usual); }

    void require_success() const {
        if (is_one_of(progress_.status, {"Succeeded"})) return;
        if (is_one_of(progress_.status, {"Canceled", "Cancelled"})) {
            throw Error(ErrorKind::Conflict,
                        localize("Cannot {}: it was cancelled in Azure.", resource_.operation));
        }
        auto error = service_error(body_);
        const auto& of_deployment = member(body_, {"properties", "error"});
        if (of_deployment.is_object()) error = service_error(of_deployment);
        for (const auto& item : member(body_, {"properties", "provisioningErrors"})) {
            if (item.is_object()) error = service_error(item);
        }
        throw error_of(error.value_or(ServiceError{}),
                       ErrorKind::Rejected,
                       resource_.operation,
                       ErrorDetails{});
    }

private:
    enum class Way { StatusResource, Location, Resource };

    const Client& client_;
    http::Request resource_;
    Way way_ = Way::Resource;
    std::string link_;
    nlohmann::json body_;
    OperationProgress progress_;
    std::optional<milliseconds> asked_wait_;
};

}  // namespace

asio::awaitable<void> wait_until_done(Client& client,
                                      Answer started,
                                      http::Request resource,
                                      OnOperationProgress on_progress,
                                      std::stop_token stop) {
    const auto deadline = client.clock().now() + time_limit;
    const auto operation = resource.operation;
    Watch watch(client, started, std::move(resource));
    auto usual = first_wait;
    while (!watch.ended()) {
        if (on_progress) on_progress(watch.progress());
        if (client.clock().now() >= deadline) {
            throw Error(ErrorKind::TimedOut,
                        localize("Cannot {}: Azure has not finished it in two hours.", operation));
        }
        co_await client.clock().sleep_for(watch.wait(usual), stop);
        usual = std::min(longest_wait, usual * 3 / 2);
        auto request = watch.next();
        const auto answer = co_await client.send(std::move(request), stop);
        watch.read(answer);
    }
    if (on_progress) on_progress(watch.progress());
    watch.require_success();
}

}  // namespace aml::azure
