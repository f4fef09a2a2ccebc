// What compiled_once.hpp declares (the linker finds what is missing here), and Asio's own code:
// with BOOST_ASIO_SEPARATE_COMPILATION it does not stand in each object either.
#include "compiled_once.hpp"

#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>

#ifdef __GLIBCXX__
template class std::basic_string<char>;
#endif
template class std::vector<std::string>;
template class std::map<std::string, std::string>;
template class std::vector<nlohmann::json>;
template class std::map<std::string, nlohmann::json, std::less<>>;
template class nlohmann::basic_json<>;
template class nlohmann::detail::serializer<nlohmann::json>;
template class nlohmann::detail::json_sax_dom_parser<nlohmann::json>;
template class nlohmann::detail::json_sax_dom_callback_parser<nlohmann::json>;
template class nlohmann::detail::lexer<nlohmann::json, aml::compiled_once::FromPointers>;
template class nlohmann::detail::lexer<nlohmann::json, aml::compiled_once::FromString>;
template class nlohmann::detail::parser<nlohmann::json, aml::compiled_once::FromPointers>;
template class nlohmann::detail::parser<nlohmann::json, aml::compiled_once::FromString>;
