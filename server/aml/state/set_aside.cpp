#include "state/set_aside.hpp"

#include "support/localize.hpp"
#include "support/system_text.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <system_error>

namespace aml::state {

std::string set_aside(const std::filesystem::path& file, std::string_view reason) {
    const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    auto kept = file;
    kept += fmt::format(".damaged-{:%Y%m%dT%H%M%SZ}", fmt::gmtime(now));
    std::error_code error;
    const auto wanted = kept;
    for (int copy = 2; std::filesystem::exists(kept, error); ++copy) {
        kept = wanted;
        kept += fmt::format("-{}", copy);
    }
    std::filesystem::rename(file, kept, error);
    if (error) {
        return localize("{} cannot be used ({}) and is ignored; it could not be put aside: {}.",
                        file.string(),
                        reason,
                        system_text(error));
    }
    return localize("{} could not be used ({}). It was kept as {}, and a new one is started.",
                    file.string(),
                    reason,
                    kept.filename().string());
}

}  // namespace aml::state
