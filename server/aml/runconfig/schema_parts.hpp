#pragma once

#include "runconfig/schema.hpp"

/// The parts of the schema that its files share; for them only.
namespace aml::runconfig {

inline constexpr KeySchema text_value{
    .name = "*", .types = types::string, .doc = Localizable("Text.")};
inline constexpr KeySchema text_or_null_value{
    .name = "*", .types = types::string | types::null, .doc = Localizable("Text.")};
inline constexpr ObjectSchema text_map{.name = "dictionary of texts", .additional = &text_value};
inline constexpr ObjectSchema tag_map{.name = "dictionary of texts",
                                      .additional = &text_or_null_value};
inline constexpr ObjectSchema anything{.name = "object", .free_form = true};

extern const ObjectSchema environment_schema;

}  // namespace aml::runconfig
