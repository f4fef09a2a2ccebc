#include "local/this_computer.hpp"

#include "support/text.hpp"

#include <utility>

namespace aml::local {

azure::ResourceId this_computer() {
    return azure::ResourceId::workspace("this-computer", "local", "this-computer");
}

bool is_here(std::string_view id) {
    return lower(id).starts_with(this_computer().key());
}

workspace::AccessSettings access_settings(std::string user_agent) {
    workspace::AccessSettings settings;
    settings.arm_endpoint = origin;
    settings.user_agent = std::move(user_agent);
    // Nobody is asked to sign in, whatever asks who is.
    settings.sign_in.method = auth::Method::ServicePrincipal;
    return settings;
}

}  // namespace aml::local
