#include "studio/page.hpp"

#include "core/text.hpp"
#include "core/time.hpp"

#include <fmt/format.h>

#include <array>
#include <map>
#include <utility>

namespace aml::emulator {

namespace {

constexpr std::string_view styles = R"css(
:root{color-scheme:light dark;--back:#f5f6f8;--card:#fff;--text:#1b1f24;--soft:#5d6673;--line:#dfe3e8;--link:#0b62c4;
--log:#f0f2f5;--blue:#0b62c4;--green:#1a7f45;--red:#c22f33;--amber:#96600a;--grey:#5d6673}
@media(prefers-color-scheme:dark){:root{--back:#14171b;--card:#1d2127;--text:#e6e9ee;--soft:#98a2b0;--line:#323841;
--link:#7ab4ff;--log:#15181c;--blue:#7ab4ff;--green:#5fcf8e;--red:#ff8a8d;--amber:#e9b45c;--grey:#98a2b0}}
*{box-sizing:border-box}body{margin:0;background:var(--back);color:var(--text);
font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}a{color:var(--link);text-decoration:none}
a:hover{text-decoration:underline}header{background:var(--card);border-bottom:1px solid var(--line);padding:10px 24px}
header b{margin-right:12px}header span{color:var(--soft)}main{max-width:1100px;margin:0 auto;padding:20px 24px 48px}
h1{font-size:24px;margin:4px 0 16px;overflow-wrap:anywhere}h2{font-size:16px;margin:28px 0 10px}
.crumbs{color:var(--soft);font-size:13px}.card{background:var(--card);border:1px solid var(--line);border-radius:8px;
padding:14px 16px;overflow-x:auto}table{border-collapse:collapse;width:100%}th{text-align:left;color:var(--soft);
font-weight:500;font-size:13px}th,td{padding:7px 14px 7px 0;border-bottom:1px solid var(--line);white-space:nowrap}
tr:last-child>*{border-bottom:0}td.wide{white-space:normal;overflow-wrap:anywhere;width:99%}
.badge{display:inline-block;padding:1px 9px;border-radius:10px;border:1px solid currentColor;font-size:13px}
.blue{color:var(--blue)}.green{color:var(--green)}.red{color:var(--red)}.amber{color:var(--amber)}.grey{color:var(--grey)}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(320px,1fr));gap:14px}.chart{width:100%;display:block}
.charts .soft{overflow-wrap:anywhere}.chart text{fill:var(--soft);font-size:11px}.chart path{fill:none}.axis{stroke:var(--line)}
.line{stroke:var(--blue);stroke-width:1.8;stroke-linejoin:round}.chart circle{fill:var(--blue)}
.value{font-size:22px;font-variant-numeric:tabular-nums}pre{background:var(--log);border:1px solid var(--line);
border-radius:8px;padding:12px;margin:0;max-height:480px;overflow:auto;font:13px/1.45 ui-monospace,Consolas,monospace;
white-space:pre-wrap;overflow-wrap:anywhere}.error{border-left:4px solid var(--red)}.soft{color:var(--soft)}
details{margin-top:4px}summary{color:var(--soft);font-size:13px;cursor:pointer}details p{font-size:13px;margin:8px 0 0}
.tabs a{margin-right:14px}.tabs .here{font-weight:600;color:var(--text)}
)css";

// Keeps what is unfolded and the reader's place in the log, and follows its end if that is where
// the reader is.
constexpr std::string_view script = R"js(
async function again(){try{const r=await fetch(location.href);const d=new DOMParser().parseFromString(await r.text(),
'text/html');const old=document.querySelector('.log');const open=document.querySelector('details')?.open;const end=!old||old.scrollTop+old.clientHeight>=old.scrollHeight-8;
const top=old?old.scrollTop:0;document.querySelector('main').replaceWith(document.adoptNode(d.querySelector('main')));
const now=document.querySelector('.log');if(now)now.scrollTop=end?now.scrollHeight:top;
const folded=document.querySelector('details');if(folded&&open)folded.open=true;
if(d.body.dataset.live)setTimeout(again,2000)}catch(e){setTimeout(again,4000)}}
const log=document.querySelector('.log');if(log)log.scrollTop=log.scrollHeight;
if(document.body.dataset.live)setTimeout(again,2000);
)js";

std::string_view colour_of(std::string_view status) {
    if (status == run_status::completed) return "green";
    if (status == run_status::failed) return "red";
    if (status == run_status::canceled || status == run_status::cancel_requested) return "amber";
    if (status == run_status::running || status == run_status::finalizing) return "blue";
    return "grey";
}

}  // namespace

Reply render(const Page& page, int status) {
    std::string crumbs;
    for (const auto& crumb : page.crumbs) {
        crumbs += fmt::format("{}<a href=\"{}\">{}</a>",
                              crumbs.empty() ? "" : " / ",
                              html_escape(crumb.address),
                              html_escape(crumb.text));
    }
    auto html = fmt::format(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{0} - Azure "
        "ML emulator</title>"
        "<style>{1}</style></head><body{2}><header><b><a href=\"/\">Azure ML emulator</a></b>"
        "<span>jobs run on this machine</span></header><main><div "
        "class=\"crumbs\">{3}</div><h1>{0}</h1>{4}</main>"
        "<script>{5}</script></body></html>",
        html_escape(page.title),
        styles,
        page.live ? " data-live=\"1\"" : "",
        crumbs,
        page.body,
        script);
    auto reply = Reply::of_text(std::move(html), "text/html; charset=utf-8", status);
    reply.headers.set("Cache-Control", "no-store");
    return reply;
}

std::string id_segment(std::string_view id, std::string_view name) {
    const auto start = to_lower(id).find(fmt::format("/{}/", name));
    if (start == std::string::npos) return {};
    const auto rest = id.substr(start + name.size() + 2);
    return std::string(rest.substr(0, rest.find('/')));
}

std::string workspace_parameter(const Workspace& workspace) {
    return fmt::format("?wsid=/subscriptions/{}/resourcegroups/{}/workspaces/{}",
                       percent_encode(workspace.subscription),
                       percent_encode(workspace.resource_group),
                       percent_encode(workspace.name));
}

std::optional<Workspace> find_workspace(Context& context, std::string_view wsid) {
    if (!wsid.empty()) {
        return context.resources.find_workspace(id_segment(wsid, "subscriptions"),
                                                id_segment(wsid, "resourcegroups"),
                                                id_segment(wsid, "workspaces"));
    }
    auto all = context.resources.all_workspaces();
    if (all.empty()) return std::nullopt;
    return std::move(all.front());
}

std::string badge(std::string_view status) {
    return fmt::format(
        "<span class=\"badge {}\">{}</span>", colour_of(status), html_escape(status));
}

std::string span_text(Time start, Time end) {
    const auto seconds = std::max<std::int64_t>(0, (to_millis(end) - to_millis(start)) / 1000);
    if (seconds < 60) return fmt::format("{} s", seconds);
    if (seconds < 3600) return fmt::format("{} min {} s", seconds / 60, seconds % 60);
    return fmt::format("{} h {} min", seconds / 3600, seconds / 60 % 60);
}

std::string time_text(Time time) {
    auto text = iso_seconds(time);
    text[text.find('T')] = ' ';
    text.pop_back();
    return text + " UTC";
}

std::string size_text(std::uint64_t bytes) {
    if (bytes < 1000) return fmt::format("{} B", bytes);
    constexpr std::array units{"kB", "MB", "GB", "TB"};
    auto size = static_cast<double>(bytes) / 1000;
    std::size_t unit = 0;
    for (; size >= 1000 && unit + 1 < units.size(); ++unit) size /= 1000;
    return fmt::format("{:.1f} {}", size, units[unit]);
}

}  // namespace aml::emulator
