#include "runs/run_status.hpp"

#include "support/localize.hpp"
#include "support/text.hpp"

#include <array>

namespace aml::runs {
namespace {

struct Status {
    std::string_view name;
    Localizable text;
    StatusLook look;
};

constexpr std::array<Status, 14> statuses{{
    {"NotStarted", Localizable("accepted"), {"clock", "charts.yellow"}},
    {"Starting", Localizable("starting"), {"clock", "charts.yellow"}},
    {"Provisioning", Localizable("getting a machine"), {"clock", "charts.yellow"}},
    {"Preparing", Localizable("building the environment"), {"package", "charts.yellow"}},
    {"Queued", Localizable("waiting for a node"), {"clock", "charts.yellow"}},
    {"Running", Localizable("running"), {"sync~spin", "charts.blue"}},
    {"Finalizing", Localizable("collecting outputs"), {"sync~spin", "charts.blue"}},
    {"CancelRequested", Localizable("being cancelled"), {"circle-slash", "charts.orange"}},
    {"Completed", Localizable("completed"), {"pass-filled", "charts.green"}},
    {"Failed", Localizable("failed"), {"error", "charts.red"}},
    {"Canceled", Localizable("cancelled"), {"circle-slash", "disabledForeground"}},
    {"NotResponding", Localizable("not responding"), {"warning", "charts.orange"}},
    {"Paused", Localizable("paused"), {"debug-pause", "charts.yellow"}},
    {"Unknown", Localizable("state unknown"), {"question", ""}},
}};

const Status* find_status(std::string_view name) {
    for (const auto& status : statuses) {
        if (same_name(status.name, name)) return &status;
    }
    return nullptr;
}

}  // namespace

StatusLook look_of(std::string_view status) {
    const auto* known = find_status(status);
    return known == nullptr ? StatusLook{"question", ""} : known->look;
}

std::string status_text(std::string_view status) {
    const auto* known = find_status(status);
    return known == nullptr ? std::string(status) : localize(known->text);
}

std::string duration_text(std::chrono::milliseconds duration) {
    using namespace std::chrono;
    const auto seconds = duration_cast<std::chrono::seconds>(duration).count();
    if (seconds < 1) return localize("under 1 s");
    if (seconds < 60) return localize("{} s", seconds);
    if (seconds < 3600) return localize("{} min {} s", seconds / 60, seconds % 60);
    return localize("{} h {} min", seconds / 3600, seconds / 60 % 60);
}

}  // namespace aml::runs
