#include "execution/host_environment.hpp"

#include "support/text.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace aml::execution {

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
// Without these few a program of Windows starts or not.
constexpr std::array<std::string_view, 18> windows_names{"SYSTEMROOT",
                                                         "SYSTEMDRIVE",
                                                         "WINDIR",
                                                         "COMSPEC",
                                                         "PATHEXT",
                                                         "OS",
                                                         "TEMP",
                                                         "TMP",
                                                         "USERNAME",
                                                         "USERPROFILE",
                                                         "HOMEDRIVE",
                                                         "HOMEPATH",
                                                         "APPDATA",
                                                         "LOCALAPPDATA",
                                                         "PROGRAMDATA",
                                                         "PROGRAMFILES",
                                                         "NUMBER_OF_PROCESSORS",
                                                         "PROCESSOR_ARCHITECTURE"};
constexpr std::array<std::string_view, 6> prefixes{
    "LC_", "PIP_", "CUDA_", "OMP_", "PYENV_", "HF_HOME"};

bool is_wanted(std::string_view name) {
    const auto equal = [&](std::string_view known) { return same_name(name, known); };
    const auto starts = [&](std::string_view prefix) { return name.starts_with(prefix); };
    return std::ranges::any_of(names, equal) || std::ranges::any_of(windows_names, equal) ||
           std::ranges::any_of(prefixes, starts);
}

}  // namespace

platform::Variables host_environment() {
    auto variables = platform::variables();
    std::erase_if(variables, [](const auto& variable) { return !is_wanted(variable.first); });
    return variables;
}

std::string host_path() {
    const auto path = platform::variable("PATH");
    return path.empty() ? "/usr/local/bin:/usr/bin:/bin" : path;
}

}  // namespace aml::execution
