// Whatever JSON comes, it is read or refused with InvalidParams; what was read is written and read
// again the same.
#include "protocol/protocol.gen.hpp"
#include "rpc/message.hpp"
#include "rpc/transport.hpp"
#include "support/error.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

using namespace aml;
using protocol::Json;

template <typename T>
void round_trip(const Json& json) {
    T value;
    try {
        value = protocol::decode<T>(json, "/params");
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::InvalidParams) std::abort();
        return;
    }
    const auto encoded = protocol::encode(value);
    if (protocol::encode(protocol::decode<T>(encoded, "/params")) != encoded) std::abort();
}

template <typename... Types>
void round_trips(const Json& json) {
    (round_trip<Types>(json), ...);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto incoming =
        rpc::parse_body(std::string_view(reinterpret_cast<const char*>(data), size));
    const auto* json = std::get_if<Json>(&incoming);
    if (json == nullptr) return 0;
    rpc::parse_message(*json);
    round_trips<protocol::InitializeParams,
                protocol::DidChangeTextDocumentParams,
                protocol::CompletionList,
                protocol::ExecuteCommandParams,
                protocol::ProgressParams,
                protocol::PublishDiagnosticsParams,
                protocol::TreeChildrenResult,
                protocol::RunsDidChangeParams,
                protocol::RunsLogResult,
                protocol::PickParams,
                protocol::PickResult,
                protocol::InputResult,
                protocol::ErrorData>(*json);
    return 0;
}
