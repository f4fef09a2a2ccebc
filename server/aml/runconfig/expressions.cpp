#include "runconfig/expressions.hpp"

#include "support/text.hpp"

#include <algorithm>

namespace aml::runconfig {

std::vector<Expression> find_expressions(std::string_view text) {
    std::vector<Expression> found;
    std::size_t at = 0;
    // Found once for all expressions before it: many that are not closed must not each search on.
    auto close = text.find("}}");
    while ((at = text.find("${{", at)) != std::string_view::npos) {
        Expression expression;
        const auto inner_start = at + 3;
        if (close < inner_start) close = text.find("}}", inner_start);
        const auto next = text.find("${{", inner_start);
        expression.closed = close != std::string_view::npos && close < next;
        const auto end = expression.closed ? close : std::min(text.size(), next);
        const auto inner = trimmed_view(text.substr(inner_start, end - inner_start));
        const auto dot = inner.find('.');
        expression.root = std::string(trimmed_view(inner.substr(0, dot)));
        if (dot != std::string_view::npos) {
            const auto rest = inner.substr(dot + 1);
            expression.name = std::string(trimmed_view(rest.substr(0, rest.find('.'))));
        }
        expression.span = {at, expression.closed ? end + 2 : end};
        at = expression.span.end;
        found.push_back(std::move(expression));
    }
    return found;
}

}  // namespace aml::runconfig
