#include "submit/submission.hpp"

#include "async/all.hpp"
#include "async/run_blocking.hpp"
#include "platform/path.hpp"
#include "snapshot/digest.hpp"
#include "state/last_runs.hpp"
#include "submit/git_properties.hpp"
#include "submit/job_name.hpp"
#include "submit/job_references.hpp"
#include "submit/pipeline_references.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <tuple>
#include <utility>

namespace aml::submit {
namespace {

/// Azure has said no: there is no run. Every other failure may hide a run that was made.
bool is_refusal(ErrorKind kind) {
    return kind == ErrorKind::Rejected || kind == ErrorKind::NotFound ||
           kind == ErrorKind::Forbidden || kind == ErrorKind::Conflict;
}

/// An id that was remembered may be gone.
bool may_be_stale(ErrorKind kind) {
    return kind == ErrorKind::Rejected || kind == ErrorKind::NotFound;
}

/// The entry of the journal is still open: the same configuration takes over the run if there is
/// one.
Error unconfirmed(const Error& failure) {
    return {failure.kind(),
            localize("{} Azure has not said whether there is a run now: submit it again, and it "
                     "will be the same run.",
                     failure.message()),
            failure.details()};
}

}  // namespace

std::string rfc3339(async::Clock::TimePoint time) {
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                       fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

LocalFacts read_local_facts(const SubmitRequest& request) {
    LocalFacts facts;
    facts.script = runconfig::script_of(request.configuration).value_or(std::filesystem::path());
    facts.code_folder = runconfig::code_folder(request.configuration);
    facts.git =
        git_properties(facts.code_folder.value_or(request.configuration.file.parent_path()));
    return facts;
}

std::vector<state::JournalEntry> read_abandoned(const std::filesystem::path& state_directory,
                                                const SubmitRequest& request,
                                                const std::string& arm_endpoint) {
    const state::Journal journal(state_directory);
    journal.require_writable();
    auto abandoned = journal.abandoned();
    std::erase_if(abandoned, [&](const state::JournalEntry& entry) {
        const auto& submission = entry.submission();
        const auto workspace = azure::ResourceId::parse(submission.workspace_id);
        return submission.arm_endpoint != arm_endpoint || workspace != request.workspace ||
               submission.configuration != request.configuration.file.string();
    });
    return abandoned;
}

asio::awaitable<void> record_last_run(workspace::SavedState& state,
                                      state::Submission submission,
                                      azure::Job job) {
    if (submission.script.empty()) co_return;
    state::LastRun run;
    run.script = submission.script;
    run.configuration = submission.configuration;
    run.arm_endpoint = submission.arm_endpoint;
    run.workspace_id = submission.workspace_id;
    run.job_name = submission.job_name;
    run.display_name = job.display_name;
    run.experiment = job.experiment_name;
    run.submitted_at = submission.submitted_at;
    std::function<void(state::Entries&)> change = [run = std::move(run)](state::Entries& entries) {
        auto& entry = entries[platform::path_key(run.script)];
        const auto known = state::last_run_from_json(entry);
        if (!known || known->submitted_at <= run.submitted_at) entry = state::to_json(run);
    };
    co_await state.remember(workspace::StateFile::LastRuns, std::move(change));
}

asio::awaitable<void> close_entry(workspace::SavedState& state,
                                  state::JournalEntry entry,
                                  Log log) {
    auto settling = [entry = std::move(entry)]() mutable { entry.settle(); };
    try {
        co_await async::run_blocking(state.pool(), std::move(settling));
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::Cancelled) throw;
        log.error("{}", error.message());
    }
}

Submission::Submission(
    SubmitContext& context, RunBatch& batch, SubmitRequest request, LocalFacts facts, Log log)
    : context_(context),
      batch_(batch),
      request_(std::move(request)),
      facts_(std::move(facts)),
      log_(std::move(log)) {}

asio::awaitable<Submitted> Submission::run(std::stop_token stop) {
    co_await resolve(stop);
    const auto wish = digest();
    auto job = co_await recover(wish, stop);
    const bool recovered = job.has_value();
    if (!recovered) {
        context_.reporter->enter(SubmitStage::CreateJob, localize("Creating the run"));
        job = co_await create(wish, std::move(stop));
    }
    Submitted submitted{result(*job, recovered), std::move(entry_)};
    co_return submitted;
}

asio::awaitable<void> Submission::resolve(std::stop_token stop) {
    const auto* own = runconfig::program_of(request_.configuration.job);
    if (own == nullptr) co_return co_await resolve_pipeline(std::move(stop));
    const auto& job = runconfig::basics_of(request_.configuration.job);
    const auto& program = *own;
    const auto& file = request_.configuration.file;
    auto code = [this](std::stop_token token) { return resolve_code(std::move(token)); };
    auto environment = [&](std::stop_token token) {
        return resolve_environment(context_, program.environment, file, std::move(token));
    };
    auto compute = [&](std::stop_token token) {
        return resolve_compute(
            context_, job.compute, program.nodes, request_.configuration, std::move(token));
    };
    auto inputs = [&](std::stop_token token) {
        return resolve_inputs(context_, job.inputs, file, std::move(token));
    };
    auto free_name = [this](std::stop_token token) { return check_name_is_free(std::move(token)); };
    auto found =
        co_await async::all(std::move(stop), code, environment, compute, inputs, free_name);
    std::tie(
        code_, resolved_.environment_id, resolved_.compute_id, resolved_.input_uris, std::ignore) =
        std::move(found);
    resolved_.code_id = code_ ? std::optional(code_->id) : std::nullopt;
    co_await context_.known.save();
}

asio::awaitable<std::optional<RegisteredCode>> Submission::resolve_code(std::stop_token stop) {
    if (!facts_.code_folder) co_return std::nullopt;
    auto code = co_await register_folder(*facts_.code_folder, std::move(stop));
    co_return code;
}

asio::awaitable<RegisteredCode> Submission::register_folder(std::filesystem::path folder,
                                                            std::stop_token stop) {
    const auto known = batch_.codes.find(folder);
    if (known != batch_.codes.end()) co_return known->second;
    auto code = co_await register_code(context_, folder, facts_.script, std::move(stop));
    auto& kept = batch_.codes[folder];
    kept = code;
    kept.reused = true;
    co_return code;
}

asio::awaitable<void> Submission::resolve_pipeline(std::stop_token stop) {
    const auto& configuration = request_.configuration;
    const auto& job = runconfig::basics_of(configuration.job);
    auto compute = [&](std::stop_token token) {
        return resolve_compute(context_, job.compute, {}, configuration, std::move(token));
    };
    auto inputs = [&](std::stop_token token) {
        return resolve_inputs(context_, job.inputs, configuration.file, std::move(token));
    };
    auto free_name = [this](std::stop_token token) { return check_name_is_free(std::move(token)); };
    auto found = co_await async::all(stop, compute, inputs, free_name);
    std::tie(resolved_.compute_id, resolved_.input_uris, std::ignore) = std::move(found);
    RegisterFolder registering = [this](std::filesystem::path folder, std::stop_token token) {
        return register_folder(std::move(folder), std::move(token));
    };
    co_await resolve_steps(
        context_, configuration, std::move(registering), resolved_, std::move(stop));
    co_await context_.known.save();
}

asio::awaitable<void> Submission::check_name_is_free(std::stop_token stop) {
    const auto& name = runconfig::basics_of(request_.configuration.job).name;
    if (!name) co_return;
    const bool cut_off =
        std::any_of(batch_.abandoned->begin(), batch_.abandoned->end(), [&](const auto& entry) {
            return entry.submission().job_name == *name;
        });
    const bool told = std::any_of(facts_.found.begin(), facts_.found.end(), [&](const auto& run) {
        return run.submission.job_name == *name;
    });
    if (cut_off || told) co_return;
    const auto job =
        co_await azure::jobs::find(context_.client, context_.workspace, *name, std::move(stop));
    if (!job) co_return;
    throw name_is_taken();
}

Error Submission::name_is_taken() const {
    return {ErrorKind::Conflict,
            localize("There is a run named {} already, and a name is used once. Change \"name\" in "
                     "{}, or take it out to get a new one each time.",
                     runconfig::basics_of(request_.configuration.job).name.value_or(""),
                     request_.configuration.file.filename().string())};
}

bool Submission::is_ours(const azure::Job& job) const {
    if (!runconfig::basics_of(request_.configuration.job).name) return true;
    const auto sent = body().at("properties");
    return job.command == sent.value("command", "") &&
           same_name(job.code_id, sent.value("codeId", ""));
}

asio::awaitable<std::optional<azure::Job>> Submission::recover(std::string digest,
                                                               std::stop_token stop) {
    for (const auto& found : facts_.found) {
        const auto workspace = azure::ResourceId::parse(found.submission.workspace_id);
        const bool same = found.submission.digest == digest && workspace == context_.workspace &&
                          found.submission.configuration == request_.configuration.file.string();
        if (same) co_return found.job;
    }
    auto& all = *batch_.abandoned;
    const auto own = std::stable_partition(all.begin(), all.end(), [&](const auto& entry) {
        return entry.submission().digest != digest;
    });
    std::vector<state::JournalEntry> abandoned(std::make_move_iterator(own),
                                               std::make_move_iterator(all.end()));
    all.erase(own, all.end());
    for (auto& entry : abandoned) {
        auto job = co_await azure::jobs::find(
            context_.client, context_.workspace, entry.submission().job_name, stop);
        // Without a run, the earlier request may still be on its way: the same name makes it one.
        if (job || !entry_) entry_ = std::move(entry);
        if (!job) continue;
        log_.info("found the run {} of an earlier attempt", job->name);
        co_await record_last_run(context_.state, entry_->submission(), *job);
        co_return job;
    }
    co_return std::nullopt;
}

asio::awaitable<azure::Job> Submission::create(std::string digest, std::stop_token stop) {
    co_await open_entry(std::move(digest));
    auto job = co_await create_journalled(std::move(stop));
    co_await record_last_run(context_.state, entry_->submission(), job);
    co_return job;
}

asio::awaitable<void> Submission::open_entry(std::string digest) {
    auto record = journal_record(std::move(digest));
    if (entry_) record.job_name = entry_->submission().job_name;
    auto opening = [directory = context_.state.directory(), record = std::move(record)] {
        return state::Journal(directory).open(record);
    };
    // An entry of the same name is held until this one has taken its place.
    auto opened = co_await async::run_blocking(context_.state.pool(), std::move(opening));
    entry_ = std::move(opened);
}

asio::awaitable<azure::Job> Submission::create_journalled(std::stop_token stop) {
    const auto name = entry_->submission().job_name;
    auto outcome = co_await put(name, stop);
    const auto* problem = std::get_if<Error>(&outcome);
    const bool stale = problem != nullptr && may_be_stale(problem->kind()) &&
                       !azure::exists_already(*problem) && context_.known.relied_on_memory();
    if (stale) {
        log_.info("a remembered id may be gone, asking anew: {}", problem->message());
        context_.known.forget_all();
        batch_.codes.clear();
        co_await resolve(stop);
        outcome = co_await put(name, stop);
    }
    if (auto* job = std::get_if<azure::Job>(&outcome)) co_return std::move(*job);
    auto failure = std::get<Error>(outcome);
    // Cancelled: the entry stays for `settle`, the caller does not want to wait.
    if (failure.kind() == ErrorKind::Cancelled) throw failure;
    // The service may have acted on an attempt whose answer was lost, also before it refused the
    // next one: a job that exists is never made again.
    auto found = co_await look(name, std::move(stop));
    if (const auto* job = std::get_if<azure::Job>(&found)) {
        if (is_ours(*job)) co_return *job;
        failure = name_is_taken();
    }
    const bool told = is_refusal(failure.kind()) && !std::holds_alternative<Error>(found);
    if (!told) throw unconfirmed(failure);
    co_await close_entry(context_.state, std::move(*entry_), log_);
    throw failure;
}

asio::awaitable<Submission::PutResult> Submission::put(std::string name, std::stop_token stop) {
    auto properties = std::move(body().at("properties"));
    try {
        auto job = co_await azure::jobs::create_or_update(context_.client,
                                                          context_.workspace,
                                                          std::move(name),
                                                          std::move(properties),
                                                          std::move(stop));
        co_return job;
    } catch (const Error& error) {
        co_return error;
    }
}

asio::awaitable<Submission::Found> Submission::look(std::string name, std::stop_token stop) {
    try {
        auto job = co_await azure::jobs::find(
            context_.client, context_.workspace, std::move(name), std::move(stop));
        if (job) co_return std::move(*job);
        co_return NoRun();
    } catch (const Error& error) {
        log_.info("cannot tell whether the run was created: {}", error.message());
        co_return error;
    }
}

nlohmann::json Submission::body() const {
    auto json = runconfig::to_rest(request_.configuration.job, resolved_);
    auto& properties = json["properties"]["properties"];
    for (const auto& [key, value] : facts_.git) properties.emplace(key, value);
    if (properties.is_null()) json["properties"].erase("properties");
    return json;
}

std::string Submission::digest() const {
    const auto& job = request_.configuration.job;
    auto references = resolved_;
    // The id may differ between attempts, the content may not.
    if (code_) references.code_id = code_->hash;
    auto json = runconfig::to_rest(job, references);
    json["name"] = runconfig::basics_of(job).name.value_or("");
    return snapshot::sha256(json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

state::Submission Submission::journal_record(std::string digest) const {
    const auto& configuration = request_.configuration;
    const auto& job = runconfig::basics_of(configuration.job);
    state::Submission record;
    record.job_name = job.name.value_or("");
    if (record.job_name.empty()) record.job_name = new_job_name(context_.random);
    record.arm_endpoint = context_.client.cloud().arm;
    record.workspace_id = context_.workspace.to_string();
    record.display_name = job.display_name.value_or("");
    record.experiment = job.experiment_name.value_or("");
    record.script = facts_.script.string();
    record.configuration = configuration.file.string();
    record.digest = std::move(digest);
    record.submitted_at = rfc3339(context_.client.clock().now());
    return record;
}

SubmittedRun Submission::result(const azure::Job& job, bool recovered) const {
    SubmittedRun run;
    run.workspace = context_.workspace;
    run.job_name = job.name;
    run.display_name = job.display_name.empty() ? job.name : job.display_name;
    run.experiment = job.experiment_name;
    run.status = job.status;
    run.studio_url = job.studio_url;
    run.script = facts_.script;
    run.configuration = request_.configuration.file;
    run.code_reused = code_ && code_->reused;
    run.recovered = recovered;
    run.notes = context_.notes;
    return run;
}

}  // namespace aml::submit
