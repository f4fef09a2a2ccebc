#include "web/router.hpp"

#include "core/text.hpp"
#include "support/error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace aml::emulator {
namespace {

std::vector<std::string_view> split_path(std::string_view path) {
    std::vector<std::string_view> segments;
    while (!path.empty()) {
        const auto end = path.find('/');
        segments.push_back(path.substr(0, end));
        path.remove_prefix(end == std::string_view::npos ? path.size() : end + 1);
    }
    return segments;
}

bool is_parameter(std::string_view segment) {
    return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

bool is_tail(std::string_view segment) {
    return is_parameter(segment) && segment[segment.size() - 2] == '*';
}

}  // namespace

struct Router::Node {
    // Keys are lower case.
    std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
    std::unique_ptr<Node> parameter;
    std::vector<Route*> routes;
    // Routes whose pattern ends here with `{name*}`.
    std::vector<Route*> tails;
};

namespace {

std::vector<std::string_view> names_of(const Route& route) {
    std::vector<std::string_view> names;
    for (const auto segment : split_path(route.pattern)) {
        if (is_tail(segment)) {
            names.push_back(segment.substr(1, segment.size() - 3));
        } else if (is_parameter(segment)) {
            names.push_back(segment.substr(1, segment.size() - 2));
        }
    }
    return names;
}

const Route* choose(const std::vector<Route*>& routes, std::string_view method) {
    const auto with = [&](std::string_view wanted) -> const Route* {
        const auto found = std::find_if(routes.begin(), routes.end(), [&](const Route* route) {
            return route->method == wanted;
        });
        return found == routes.end() ? nullptr : *found;
    };
    const Route* route = with(method);
    return route == nullptr && method == "HEAD" ? with("GET") : route;
}

/// Walks the tree with backtracking: literal before parameter before tail, at each level.
class Search {
public:
    Search(std::string_view method, std::string_view path)
        : method_(method),
          path_(path) {
        // A tail keeps empty segments and needs the place in the path where it starts.
        for (std::size_t start = 0; start < path.size();) {
            const auto end = std::min(path.find('/', start), path.size());
            if (end > start) segments_.push_back({start, end - start});
            start = end + 1;
        }
    }

    template <typename Node>
    bool walk(const Node& node, std::size_t depth) {
        if (depth == segments_.size())
            return finish(node.routes) || finish(node.tails, path_.size());
        const auto segment =
            percent_decode(path_.substr(segments_[depth].first, segments_[depth].second));
        const auto literal = node.literals.find(to_lower(segment));
        if (literal != node.literals.end() && walk(*literal->second, depth + 1)) return true;
        // A known first segment decides: `/subscriptions/…` is never somebody's storage account.
        if (depth == 0 && literal != node.literals.end()) return false;
        if (node.parameter) {
            values_.push_back(segment);
            if (walk(*node.parameter, depth + 1)) return true;
            values_.pop_back();
        }
        return finish(node.tails, segments_[depth].first);
    }

    const Route* route = nullptr;
    std::vector<std::string> allowed;
    std::vector<std::string> values_;

private:
    bool finish(const std::vector<Route*>& routes) {
        for (const auto* known : routes) allowed.push_back(known->method);
        route = choose(routes, method_);
        return route != nullptr;
    }

    bool finish(const std::vector<Route*>& tails, std::size_t start) {
        if (!finish(tails)) return false;
        values_.push_back(percent_decode(path_.substr(start)));
        return true;
    }

    std::string_view method_;
    std::string_view path_;
    std::vector<std::pair<std::size_t, std::size_t>> segments_;
};

}  // namespace

Router::Router()
    : root_(std::make_unique<Node>()) {}

Router::~Router() = default;

void Router::add(Route route) {
    if (!route.pattern.starts_with('/')) {
        throw Error(ErrorKind::InternalError,
                    fmt::format("Route pattern {} must start with /.", route.pattern));
    }
    auto owned = std::make_unique<Route>(std::move(route));
    Node* node = root_.get();
    std::vector<Route*>* leaf = nullptr;
    const auto pattern = std::string_view(owned->pattern).substr(1);
    for (const auto segment : split_path(pattern)) {
        if (leaf != nullptr) {
            throw Error(ErrorKind::InternalError,
                        fmt::format("Route pattern {} goes on after its tail.", owned->pattern));
        }
        if (is_tail(segment)) {
            leaf = &node->tails;
        } else {
            auto& next =
                is_parameter(segment) ? node->parameter : node->literals[to_lower(segment)];
            if (!next) next = std::make_unique<Node>();
            node = next.get();
        }
    }
    if (leaf == nullptr) leaf = &node->routes;
    for (const auto* other : *leaf) {
        if (other->method == owned->method) {
            throw Error(ErrorKind::InternalError,
                        fmt::format("Routes {} and {} are the same for {}.",
                                    other->pattern,
                                    owned->pattern,
                                    other->method));
        }
    }
    leaf->push_back(owned.get());
    routes_.push_back(std::move(owned));
}

Router::Match Router::find(std::string_view method, std::string_view path) const {
    Search search(method, path);
    Match match;
    search.walk(*root_, 0);
    match.route = search.route;
    std::sort(search.allowed.begin(), search.allowed.end());
    search.allowed.erase(std::unique(search.allowed.begin(), search.allowed.end()),
                         search.allowed.end());
    match.allowed = std::move(search.allowed);
    if (match.route != nullptr) {
        const auto names = names_of(*match.route);
        for (std::size_t i = 0; i < names.size(); ++i)
            match.params.emplace(names[i], std::move(search.values_[i]));
    }
    return match;
}

}  // namespace aml::emulator
