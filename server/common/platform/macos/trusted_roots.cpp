#include "platform/trusted_roots.hpp"

#include "platform/environment.hpp"
#include "platform/process.hpp"

#include <chrono>
#include <system_error>

namespace aml::platform {

std::string trusted_roots() {
    constexpr std::chrono::seconds patience{10};
    // The tool and the keychains are part of the system.
    ProcessStart start;
    start.arguments = {"/usr/bin/security",
                       "find-certificate",
                       "-a",
                       "-p",
                       "/System/Library/Keychains/SystemRootCertificates.keychain",
                       "/Library/Keychains/System.keychain"};
    start.environment = variables();
    std::string certificates;
    try {
        Process security(start);
        const auto give_up = std::chrono::steady_clock::now() + patience;
        while (std::chrono::steady_clock::now() < give_up) {
            auto printed = security.read(std::chrono::milliseconds(100));
            certificates += printed.output;
            if (!printed.ended) continue;
            security.wait();
            return certificates;
        }
    } catch (const std::system_error&) {
        // Then there are none, and the first connection says what to do about that.
    }
    return certificates;
}

}  // namespace aml::platform
