#include "features/run_news_feature.hpp"

#include "features/convert.hpp"
#include "runs/run_news.hpp"
#include "support/localize.hpp"

#include <chrono>
#include <utility>

namespace aml::features {
namespace {

protocol::Command command_of(const runs::RunNews& news) {
    if (!news.run)
        return {.title = localize("Show the tree"), .command = "azureml.workspaces.focus"};
    protocol::Command show{.title = localize("Show run"), .command = "azureml.run.show"};
    show.arguments.emplace().emplace_back(news.run->to_string());
    return show;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) text += (text.empty() ? "" : "\n") + line;
    return text;
}

}  // namespace

RunNewsFeature::RunNewsFeature(Services& services)
    : services_(services) {
    services_.on_session([this](AzureSession& session) {
        going_on_.clear();
        failed_.clear();
        session.watcher.subscribe([this](const auto& changed) { take(changed); });
        session.watcher.on_look([this](const azure::ResourceId& job) { looked_at(job); });
    });
    services_.on_here([this](AzureSession& session) {
        session.watcher.subscribe([this](const auto& changed) { take(changed); });
        session.watcher.on_look([this](const azure::ResourceId& job) { looked_at(job); });
    });
}

protocol::RunsSummary RunNewsFeature::current() const {
    std::vector<runs::RunSnapshot> active;
    std::vector<runs::RunSnapshot> failed;
    for (const auto& session : {services_.session(), services_.here()}) {
        for (auto& run : session->watcher.runs()) {
            if (failed_.contains(run.job.key())) {
                failed.push_back(std::move(run));
            } else if (!run.is_final() && run.parent.empty() && session->owns(run)) {
                active.push_back(std::move(run));
            }
        }
    }
    const auto news = runs::news_of(active, failed, services_.clock.now());
    protocol::RunsSummary summary{.active = news.active};
    if (news.text.empty()) return summary;
    summary.text = news.text;
    summary.icon = news.icon;
    summary.background = unless_empty(news.background);
    summary.tooltip = joined(news.lines);
    summary.command = command_of(news);
    return summary;
}

void RunNewsFeature::take(const std::vector<runs::RunSnapshot>& changed) {
    for (const auto& run : changed) {
        const auto session = services_.session_of(run.job);
        const auto job = run.job.key();
        if (run.is_final()) {
            const bool is_news = going_on_.erase(job) > 0 && run.status == "Failed";
            if (is_news && run.parent.empty() && session->owns(run)) failed_.insert(job);
        } else if (going_on_.insert(job).second && !run.script.empty()) {
            std::erase_if(failed_, [&](const std::string& other) {
                const auto known = azure::ResourceId::parse(other);
                const auto failed =
                    known ? services_.session_of(*known)->watcher.find(*known) : std::nullopt;
                return failed && failed->script == run.script;
            });
        }
    }
    tell();
}

void RunNewsFeature::looked_at(const azure::ResourceId& job) {
    if (failed_.erase(job.key()) > 0) tell();
}

void RunNewsFeature::tell() {
    auto summary = current();
    if (summary == told_) return;
    told_ = summary;
    if (told_.active > 0 && !std::exchange(ticking_, true)) services_.tasks.spawn(tick());
    services_.client.notify<protocol::RunsDidChangeSummary>(std::move(summary));
}

asio::awaitable<void> RunNewsFeature::tick() {
    using namespace std::chrono_literals;
    while (told_.active > 0) {
        co_await services_.clock.sleep_for(1min, services_.tasks.stop_token());
        tell();
    }
    ticking_ = false;
}

}  // namespace aml::features
