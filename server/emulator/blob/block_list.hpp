#pragma once

#include "blob/blob_store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aml::emulator {

/// Which version of a block a block list asks for.
enum class BlockSource { Latest, Committed, Uncommitted };

struct ListedBlock {
    BlockSource source = BlockSource::Latest;
    std::string id;

    bool operator==(const ListedBlock&) const = default;
};

/// Reads the body of Put Block List; nothing when it is not one.
std::optional<std::vector<ListedBlock>> parse_block_list(std::string_view xml);

/// Where the bytes of a listed block lie.
struct BlockBytes {
    std::string id;
    std::string content;
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
};

/// Finds every listed block among the staged ones and those of the blob as it is; nothing when one
/// is missing.
std::optional<std::vector<BlockBytes>> resolve_blocks(const std::vector<ListedBlock>& listed,
                                                      const std::vector<StagedBlock>& staged,
                                                      const std::optional<Blob>& blob);

}  // namespace aml::emulator
