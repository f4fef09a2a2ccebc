#pragma once

#include "async/asio.hpp"

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace aml::execution {

/// The Python 3 of this machine: the one that was chosen, else `python3`, `python` or `py -3` of
/// PATH, the first of them that runs.
class MachinePython final {
public:
    /// `option` is what another one can be chosen with, such as "--python"; "" for nothing. Keeps
    /// what it is given by reference.
    MachinePython(asio::thread_pool& pool,
                  const std::optional<std::filesystem::path>& chosen,
                  std::string_view option)
        : pool_(pool),
          chosen_(chosen),
          option_(option) {}

    /// Its program; nothing when there is none. It is looked for until it is found once.
    asio::awaitable<std::optional<std::filesystem::path>> find(std::stop_token stop);

    /// What a user reads when there is none: what is missing and what to do.
    std::string missing() const;

    /// Makes `folder` a virtual environment on top of it, so that what a job installs is the job's
    /// own; false, with the reason in `log`, when that cannot be done.
    asio::awaitable<bool> layer(std::filesystem::path folder,
                                std::filesystem::path log,
                                std::stop_token stop);

private:
    asio::thread_pool& pool_;
    const std::optional<std::filesystem::path>& chosen_;
    std::string_view option_;
    std::optional<std::filesystem::path> found_;
};

/// What may be Python 3 on `path` (written as the variable PATH is), in the order of trial.
std::vector<std::vector<std::string>> python_candidates(std::string_view path);

}  // namespace aml::execution
