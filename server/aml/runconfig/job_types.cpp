#include "runconfig/job_types.hpp"

#include "support/text.hpp"

#include <algorithm>
#include <array>
#include <variant>

namespace aml::runconfig {

namespace {

/// In the order of the alternatives of `Job`.
constexpr std::array job_types{
    JobType{"command", command_schema, check_command, read_command, put_command},
    JobType{"sweep", sweep_schema, check_sweep, read_sweep, put_sweep},
    JobType{"pipeline", pipeline_schema, check_pipeline, read_pipeline, put_pipeline},
};
static_assert(job_types.size() == std::variant_size_v<Job>);

/// The other types of the public schemas.
constexpr std::array unknown_types{"spark",
                                   "automl",
                                   "import",
                                   "parallel",
                                   "data_transfer",
                                   "finetuning",
                                   "distillation",
                                   "component"};

/// The type called `word`; for a schema's file also that whose name it begins with.
SaidType type_called(const std::string& word, const Node* where, bool is_file) {
    const auto matches = [&](std::string_view name) {
        return is_file ? word.starts_with(name) : word == name;
    };
    for (const auto& type : job_types) {
        if (matches(type.word)) return {&type, std::string(type.word), where};
    }
    for (const std::string_view name : unknown_types) {
        if (matches(name)) return {nullptr, std::string(name), where};
    }
    return {&job_types.front(), std::string(job_types.front().word), nullptr};
}

}  // namespace

JobBasics& basics_of(Job& job) {
    return std::visit([](auto& one) -> JobBasics& { return one; }, job);
}

const JobBasics& basics_of(const Job& job) {
    return std::visit([](const auto& one) -> const JobBasics& { return one; }, job);
}

Program* program_of(Job& job) {
    if (auto* command = std::get_if<CommandJob>(&job)) return &command->program;
    auto* sweep = std::get_if<SweepJob>(&job);
    return sweep != nullptr ? &sweep->program : nullptr;
}

const Program* program_of(const Job& job) {
    if (const auto* command = std::get_if<CommandJob>(&job)) return &command->program;
    const auto* sweep = std::get_if<SweepJob>(&job);
    return sweep != nullptr ? &sweep->program : nullptr;
}

SaidType said_type(const Node& root) {
    if (const auto* type = root.find_text("type"))
        return type_called(lower(type->text), type, false);
    const auto* schema = root.find_text("$schema");
    if (schema == nullptr) return type_called("command", nullptr, false);
    const auto file = lower(schema->text);
    return type_called(file.substr(file.find_last_of('/') + 1), schema, true);
}

const JobType& type_of(const Job& job) {
    return job_types.at(job.index());
}

const ObjectSchema* schema_at(const Node& root, const std::vector<std::string>& path) {
    const auto* type = said_type(root).type;
    const auto* schema = type != nullptr ? &type->schema : nullptr;
    for (const auto& step : path) {
        const auto* key = schema != nullptr ? schema->find(step) : nullptr;
        if (key == nullptr) return nullptr;
        schema = key->object;
    }
    return schema;
}

}  // namespace aml::runconfig
