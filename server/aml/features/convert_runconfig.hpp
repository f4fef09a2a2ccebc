#pragma once

#include "protocol/protocol.gen.hpp"
#include "runconfig/assist.hpp"
#include "runconfig/diagnostic.hpp"
#include "runconfig/text.hpp"

namespace aml::features {

protocol::Range to_wire(const runconfig::Range& range);
protocol::Diagnostic to_wire(const runconfig::Diagnostic& diagnostic);

/// Whether the client understands placeholders in proposals.
enum class Snippets { Understood, Plain };

/// `rank` is the place among the proposals, kept by the editor.
protocol::CompletionItem to_wire(const runconfig::Proposal& proposal,
                                 std::size_t rank,
                                 Snippets snippets);

runconfig::Position from_wire(const protocol::Position& position);
runconfig::Range from_wire(const protocol::Range& range);

}  // namespace aml::features
