#include "features/log_search_feature.hpp"

#include "features/azure_session.hpp"
#include "features/run_document.hpp"
#include "runs/log_part.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

namespace aml::features {
namespace {

/// In the list; all of them are in the text.
constexpr std::size_t most_hits = 1'000;
constexpr std::size_t longest_label = 200;
constexpr std::chrono::milliseconds between_updates{250};
constexpr auto open_text = "text";

std::string_view name_of(std::string_view path) {
    return path.substr(path.rfind('/') + 1);
}

std::string label_of(const std::string& line) {
    auto label = trimmed(line);
    if (label.size() <= longest_label) return label;
    auto cut = std::string_view(label).substr(0, longest_label);
    return runs::decode_utf8(cut, runs::MoreBytes::Expected).text + "…";
}

}  // namespace

struct LogSearchFeature::Search {
    std::shared_ptr<AzureSession> session;
    LogAddress log;
    /// As it was typed.
    std::string typed;
    runs::RunState state = runs::RunState::GoingOn;
    std::vector<Hit> hits{};
    /// There are more, which were not looked for.
    bool is_cut = false;
    std::uint64_t done = 0;
    std::uint64_t total = 0;

    /// The one of a row; absent when there is no such row.
    std::optional<Hit> hit(const std::string& id) const {
        std::size_t place = hits.size();
        std::from_chars(id.data(), id.data() + id.size(), place);
        return place < hits.size() ? std::optional(hits[place]) : std::nullopt;
    }

    std::string progress(bool is_busy) const {
        if (is_cut) return localize("The first {} lines", hits.size());
        if (is_busy) {
            const auto read = human_size(done);
            const auto all = human_size(total);
            return hits.size() == 1
                       ? localize("1 line so far, in {} of {}", read, all)
                       : localize("{} lines so far, in {} of {}", hits.size(), read, all);
        }
        if (hits.empty()) return localize("No line has this");
        return hits.size() == 1 ? localize("1 line") : localize("{} lines", hits.size());
    }

    std::vector<ui::PickItem> items(bool is_busy) const {
        std::vector<ui::PickItem> items{ui::PickItem::separator(progress(is_busy))};
        for (std::size_t i = 0; i < hits.size(); ++i) {
            const auto& [path, line] = hits[i];
            ui::PickItem item{.id = std::to_string(i), .label = label_of(line.text)};
            item.description = fmt::format("{}:{}", name_of(path), line.number);
            items.push_back(std::move(item));
        }
        return items;
    }
};

LogSearchFeature::LogSearchFeature(Services& services, UiFeature& ui)
    : services_(services),
      ui_(ui) {}

void LogSearchFeature::bind(CommandsFeature& commands) {
    commands.add("azureml.log.search",
                 [this](CommandCall call) { return search(std::move(call)); });
}

asio::awaitable<protocol::Json> LogSearchFeature::search(CommandCall call) {
    const auto stop = call.stop();
    auto log = log_address(call);
    const auto session = services_.session();
    co_await session->follow(log.job, stop);
    const auto run = session->watcher.find(log.job);
    const bool is_final = run && run->is_final();
    const auto title = log.path.empty()
                           ? localize("Search in the log of {}", run ? run->title() : "").shown()
                           : localize("Search in {}", name_of(log.path)).shown();
    for (;;) {
        auto typed = co_await ask(title, stop);
        if (!typed) co_return protocol::Json();
        typed_ = *typed;
        const auto search = std::make_shared<Search>(
            Search{.session = session, .log = log, .typed = std::move(*typed)});
        search->state = is_final ? runs::RunState::Final : runs::RunState::GoingOn;
        ui::PickQuestion question{.title = title};
        question.placeholder = localize("Line to open; type to narrow the list");
        question.can_go_back = true;
        question.actions = {{open_text, localize("Open all as text"), "go-to-file"}};
        question.fill = [this, search](ui::PickUpdate update, std::stop_token end) {
            return fill(search, std::move(update), std::move(end));
        };
        const auto answer = co_await ui_.pick(std::move(question), stop);
        if (const auto* picked = std::get_if<ui::Picked>(&answer)) {
            auto hit = search->hit(picked->ids.front());
            if (!hit) co_return protocol::Json();
            co_return co_await open(*search, std::move(*hit), stop);
        }
        if (std::holds_alternative<ui::Acted>(answer)) co_return co_await open_all(*search, stop);
        if (!std::holds_alternative<ui::WentBack>(answer)) co_return protocol::Json();
    }
}

asio::awaitable<std::optional<std::string>> LogSearchFeature::ask(std::string title,
                                                                  std::stop_token stop) {
    ui::InputQuestion question{.title = std::move(title), .value = typed_};
    question.prompt = localize(
        "Text to search for, or a regular expression: /loss=\\d+/, with /…/i in either case");
    question.validate = [](const std::string& value) -> std::optional<std::string> {
        try {
            runs::LinePattern::typed(value);
            return std::nullopt;
        } catch (const Error& error) {
            return error.message();
        }
    };
    const auto answer = co_await ui_.input(std::move(question), std::move(stop));
    const auto* entered = std::get_if<ui::Entered>(&answer);
    if (entered == nullptr) co_return std::nullopt;
    co_return entered->value;
}

asio::awaitable<void> LogSearchFeature::fill(std::shared_ptr<Search> search,
                                             ui::PickUpdate update,
                                             std::stop_token stop) {
    runs::RunLog log(search->session->access, services_.clock, search->log.job);
    auto files = co_await log.files(search->state, stop);
    const bool is_main = search->log.path.empty() && search->log.is_document;
    auto meant = is_main ? runs::primary_log(files) : search->log.path;
    if (!is_main || !meant.empty()) files = runs::logs_meant(std::move(meant), std::move(files));
    auto shown_at = services_.clock.now();
    for (const auto& path : files) {
        runs::OnSearched on_part = [&](runs::SearchedPart part) {
            search->done = part.done;
            search->total = part.total;
            const bool is_news = !part.lines.empty();
            for (auto& line : part.lines) {
                search->is_cut = search->hits.size() == most_hits;
                if (search->is_cut) break;
                search->hits.push_back({path, std::move(line)});
            }
            const auto now = services_.clock.now();
            if (is_news || now - shown_at >= between_updates) {
                shown_at = now;
                update(search->items(true), true);
            }
            return !search->is_cut;
        };
        auto pattern = runs::LinePattern::typed(search->typed);
        co_await runs::search_log(
            log, services_.pool, path, std::move(pattern), search->state, std::move(on_part), stop);
        if (search->is_cut) break;
    }
    update(search->items(false), false);
}

asio::awaitable<protocol::Json> LogSearchFeature::open(const Search& search,
                                                       Hit hit,
                                                       std::stop_token stop) {
    runs::RunLog log(search.session->access, services_.clock, search.log.job);
    const auto part = co_await runs::read_part(log, hit.path, hit.line, search.state, stop);
    RunDocument document{.kind = RunDocument::Kind::LogPart, .owner = search.log.job};
    document.path = hit.path;
    document.offset = hit.line.offset;
    document.line = hit.line.number;
    const auto uri =
        uri_of_document(document, fmt::format("{}-{}.log", name_of(hit.path), hit.line.number));
    co_await ui_.show_line(uri, part.line, std::move(stop));
    co_return protocol::Json(uri);
}

asio::awaitable<protocol::Json> LogSearchFeature::open_all(const Search& search,
                                                           std::stop_token stop) {
    RunDocument document{.kind = RunDocument::Kind::FoundLines, .owner = search.log.job};
    document.path = search.log.path;
    if (document.path.empty() && search.log.is_document && !search.hits.empty())
        document.path = search.hits.front().path;
    document.text = search.typed;
    const auto uri = uri_of_document(document, "search.log");
    co_await ui_.show_file(uri, std::move(stop));
    co_return protocol::Json(uri);
}

}  // namespace aml::features
