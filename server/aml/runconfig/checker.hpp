#pragma once

#include "runconfig/diagnostic.hpp"
#include "runconfig/document.hpp"
#include "runconfig/schema.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace aml::runconfig {

/// How many errors, and how many other problems, of one document are listed.
inline constexpr std::size_t most_problems = 100;

/// Collects diagnostics for places of one document, of errors and of others the first
/// `most_problems` each. Keeps a reference to the document.
class Findings final {
public:
    explicit Findings(const Document& document)
        : document_(document) {}

    void add(Severity severity, Span span, std::string code, std::string key, std::string message);

    void error(Span span, std::string code, std::string key, std::string message) {
        add(Severity::Error, span, std::move(code), std::move(key), std::move(message));
    }

    void warning(Span span, std::string code, std::string key, std::string message) {
        add(Severity::Warning, span, std::move(code), std::move(key), std::move(message));
    }

    bool has_errors() const { return errors_ > 0; }

    /// Whether a further error would not be listed.
    bool is_full() const { return errors_ == most_problems; }

    /// Sorted by place, with a last one that says so when there may be more; leaves this empty.
    std::vector<Diagnostic> take();

    const Document& document() const { return document_; }

private:
    const Document& document_;
    std::vector<Diagnostic> found_;
    std::size_t errors_ = 0;
    std::size_t others_ = 0;
};

/// `parent.child`, or `child` at the top.
std::string join_key(std::string_view parent, std::string_view child);

/// Types, unknown and missing keys, permitted values and ranges, by the schema alone.
void check_schema(const Node& node,
                  const ObjectSchema& schema,
                  const std::string& path,
                  Findings& findings);

/// What the schema cannot say of the keys that all jobs have: names and `compute`. As all rules it
/// tolerates wrong types, which `check_schema` reports.
void check_basics(const Node& root, Findings& findings);

/// The names in `inputs` and `outputs`, and where the inputs come from.
void check_inputs_and_outputs(const Node& root, Findings& findings);

/// A reference to an asset in Azure. `collection` is the word in ids, e.g. "environments".
void check_reference(const Node& text,
                     std::string_view collection,
                     const std::string& where,
                     Findings& findings);

}  // namespace aml::runconfig
