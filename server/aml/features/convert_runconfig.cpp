#include "features/convert_runconfig.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace aml::features {
namespace {

protocol::Position position_to_wire(const runconfig::Position& position) {
    return {.line = position.line, .character = position.character};
}

protocol::DiagnosticSeverity severity_to_wire(runconfig::Severity severity) {
    switch (severity) {
        case runconfig::Severity::Error:
            return protocol::DiagnosticSeverity::Error;
        case runconfig::Severity::Warning:
            return protocol::DiagnosticSeverity::Warning;
        case runconfig::Severity::Information:
            break;
    }
    return protocol::DiagnosticSeverity::Information;
}

protocol::CompletionItemKind kind_to_wire(runconfig::Proposal::Kind kind) {
    switch (kind) {
        case runconfig::Proposal::Kind::Key:
            return protocol::CompletionItemKind::Property;
        case runconfig::Proposal::Kind::Choice:
            return protocol::CompletionItemKind::Value;
        case runconfig::Proposal::Kind::AzureName:
            return protocol::CompletionItemKind::Reference;
        case runconfig::Proposal::Kind::Snippet:
            break;
    }
    return protocol::CompletionItemKind::Snippet;
}

std::uint32_t clamped(std::uint64_t number) {
    constexpr std::uint64_t largest = std::numeric_limits<std::uint32_t>::max();
    return static_cast<std::uint32_t>(std::min(number, largest));
}

}  // namespace

protocol::Range to_wire(const runconfig::Range& range) {
    return {.start = position_to_wire(range.start), .end = position_to_wire(range.end)};
}

protocol::Diagnostic to_wire(const runconfig::Diagnostic& diagnostic) {
    protocol::Diagnostic wire{.range = to_wire(diagnostic.range)};
    wire.severity = severity_to_wire(diagnostic.severity);
    wire.code = diagnostic.code;
    wire.source = "Azure ML";
    wire.message = diagnostic.message;
    return wire;
}

protocol::CompletionItem to_wire(const runconfig::Proposal& proposal,
                                 std::size_t rank,
                                 Snippets snippets) {
    const bool placeholders = proposal.placeholders && snippets == Snippets::Understood;
    protocol::CompletionItem wire{.label = proposal.label};
    wire.kind = kind_to_wire(proposal.kind);
    if (!proposal.detail.empty()) wire.detail = proposal.detail;
    if (!proposal.documentation.empty()) {
        wire.documentation = protocol::MarkupContent{.kind = protocol::MarkupKind::Markdown,
                                                     .value = proposal.documentation};
    }
    wire.sortText = fmt::format("{:04}", rank);
    wire.filterText = proposal.filter;
    if (placeholders) wire.insertTextFormat = protocol::InsertTextFormat::Snippet;
    wire.textEdit = protocol::TextEdit{.range = to_wire(proposal.replace),
                                       .newText = placeholders ? proposal.text : proposal.plain};
    return wire;
}

runconfig::Position from_wire(const protocol::Position& position) {
    return {clamped(position.line), clamped(position.character)};
}

runconfig::Range from_wire(const protocol::Range& range) {
    return {from_wire(range.start), from_wire(range.end)};
}

}  // namespace aml::features
