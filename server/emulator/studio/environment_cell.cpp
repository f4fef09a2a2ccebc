#include "studio/environment_cell.hpp"

#include "core/text.hpp"
#include "studio/page.hpp"
#include "web/message.hpp"

#include <fmt/format.h>

namespace aml::emulator {

namespace {

std::string folded(std::string_view summary, const std::string& conda, std::string_view id) {
    const auto packages =
        conda.empty() ? std::string() : fmt::format("<pre>{}</pre>", html_escape(conda));
    return fmt::format("<details><summary>{}</summary>{}<p class=\"soft\">ID {}</p></details>",
                       summary,
                       packages,
                       html_escape(id));
}

}  // namespace

std::string environment_cell(const std::optional<Resource>& environment, std::string_view id) {
    const auto name = id_segment(id, "environments");
    const auto version = id_segment(id, "versions");
    const auto properties =
        environment ? environment->body.value("properties", json::object()) : json::object();
    if (properties.value("isAnonymous", json(false)) != true) {
        if (version.empty()) return html_escape(name.empty() ? id : name);
        return fmt::format("{}, version {}", html_escape(name), html_escape(version));
    }
    const auto image = text_at(properties, "image");
    const auto conda = text_at(properties, "condaFile");
    return fmt::format("{}{}",
                       image.empty() ? "Built for this run from a Dockerfile" : html_escape(image),
                       folded(conda.empty() ? "ID" : "Packages and ID", conda, id));
}

}  // namespace aml::emulator
