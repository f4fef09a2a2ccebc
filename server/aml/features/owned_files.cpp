#include "features/owned_files.hpp"

#include "features/run_id.hpp"
#include "tree/tree_kinds.hpp"
#include "tree/tree_node.hpp"

#include <utility>

namespace aml::features {

OwnedFiles owned_files(const CommandCall& call) {
    const auto id = call.text("the id of a run or of files");
    const auto address = tree::parse_address(id);
    const bool is_file = address && tree::kind_of(address->kind).nests;
    if (is_file) return {tree::owner_of_files(*address), address->detail};
    if (address && address->kind == tree::row_kind::model_version)
        return {tree::owner_of_files(*address), {}};
    OwnedFiles files{.owner = job_of(id)};
    // The second argument is the file in front of the editor.
    files.path = call.optional_text(2).value_or(std::string());
    return files;
}

asio::awaitable<runs::FileSource> source_of(azure::Client& client,
                                            azure::ResourceId owner,
                                            std::stop_token stop) {
    if (owner.type() == "jobs") co_return runs::FileSource::of_run(client, std::move(owner));
    co_return co_await runs::FileSource::of_model(client, std::move(owner), std::move(stop));
}

}  // namespace aml::features
