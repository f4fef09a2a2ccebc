// The templates that nearly every source uses, of the standard library and of nlohmann/json:
// compiled in compiled_once.cpp and nowhere else. Otherwise each object would hold its own strings,
// parser, serializer and tree, and the linker would throw all but one away.
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

#ifdef __GLIBCXX__
// libstdc++ has these in the library for C++17 and leaves them to each object since C++20.
extern template class std::basic_string<char>;
#endif
extern template class std::vector<std::string>;
extern template class std::map<std::string, std::string>;
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
