#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace aml::runconfig {

/// Why pip cannot use a line of a requirements file, or of the `pip` list of a conda file, where
/// Azure builds the environment: it needs a file or folder of this machine (`-r FILE`, `-c FILE`,
/// `-e FOLDER`, `./a.whl`, `name @ file:///a`). Nothing when it names packages or addresses, or
/// sets another option. Source: pip documentation, "Requirements File Format".
std::optional<std::string> check_pip_line(std::string_view line);

/// What is wrong with a pip requirement such as `scikit-learn>=1.5`, as a sentence to show; nothing
/// when it is fine. Source: PEP 508 (names, extras, versions, URLs, markers); the text of a marker
/// is checked for its form only.
std::optional<std::string> check_pip_requirement(std::string_view text);

/// What is wrong with a conda dependency such as `python=3.11` or `conda-forge::numpy>=2`.
/// Source: conda "match specification", the part that environment files use.
std::optional<std::string> check_conda_dependency(std::string_view text);

/// The package a requirement or dependency is about, normalised as PEP 503 says: `Scikit_Learn >=
/// 1` gives `scikit-learn`. Empty when the text has no name.
std::string package_name(std::string_view text);

}  // namespace aml::runconfig
