#pragma once

#include "async/clock.hpp"
#include "features/commands_feature.hpp"
#include "features/documents_feature.hpp"
#include "features/run_document_feature.hpp"
#include "features/services.hpp"
#include "features/ui_feature.hpp"
#include "submit/upload_review.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace aml::features {

/// What a run would take, before it is submitted: a lens above its run configuration that says so,
/// `azureml.showSent` (the document that lists what would be sent) and `azureml.leaveOut` (adds to
/// the ignore file what is chosen of it). Nothing is submitted or uploaded here.
class PlanFeature final {
public:
    PlanFeature(Services& services,
                UiFeature& ui,
                DocumentsFeature& documents,
                RunDocumentFeature& run_documents);

    void bind(CommandsFeature& commands);

private:
    struct Plan {
        /// What it is a plan of.
        std::string text;
        /// Empty while it is not known, and where none can be made.
        std::string line;
        async::Clock::TimePoint made_at{};
        bool under_way = false;
    };

    /// The lens of a run configuration as it is typed now; nothing while there is no plan.
    std::optional<std::string> line_of(const std::filesystem::path& file, const std::string& text);
    asio::awaitable<void> make_plan(std::filesystem::path file, std::string text);
    asio::awaitable<std::string> planned_line(std::filesystem::path file, std::string text);

    asio::awaitable<protocol::Json> show_sent(CommandCall call);
    asio::awaitable<protocol::Json> leave_out(CommandCall call);
    asio::awaitable<std::vector<submit::SentFolder>> sent_by(std::filesystem::path file,
                                                             std::stop_token stop);
    asio::awaitable<std::string> sent_text(std::filesystem::path file, std::stop_token stop);
    asio::awaitable<void> show_document(std::filesystem::path file, std::stop_token stop);

    Services& services_;
    UiFeature& ui_;
    DocumentsFeature& documents_;
    RunDocumentFeature& run_documents_;
    std::map<std::filesystem::path, Plan> plans_;
    /// Of documents: an editor keeps what it was shown under an address.
    std::uint64_t shown_ = 0;
};

}  // namespace aml::features
