#include "http/pipeline.hpp"

#include "http/url.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <string_view>

namespace aml::http {
namespace {

/// Where a machine in Azure asks for its own identity (169.254.0.0/16); it never leaves the host.
bool is_link_local(std::string_view host) {
    return host.starts_with("169.254.") &&
           host.find_first_not_of("0123456789.") == std::string_view::npos;
}

void require_safe_address(const Request& request) {
    const auto url = parse_url(request.url);
    if (!url) {
        throw Error(ErrorKind::Rejected,
                    localize("\"{}\" is not an http(s) address.", redact_url(request.url)));
    }
    const bool stays_here =
        is_loopback(url->host) || (request.scope.empty() && is_link_local(url->host));
    if (url->scheme == "http" && !stays_here) {
        throw Error(ErrorKind::Rejected,
                    localize("Refusing to use {} without encryption; use an https address.",
                             url->origin()));
    }
}

}  // namespace

asio::awaitable<Response> Next::send(Request request, Context context) const {
    if (index_ == policies_->size())
        return transport_->send(std::move(request), std::move(context.stop));
    const Next rest(*policies_, index_ + 1, *transport_);
    return (*policies_)[index_]->send(std::move(request), rest, std::move(context));
}

Pipeline::Pipeline(std::vector<std::unique_ptr<Policy>> policies, Transport& transport)
    : policies_(std::move(policies)),
      transport_(transport) {}

asio::awaitable<Response> Pipeline::send(Request request, std::stop_token stop) const {
    require_safe_address(request);
    Context context;
    context.stop = std::move(stop);
    const Next first(policies_, 0, transport_);
    return first.send(std::move(request), std::move(context));
}

}  // namespace aml::http
