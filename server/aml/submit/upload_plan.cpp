#include "submit/upload_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace aml::submit {
namespace {

// Put Block List, limits of block blobs.
constexpr std::uint64_t max_blocks = 50'000;

}  // namespace

UploadPlan plan_upload(const snapshot::Listing& listing) {
    UploadPlan plan;
    plan.blocks.resize(listing.files.size());
    for (std::size_t i = 0; i < listing.files.size(); ++i) {
        const auto size = listing.files[i].stamp.size;
        if (size <= UploadPlan::block_size) {
            auto& parts = size <= UploadPlan::small_limit ? plan.small : plan.large;
            parts.push_back({.file = i, .offset = 0, .length = size});
            continue;
        }
        const auto length = std::max(UploadPlan::block_size, (size + max_blocks - 1) / max_blocks);
        for (std::uint64_t offset = 0; offset < size; offset += length) {
            plan.large.push_back({.file = i,
                                  .offset = offset,
                                  .length = std::min(length, size - offset),
                                  .block = plan.blocks[i]++});
        }
    }
    return plan;
}

std::string block_id(std::uint32_t block) {
    return fmt::format("block-{:08}", block);
}

}  // namespace aml::submit
