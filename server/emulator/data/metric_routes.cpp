#include "data/metric_routes.hpp"

#include "core/text.hpp"
#include "core/time.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace aml::emulator {

namespace {

constexpr std::size_t full_page = 1000;
constexpr std::size_t sample_size = 1000;
constexpr auto scalar = "azureml.v1.scalar";
// MetricValueType of the run history's description, v1.0.
constexpr std::array<std::string_view, 5> column_types{
    "Int", "Double", "String", "Bool", "Artifact"};

json columns_of(const MetricDefinition& definition) {
    return definition.columns.empty() ? json{{definition.name, "Double"}} : definition.columns;
}

json properties_of(const MetricDefinition& definition) {
    auto properties = definition.properties;
    if (!properties.contains("uxMetricType")) properties["uxMetricType"] = scalar;
    if (!properties.contains("dataLocation")) properties["dataLocation"] = nullptr;
    return properties;
}

json point_json(const MetricPoint& point) {
    auto data = point.data.is_null() ? json{{point.name, metric_number(point.value)}} : point.data;
    return {{"metricId", fmt::format("00000000-0000-4000-8000-{:012x}", point.sequence)},
            {"createdUtc", iso_time(point.time)},
            {"step", point.step},
            {"data", std::move(data)}};
}

json metric_json(const Run& run,
                 const MetricDefinition& definition,
                 const std::vector<MetricPoint>& points) {
    auto values = json::array();
    for (const auto& point : points) values.push_back(point_json(point));
    return {{"dataContainerId", "dcid." + run.id},
            {"name", definition.name},
            {"columns", columns_of(definition)},
            {"properties", properties_of(definition)},
            {"namespace", nullptr},
            {"standardSchemaId", nullptr},
            {"value", std::move(values)},
            {"continuationToken", nullptr},
            {"nextLink", nullptr}};
}

/// Types as the service writes them, however the client does; absent when one is unknown.
std::optional<json> read_columns(const json& written) {
    if (!written.is_object()) return json::object();
    auto columns = written;
    for (auto& word : columns) {
        if (!word.is_string()) return std::nullopt;
        const auto known =
            std::ranges::find_if(column_types, [&word](std::string_view column_type) {
                return same_text(column_type, word.get_ref<const std::string&>());
            });
        if (known == column_types.end()) return std::nullopt;
        word = *known;
    }
    return columns;
}

// One row of the batch call; a single number under the metric's own name is a scalar.
MetricPoint read_point(const std::string& name, const json& row, Time received) {
    MetricPoint point;
    point.name = name;
    point.time = parse_iso_time(text_at(row, "createdUtc")).value_or(received);
    if (const auto step = row.find("step"); step != row.end() && step->is_number_integer())
        point.step = step->get<std::int64_t>();
    const auto data = row.value("data", json::object());
    const auto own = data.is_object() ? data.find(name) : data.end();
    const auto number =
        data.size() == 1 && own != data.end() ? read_metric_number(*own) : std::nullopt;
    if (number) {
        point.value = *number;
    } else {
        point.data = data;
    }
    return point;
}

// The number that JSON does not have and `text` starts with; empty when there is none.
std::string_view special_number(std::string_view text) {
    for (const std::string_view name : {"NaN", "Infinity", "-Infinity"}) {
        if (text.starts_with(name)) return text.substr(0, name.size());
    }
    return {};
}

std::string quote_special_numbers(std::string_view text) {
    std::string quoted;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool escape = in_string && c == '\\' && i + 1 < text.size();
        if (c == '"') in_string = !in_string;
        const auto special = in_string ? std::string_view() : special_number(text.substr(i));
        if (!special.empty()) {
            quoted.append(1, '"').append(special).append(1, '"');
            i += special.size() - 1;
        } else {
            quoted += c;
            if (escape) quoted += text[++i];
        }
    }
    return quoted;
}

}  // namespace

json metric_number(double value) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
    return value;
}

std::optional<double> read_metric_number(const json& value) {
    if (value.is_number()) return value.get<double>();
    if (!value.is_string()) return std::nullopt;
    const auto& text = value.get_ref<const std::string&>();
    if (same_text(text, "NaN")) return std::numeric_limits<double>::quiet_NaN();
    if (same_text(text, "Infinity")) return std::numeric_limits<double>::infinity();
    if (same_text(text, "-Infinity")) return -std::numeric_limits<double>::infinity();
    return std::nullopt;
}

MetricRoutes::MetricRoutes(Context& context, Router& router, MetricStore& metrics)
    : context_(context),
      metrics_(metrics),
      routes_(context, router, "metric/v2.0", "metric") {}

void MetricRoutes::add_routes() {
    routes_.add("POST",
                "/runs/{run}/lastvalues",
                [this](const Workspace& workspace, const Request& request) {
                    return last_values(run_of(workspace, request));
                });
    routes_.add(
        "POST", "/runs/{run}/list", [this](const Workspace& workspace, const Request& request) {
            return list(run_of(workspace, request));
        });
    routes_.add(
        "POST", "/runs/{run}/full", [this](const Workspace& workspace, const Request& request) {
            return full(run_of(workspace, request), request);
        });
    routes_.add(
        "POST", "/runs/{run}/sample", [this](const Workspace& workspace, const Request& request) {
            return sample(run_of(workspace, request), request);
        });
    for (const char* path : {"/runs/{run}/batch", "/runs/{run}/batchsync"}) {
        routes_.add("POST", path, [this](const Workspace& workspace, const Request& request) {
            return batch(run_of(workspace, request), request);
        });
    }
}

Run MetricRoutes::run_of(const Workspace& workspace, const Request& request) const {
    auto run = context_.runs.find(workspace.id, request.param("run"));
    if (!run)
        throw routes_.not_found(request,
                                fmt::format("Run {} was not found.", request.param("run")));
    return std::move(*run);
}

Reply MetricRoutes::last_values(const Run& run) {
    std::map<std::string, MetricDefinition> definitions;
    for (auto& definition : metrics_.definitions(run.sequence))
        definitions[definition.name] = definition;
    auto values = json::array();
    for (const auto& point : metrics_.last_values(run.sequence)) {
        values.push_back(metric_json(run, definitions[point.name], {point}));
    }
    return Reply::of_json({{"value", std::move(values)}});
}

Reply MetricRoutes::list(const Run& run) {
    auto values = json::array();
    for (const auto& definition : metrics_.definitions(run.sequence)) {
        const auto columns = columns_of(definition);
        auto names = json::array();
        for (const auto& [name, type] : columns.items()) names.push_back(name);
        values.push_back({{"metricKey",
                           {{"namespace", nullptr},
                            {"name", definition.name},
                            {"labels", json::array()},
                            {"columnNames", std::move(names)}}},
                          {"columns", columns},
                          {"properties", properties_of(definition)}});
    }
    return Reply::of_json({{"value", std::move(values)}});
}

Reply MetricRoutes::full(const Run& run, const Request& request) {
    const auto body = request.json_body();
    const auto name = text_at(body, "metricName");
    const auto token = text_at(body, "continuationToken");
    const auto after = static_cast<std::int64_t>(std::strtoll(token.c_str(), nullptr, 10));
    const auto definitions = metrics_.definitions(run.sequence);
    const auto found = std::ranges::find(definitions, name, &MetricDefinition::name);
    if (found == definitions.end()) {
        throw routes_.not_found(request, fmt::format("The run has no metric '{}'.", name));
    }
    const auto since = parse_iso_time(text_at(body, "startTime")).value_or(Time{});
    const auto points = metrics_.points(run.sequence, name, after, full_page, since);
    auto reply = metric_json(run, *found, points);
    if (points.size() == full_page) {
        reply["continuationToken"] = std::to_string(points.back().sequence);
    } else {
        reply.erase("continuationToken");
        reply.erase("nextLink");
    }
    return Reply::of_json(reply);
}

Reply MetricRoutes::sample(const Run& run, const Request& request) {
    const auto name = text_at(request.json_body(), "metricName");
    const auto definitions = metrics_.definitions(run.sequence);
    const auto found = std::ranges::find(definitions, name, &MetricDefinition::name);
    if (found == definitions.end()) {
        throw routes_.not_found(request, fmt::format("The run has no metric '{}'.", name));
    }
    auto reply = metric_json(run, *found, metrics_.sample(run.sequence, name, sample_size));
    reply["derivedLabelValues"] = nullptr;
    reply["isPartialResult"] = found->rows > static_cast<std::int64_t>(sample_size);
    reply["numValuesLogged"] = found->rows;
    return Reply::of_json(reply);
}

Reply MetricRoutes::batch(const Run& run, const Request& request) {
    const auto parsed = parse_json(quote_special_numbers(request.body));
    const auto body = parsed && parsed->is_object() ? *parsed : request.json_body();
    const auto metrics = body.value("values", json::array());
    if (!metrics.is_array())
        throw routes_.bad_request(request, "values must be a list of metrics.");
    std::vector<MetricPoint> points;
    std::map<std::string, MetricDefinition> definitions;
    for (const auto& metric : metrics) {
        const auto name = metric.is_object() ? text_at(metric, "name") : "";
        if (name.empty()) throw routes_.bad_request(request, "Every metric needs a name.");
        auto& definition = definitions[name];
        definition.name = name;
        const auto columns = read_columns(metric.value("columns", json::object()));
        if (!columns) {
            throw routes_.bad_request(
                request,
                fmt::format("A column's type is one of {}.", fmt::join(column_types, ", ")));
        }
        if (*columns != json{{name, "Double"}}) definition.columns = *columns;
        const auto properties = metric.value("properties", json::object());
        if (properties.is_object()) definition.properties = properties;
        const auto rows = metric.value("value", json::array());
        if (!rows.is_array())
            throw routes_.bad_request(request, "A metric's value must be a list of rows.");
        for (const auto& row : rows) {
            if (!row.is_object())
                throw routes_.bad_request(request, "A metric's row must be an object.");
            points.push_back(read_point(name, row, request.received));
        }
    }
    metrics_.log(run.sequence, points, definitions);
    return Reply::of_json({{"errors", json::array()}});
}

}  // namespace aml::emulator
