#include "studio/studio.hpp"

#include "studio/list_pages.hpp"
#include "studio/run_page.hpp"
#include "web/errors.hpp"

#include <utility>

namespace aml::emulator {

struct Studio::Pages {
    Pages(Context& context_, BlobService& blobs, MetricStore& metrics)
        : context(context_),
          lists(context),
          run(context, blobs, metrics) {}

    Workspace workspace(const Request& request) const {
        auto found = find_workspace(context, request.query.get("wsid"));
        if (found) return std::move(*found);
        throw surface_error(request,
                            Surface::Page,
                            404,
                            "NotFound",
                            "There is no such workspace in this emulator.");
    }

    Context& context;
    ListPages lists;
    RunPage run;
};

Studio::Studio(Context& context, Router& router, BlobService& blobs, MetricStore& metrics)
    : router_(router),
      pages_(std::make_unique<Pages>(context, blobs, metrics)) {}

Studio::~Studio() = default;

void Studio::add_routes() {
    auto& pages = *pages_;
    const auto add = [&](std::string pattern, SyncHandler handler) {
        Route route{"GET", std::move(pattern), Surface::Page, Auth::None, nullptr, {}};
        route.handler = std::move(handler);
        router_.add(std::move(route));
    };
    const auto run_page = [&pages](const Request& request) {
        return pages.run.show(pages.workspace(request), request);
    };
    add("/", [&pages](const Request& request) { return pages.lists.home(request); });
    for (const char* pattern : {"/home", "/experiments"}) {
        add(pattern, [&pages](const Request& request) {
            return pages.lists.experiments(pages.workspace(request));
        });
    }
    add("/experiments/id/{experiment}", [&pages](const Request& request) {
        return pages.lists.runs(pages.workspace(request), request);
    });
    add("/experiments/id/{experiment}/runs/{run}", run_page);
    add("/runs/{run}", run_page);
}

}  // namespace aml::emulator
