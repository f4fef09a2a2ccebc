#include "platform/trusted_roots.hpp"

#include <array>
#include <fstream>
#include <iterator>

namespace aml::platform {

std::string trusted_roots() {
    // Debian and Alpine, Fedora and Red Hat, openSUSE, what is left.
    constexpr std::array places = {"/etc/ssl/certs/ca-certificates.crt",
                                   "/etc/pki/tls/certs/ca-bundle.crt",
                                   "/etc/ssl/ca-bundle.pem",
                                   "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
                                   "/etc/ssl/cert.pem"};
    for (const auto* place : places) {
        std::ifstream file(place, std::ios::binary);
        std::string text(std::istreambuf_iterator<char>(file), {});
        if (!text.empty()) return text;
    }
    return {};
}

}  // namespace aml::platform
