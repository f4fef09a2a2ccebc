#include "core/error_response.hpp"

namespace aml::emulator {

json inner_error(const std::vector<std::string>& codes) {
    json chain;
    for (auto code = codes.rbegin(); code != codes.rend(); ++code) {
        chain = json{{"code", *code}, {"innerError", std::move(chain)}};
    }
    return chain;
}

json error_response(std::string_view code,
                    std::string_view message,
                    const std::vector<std::string>& inner,
                    std::string_view component,
                    Time time) {
    return {{"error",
             {{"code", code},
              {"severity", nullptr},
              {"message", message},
              {"messageFormat", nullptr},
              {"messageParameters", nullptr},
              {"referenceCode", nullptr},
              {"detailsUri", nullptr},
              {"target", nullptr},
              {"details", json::array()},
              {"innerError", inner_error(inner)},
              {"debugInfo", nullptr},
              {"additionalInfo", nullptr}}},
            {"correlation", json::object()},
            {"environment", "local"},
            {"location", "local"},
            {"time", iso_time(time)},
            {"componentName", component}};
}

}  // namespace aml::emulator
