#pragma once

#include "features/commands_feature.hpp"
#include "features/log_address.hpp"
#include "features/services.hpp"
#include "features/ui_feature.hpp"
#include "runs/log_search.hpp"

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace aml::features {

/// Searches logs of any size, of which an editor holds the end at most: `azureml.log.search`.
class LogSearchFeature final {
public:
    LogSearchFeature(Services& services, UiFeature& ui);

    void bind(CommandsFeature& commands);

private:
    struct Hit {
        std::string path;
        runs::FoundLine line;
    };

    /// What a search has found so far; shared with the list that shows it.
    struct Search;

    asio::awaitable<protocol::Json> search(CommandCall call);
    /// What the user types; absent when they give up.
    asio::awaitable<std::optional<std::string>> ask(std::string title, std::stop_token stop);
    asio::awaitable<void> fill(std::shared_ptr<Search> search,
                               ui::PickUpdate update,
                               std::stop_token stop);
    asio::awaitable<protocol::Json> open(const Search& search, Hit hit, std::stop_token stop);
    asio::awaitable<protocol::Json> open_all(const Search& search, std::stop_token stop);

    Services& services_;
    UiFeature& ui_;
    /// What was searched for last.
    std::string typed_;
};

}  // namespace aml::features
