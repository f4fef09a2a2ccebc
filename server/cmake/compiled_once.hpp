// The templates of nlohmann/json that nearly every source uses: compiled in compiled_once.cpp and
// nowhere else. Otherwise each object would hold its own parser, serializer and tree, and the
// linker would throw all but one away.
#pragma once

#include <nlohmann/json.hpp>

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace aml::compiled_once {
using FromPointers = nlohmann::detail::iterator_input_adapter<const char*>;
using FromString = nlohmann::detail::iterator_input_adapter<std::string::const_iterator>;
}  // namespace aml::compiled_once

extern template class std::vector<nlohmann::json>;
extern template class std::map<std::string, nlohmann::json, std::less<>>;
extern template class nlohmann::basic_json<>;
extern template class nlohmann::detail::serializer<nlohmann::json>;
extern template class nlohmann::detail::json_sax_dom_parser<nlohmann::json>;
extern template class nlohmann::detail::json_sax_dom_callback_parser<nlohmann::json>;
extern template class nlohmann::detail::lexer<nlohmann::json, aml::compiled_once::FromPointers>;
extern template class nlohmann::detail::lexer<nlohmann::json, aml::compiled_once::FromString>;
extern template class nlohmann::detail::parser<nlohmann::json, aml::compiled_once::FromPointers>;
extern template class nlohmann::detail::parser<nlohmann::json, aml::compiled_once::FromString>;
