// Every key of the public command job schema, with the REST property it becomes. The tables are
// data: tests/fixtures/azure/command_job_keys.json was read from Microsoft's azure-ai-ml, and
// tests/fidelity/command_job.test.mjs holds command_job_pairs.json against what that package sends.

#include "runconfig/assist.hpp"
#include "runconfig/from_rest.hpp"
#include "runconfig/job_types.hpp"
#include "runconfig/rest_job.hpp"
#include "runconfig/run_configuration.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <set>
#include <string_view>
#include <vector>

using namespace aml;
using namespace aml::runconfig;
using nlohmann::json;

namespace {

json fixture(const std::string& name) {
    std::ifstream file(fmt::format(AML_SOURCE_DIR "/tests/fixtures/azure/{}.json", name));
    return json::parse(file);
}

/// What the submitter finds out for the usual job.
ResolvedReferences resolved_for(const json& file) {
    ResolvedReferences resolved{"/code", "/environment", "/compute", {}};
    if (file.value("compute", "") == "serverless") resolved.compute_id = std::nullopt;
    return resolved;
}

json usual_file() {
    return {{"type", "command"},
            {"command", "python t.py"},
            {"code", "."},
            {"environment", "azureml:e:1"},
            {"compute", "azureml:c"}};
}

json usual_rest() {
    return {{"jobType", "Command"},
            {"command", "python t.py"},
            {"codeId", "/code"},
            {"environmentId", "/environment"},
            {"computeId", "/compute"}};
}

/// `base` with `changes`, of which null takes a member away.
json changed(json base, const json& changes) {
    for (const auto& [key, value] : changes.items()) {
        if (value.is_null())
            base.erase(key);
        else
            base[key] = value;
    }
    return base;
}

Job job_of(const json& file) {
    auto analysis = analyse(file.dump());
    for (const auto& found : analysis.diagnostics) {
        INFO(found.key << ": " << found.message);
        CHECK(found.severity != Severity::Error);
    }
    REQUIRE(analysis.job);
    return std::move(*analysis.job);
}

json rest_of(const Job& job, const json& file) {
    return to_rest(job, resolved_for(file)).at("properties");
}

/// The keys of `schema` as paths.
void collect_keys(const ObjectSchema& schema,
                  const std::string& prefix,
                  std::set<std::string>& into);

void collect_below(const KeySchema& key, const std::string& path, std::set<std::string>& into) {
    if (key.object != nullptr) collect_keys(*key.object, path + ".", into);
}

void collect_keys(const ObjectSchema& schema,
                  const std::string& prefix,
                  std::set<std::string>& into) {
    for (const auto& key : schema.keys) {
        const auto path = prefix + std::string(key.name);
        into.insert(path);
        collect_below(key, path, into);
    }
    if (schema.additional != nullptr) collect_below(*schema.additional, prefix + "*", into);
}

/// The first member at the path `key`, in which `*` is any member.
const Member* find_key(const Node& object, std::string_view key) {
    const auto dot = key.find('.');
    const auto name = key.substr(0, dot);
    for (const auto& member : object.members) {
        if (name != "*" && name != member.key) continue;
        if (dot == std::string_view::npos) return &member;
        if (const auto* found = find_key(member.value, key.substr(dot + 1))) return found;
    }
    return nullptr;
}

/// Whether the key of `member` is proposed where it stands, once its text is taken away.
bool is_proposed(std::string text, const Member& member) {
    const auto inside = member.key_span.begin + 1;
    text.erase(inside, member.key.size());
    const auto found = propose(Document(text), inside, {});
    return std::any_of(found.begin(), found.end(), [&](const Proposal& proposal) {
        return proposal.label == member.key;
    });
}

}  // namespace

TEST_CASE("every key of the public schema is known, and has a pair") {
    const auto keys = fixture("command_job_keys").get<std::set<std::string>>();
    CHECK(keys.size() > 80);
    std::set<std::string> known;
    collect_keys(command_schema, "", known);
    // A variable may have any name, this one too.
    known.insert("environment_variables.value");
    std::set<std::string> paired;
    for (const auto& pair : fixture("command_job_pairs"))
        for (const auto& key : pair.at("keys")) paired.insert(key);
    for (const auto& key : keys) {
        CAPTURE(key);
        CHECK(known.count(key) == 1);
        CHECK(paired.count(key) == 1);
    }
    CHECK(paired == keys);
}

TEST_CASE("what is written becomes the property that Azure knows") {
    for (const auto& pair : fixture("command_job_pairs")) {
        if (!pair.contains("rest")) continue;
        CAPTURE(pair.dump());
        const auto file = changed(usual_file(), pair.at("file"));
        const auto wanted = changed(usual_rest(), pair.at("rest"));
        const auto job = job_of(file);
        CHECK(rest_of(job, file) == wanted);
    }
}

TEST_CASE("a configuration made of what Azure has says the same again") {
    for (const auto& pair : fixture("command_job_pairs")) {
        if (!pair.contains("rest")) continue;
        CAPTURE(pair.dump());
        const auto rest = changed(usual_rest(), pair.at("rest"));
        SubmittedJob job{.properties = rest, .name = "brave_fig", .code = "."};
        job.compute = rest.contains("computeId") ? "azureml:c" : "serverless";
        job.environment = "azureml:e:1";
        const auto text = to_text(job);
        CAPTURE(text);
        CHECK(rest_of(job_of(json::parse(text)), json::parse(text)) == rest);
    }
}

TEST_CASE("what no stable version of Azure has is sent, with a warning that says so") {
    for (const auto& pair : fixture("command_job_pairs")) {
        CAPTURE(pair.dump());
        const auto analysis = analyse(changed(usual_file(), pair.at("file")).dump());
        const auto& found = analysis.diagnostics;
        const auto warned = std::any_of(found.begin(), found.end(), [](const auto& diagnostic) {
            return diagnostic.code == "preview" && diagnostic.severity == Severity::Warning &&
                   diagnostic.message.find("in preview at Azure ML") != std::string::npos;
        });
        CHECK(warned == pair.value("preview", false));
    }
}

TEST_CASE("the editor explains and proposes every key") {
    for (const auto& pair : fixture("command_job_pairs")) {
        const auto text = changed(usual_file(), pair.at("file")).dump(2);
        const Document document(text);
        for (const auto& key : pair.at("keys").get<std::vector<std::string>>()) {
            CAPTURE(key);
            const auto* node = find_key(document.root(), key);
            REQUIRE(node != nullptr);
            CHECK(explain(document, node->key_span.begin + 1).has_value());
            // A variable is the user's own; what Azure sets is not proposed.
            if (key == "environment_variables.value" || key == "environment.id") continue;
            CHECK(is_proposed(text, *node));
        }
    }
}

TEST_CASE("job types that are not commands are refused by name") {
    for (const auto* type : {"spark", "automl", "parallel", "import", "data_transfer"}) {
        CAPTURE(type);
        const auto analysis = analyse(changed(usual_file(), {{"type", type}}).dump());
        const auto found = std::find_if(
            analysis.diagnostics.begin(), analysis.diagnostics.end(), [](const auto& diagnostic) {
                return diagnostic.key == "type" && diagnostic.severity == Severity::Error;
            });
        REQUIRE(found != analysis.diagnostics.end());
        CHECK(found->message.find(type) != std::string::npos);
        CHECK(found->message.find("command") != std::string::npos);
    }
}
