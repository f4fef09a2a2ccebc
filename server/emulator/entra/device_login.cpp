#include "core/text.hpp"
#include "entra/entra.hpp"
#include "web/errors.hpp"

#include <fmt/format.h>

namespace aml::emulator {
namespace {

constexpr std::string_view page_style =
    "body{margin:0;min-height:100vh;display:grid;place-items:center;font:16px/1.5 "
    "system-ui,sans-serif;color:#1b1b1b;"
    "background:linear-gradient(135deg,#e8f0fb,#f6f3fb)}"
    "main{background:#fff;padding:2.5rem;border-radius:12px;box-shadow:0 8px 30px "
    "#0001;width:min(24rem,90vw)}"
    "h1{font-size:1.4rem;margin:0 0 .5rem}p{color:#555;margin:.5rem 0 1.25rem}small{color:#888}"
    "input{font:600 1.5rem "
    "ui-monospace,monospace;letter-spacing:.15em;text-transform:uppercase;width:100%;box-sizing:"
    "border-box;"
    "padding:.5rem;border:1px solid #aaa;border-radius:6px}"
    "code{font-weight:600;letter-spacing:.1em}.error{color:#a4262c}"
    "button{font:inherit;padding:.5rem 1.25rem;margin:1rem .5rem 0 0;border:1px solid "
    "#0f6cbd;border-radius:6px;background:#0f6cbd;color:#fff;cursor:pointer}"
    "button.quiet{background:#fff;color:#0f6cbd}"
    "@media(prefers-color-scheme:dark){body{background:#1f1f1f;color:#eee}main{background:#2b2b2b}"
    "p{color:#bbb}input{background:#1f1f1f;color:#eee}}";

Reply page(std::string_view title, std::string_view content, int status = 200) {
    auto reply = Reply::of_text(
        fmt::format(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta "
            "name=\"viewport\" "
            "content=\"width=device-width\"><title>{0}</title><style>{1}</style></head><body><main>"
            "<h1>{0}</h1>{2}<p><small>Local Azure ML emulator</small></p></main></body></html>\n",
            title,
            page_style,
            content),
        "text/html; charset=utf-8",
        status);
    reply.headers.set("X-Frame-Options", "DENY");
    reply.headers.set("Content-Security-Policy",
                      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
                      "frame-ancestors 'none'");
    return reply;
}

Reply enter_page(std::string_view code, std::string_view problem) {
    const auto error = problem.empty()
                           ? std::string()
                           : fmt::format("<p class=\"error\" role=\"alert\">{}</p>", problem);
    return page("Enter code",
                fmt::format("<p>Enter the code that your app or device shows.</p>{}<form "
                            "method=\"post\" action=\"/devicelogin\">"
                            "<input name=\"otc\" aria-label=\"Code\" maxlength=\"12\" "
                            "autocomplete=\"off\" autofocus required value=\"{}\">"
                            "<button name=\"action\" value=\"next\">Next</button></form>",
                            error,
                            html_escape(code)),
                problem.empty() ? 200 : 400);
}

Reply confirm_page(const DeviceGrant& grant, std::string_view user) {
    return page(
        "Sign in?",
        fmt::format(
            "<p>An app with the code <code>{0}</code> wants to sign in as <b>{1}</b>.</p>"
            "<form method=\"post\" action=\"/devicelogin\"><input type=\"hidden\" name=\"otc\" "
            "value=\"{0}\">"
            "<button name=\"action\" value=\"approve\">Continue</button>"
            "<button class=\"quiet\" name=\"action\" value=\"decline\">Cancel</button></form>",
            html_escape(grant.user_code),
            html_escape(user)));
}

}  // namespace

Reply Entra::login_page(const Request& request) {
    const auto& code = request.query.get("otc");
    const auto grant = code.empty() ? std::nullopt : grants_.find_user_code(code);
    const bool usable = grant && grant->state == DeviceGrant::State::Pending &&
                        context_.clock.now() < grant->expires;
    return usable ? confirm_page(*grant, context_.identity.user_name) : enter_page(code, "");
}

Reply Entra::login_step(const Request& request) {
    // Another site may not approve a sign-in in the person's name.
    const auto& origin = request.headers.get("Origin");
    if (!origin.empty() && origin != request.base_url) {
        throw surface_error(
            request, Surface::Page, 403, "Forbidden", "This form must be sent from its own page.");
    }
    const auto form = Query::parse(request.body);
    auto grant = grants_.find_user_code(form.get("otc"));
    if (!grant || grant->state != DeviceGrant::State::Pending ||
        context_.clock.now() >= grant->expires) {
        return enter_page(form.get("otc"), "That code did not work. Check the code and try again.");
    }
    const auto& action = form.get("action");
    if (action == "approve" || action == "decline") {
        const bool approved = action == "approve";
        grant->state = approved ? DeviceGrant::State::Approved : DeviceGrant::State::Declined;
        grants_.update(*grant);
        return approved ? page("You are signed in",
                               "<p>You can close this page and go back to your app.</p>")
                        : page("Sign-in cancelled",
                               "<p>Nothing was signed in. You can close this page.</p>");
    }
    return confirm_page(*grant, context_.identity.user_name);
}

}  // namespace aml::emulator
