#include "blob/block_list.hpp"

#include <algorithm>
#include <array>

namespace aml::emulator {

namespace {

struct Tag {
    std::string_view name;
    BlockSource source;
};

constexpr std::array<Tag, 3> tags{{{"Latest", BlockSource::Latest},
                                   {"Committed", BlockSource::Committed},
                                   {"Uncommitted", BlockSource::Uncommitted}}};

void skip_spaces(std::string_view& text) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
}

bool take(std::string_view& text, std::string_view expected) {
    if (!text.starts_with(expected)) return false;
    text.remove_prefix(expected.size());
    return true;
}

std::optional<ListedBlock> take_block(std::string_view& text) {
    for (const auto& tag : tags) {
        const auto open = "<" + std::string(tag.name) + ">";
        const auto close = "</" + std::string(tag.name) + ">";
        auto rest = text;
        if (!take(rest, open)) continue;
        const auto end = rest.find(close);
        if (end == std::string_view::npos) return std::nullopt;
        ListedBlock block{tag.source, std::string(rest.substr(0, end))};
        text = rest.substr(end + close.size());
        return block;
    }
    return std::nullopt;
}

std::optional<BlockBytes> find_staged(const std::string& id,
                                      const std::vector<StagedBlock>& staged) {
    const auto found = std::ranges::find(staged, id, &StagedBlock::id);
    if (found == staged.end()) return std::nullopt;
    return BlockBytes{id, found->content, 0, found->size};
}

std::optional<BlockBytes> find_committed(const std::string& id, const std::optional<Blob>& blob) {
    if (!blob) return std::nullopt;
    std::uint64_t offset = 0;
    for (const auto& block : blob->blocks) {
        const auto size = block[1].get<std::uint64_t>();
        if (block[0].get<std::string>() == id) return BlockBytes{id, blob->content, offset, size};
        offset += size;
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::vector<ListedBlock>> parse_block_list(std::string_view xml) {
    take(xml, "\xEF\xBB\xBF");
    skip_spaces(xml);
    if (xml.starts_with("<?xml")) xml.remove_prefix(std::min(xml.find("?>"), xml.size() - 2) + 2);
    skip_spaces(xml);
    std::vector<ListedBlock> blocks;
    if (take(xml, "<BlockList/>") || take(xml, "<BlockList />")) return blocks;
    if (!take(xml, "<BlockList>")) return std::nullopt;
    for (skip_spaces(xml); !take(xml, "</BlockList>"); skip_spaces(xml)) {
        auto block = take_block(xml);
        if (!block) return std::nullopt;
        blocks.push_back(std::move(*block));
    }
    return blocks;
}

std::optional<std::vector<BlockBytes>> resolve_blocks(const std::vector<ListedBlock>& listed,
                                                      const std::vector<StagedBlock>& staged,
                                                      const std::optional<Blob>& blob) {
    std::vector<BlockBytes> found;
    for (const auto& [source, id] : listed) {
        std::optional<BlockBytes> bytes;
        if (source != BlockSource::Committed) bytes = find_staged(id, staged);
        if (!bytes && source != BlockSource::Uncommitted) bytes = find_committed(id, blob);
        if (!bytes) return std::nullopt;
        found.push_back(std::move(*bytes));
    }
    return found;
}

}  // namespace aml::emulator
