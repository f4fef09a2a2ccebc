#pragma once

#include "runconfig/document.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace aml::runconfig {

/// `KEY=VALUE`: what a run has instead of what its configuration says.
struct Setting {
    /// As typed, e.g. "inputs.lr".
    std::string key;
    std::string value;

    bool operator==(const Setting&) const = default;
};

/// `key=value`, for people.
std::string to_string(const Setting& setting);

/// Reads `KEY=VALUE`. Throws: InvalidParams.
Setting parse_setting(std::string_view text);

/// The parts of a value that commas divide. A comma inside of brackets or double quotes divides
/// nothing.
std::vector<std::string> divided_by_commas(std::string_view value);

/// Every combination of the values that commas divide, the last setting changing first: of `a=1,2`
/// and `b=3,4` four. Throws:
/// InvalidParams for a value that is empty or there twice, a key that is, or more than `most`.
std::vector<std::vector<Setting>> combinations(const std::vector<Setting>& settings,
                                               std::size_t most);

/// Puts a setting into a document. The parts of the key are divided by dots (`\.` is a dot of its
/// own), the items of lists are numbers, `a.0` or `a[0]`, where the number after the last adds one;
/// the name of an input alone means that input. A value is JSON if it can be read so, else text;
/// the text a key wants is text whatever it looks like; `null` takes the key out. Throws:
/// InvalidParams when the key leads nowhere. Source: `az ml job create --set`;
/// `add_param_overrides` of azure-ai-ml.
void apply(const Setting& setting, Document& document);

/// Whether a diagnostic's key, such as "inputs.lr.path", is about what `setting` has changed in
/// `document`.
bool is_about(const Setting& setting, std::string_view key, const Document& document);

}  // namespace aml::runconfig
