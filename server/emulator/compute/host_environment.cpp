#include "compute/host_environment.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <unistd.h>

namespace aml::emulator {

namespace {

constexpr std::array<std::string_view, 20> names{"PATH",
                                                 "HOME",
                                                 "USER",
                                                 "LOGNAME",
                                                 "SHELL",
                                                 "LANG",
                                                 "TZ",
                                                 "TMPDIR",
                                                 "HTTP_PROXY",
                                                 "HTTPS_PROXY",
                                                 "NO_PROXY",
                                                 "ALL_PROXY",
                                                 "SSL_CERT_FILE",
                                                 "SSL_CERT_DIR",
                                                 "REQUESTS_CA_BUNDLE",
                                                 "CURL_CA_BUNDLE",
                                                 "XDG_CACHE_HOME",
                                                 "LD_LIBRARY_PATH",
                                                 "SCIKIT_LEARN_DATA",
                                                 "NVIDIA_VISIBLE_DEVICES"};
constexpr std::array<std::string_view, 6> prefixes{
    "LC_", "PIP_", "CUDA_", "OMP_", "PYENV_", "HF_HOME"};

bool is_wanted(std::string_view name) {
    const auto equal = [&](std::string_view known) { return same_text(name, known); };
    const auto starts = [&](std::string_view prefix) { return name.starts_with(prefix); };
    return std::ranges::any_of(names, equal) || std::ranges::any_of(prefixes, starts);
}

}  // namespace

std::vector<std::string> host_environment() {
    std::vector<std::string> variables;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        const std::string_view text(*variable);
        if (is_wanted(text.substr(0, text.find('=')))) variables.emplace_back(text);
    }
    return variables;
}

std::string host_path() {
    const char* path = std::getenv("PATH");
    return path == nullptr ? "/usr/local/bin:/usr/bin:/bin" : path;
}

}  // namespace aml::emulator
