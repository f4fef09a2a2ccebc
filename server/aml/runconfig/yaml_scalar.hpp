#pragma once

#include "runconfig/document.hpp"

#include <string>
#include <string_view>

namespace aml::runconfig {

/// What a plain scalar of YAML is.
struct YamlScalar {
    /// Null, Boolean, Number or String.
    NodeType type = NodeType::String;
    /// As `Node::text`.
    std::string text;
    /// A number that people may have meant as text, such as `22:30` or `010`.
    bool surprising = false;
};

/// Reads a plain scalar as Azure's own tools do. Source: PyYAML's resolver and `SafeConstructor`
/// (YAML 1.1), with which azure-ai-ml loads files: `yes` and `on` are truth values, `1e-3` is a
/// text and `1.0e-3` a number. A date is a text here.
YamlScalar read_yaml_scalar(std::string_view text);

/// `text` as a scalar that is read as this very text: plain where it can be.
std::string yaml_text(std::string_view text);

}  // namespace aml::runconfig
