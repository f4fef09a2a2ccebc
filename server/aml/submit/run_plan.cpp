#include "submit/run_plan.hpp"

#include "async/run_blocking.hpp"
#include "azure/assets.hpp"
#include "azure/codes.hpp"
#include "runconfig/rest_job.hpp"
#include "runconfig/run_configuration.hpp"
#include "runs/run_reader.hpp"
#include "runs/usual_durations.hpp"
#include "submit/code_snapshot.hpp"
#include "submit/inline_environment.hpp"
#include "submit/known_ids.hpp"
#include "submit/local_upload.hpp"
#include "submit/submit_context.hpp"
#include "submit/submit_reporter.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/localize.hpp"
#include "support/random.hpp"
#include "support/text.hpp"
#include "workspace/compute_text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <functional>
#include <utility>

namespace aml::submit {
namespace {

using nlohmann::json;

/// The number at a path of REST; `otherwise` where there is none.
std::uint64_t number_at(const json& properties,
                        const char* object,
                        const char* key,
                        std::uint64_t otherwise) {
    const auto found = properties.find(object);
    if (found == properties.end() || !found->is_object()) return otherwise;
    const auto value = found->find(key);
    return value != found->end() && value->is_number_integer() && *value > 0
               ? value->get<std::uint64_t>()
               : otherwise;
}

/// One plan on its way. Lives in `plan_run`.
class Planning final {
public:
    Planning(PlanTools tools, SubmitRequest request, SubmitContext& context)
        : tools_(tools),
          request_(std::move(request)),
          context_(context),
          job_(request_.configuration.job) {
        plan_.workspace = request_.workspace;
        const auto& basics = runconfig::basics_of(job_);
        plan_.experiment = basics.experiment_name.value_or("");
        properties_ = runconfig::to_rest(job_, {}).at("properties");
    }

    asio::awaitable<RunPlan> make(std::stop_token stop) {
        co_await part(&Planning::add_compute, stop);
        co_await part(&Planning::add_image, stop);
        co_await part(&Planning::add_uploads, stop);
        co_await part(&Planning::add_usual_wait, stop);
        co_return std::move(plan_);
    }

private:
    using Part = asio::awaitable<void> (Planning::*)(std::stop_token);

    /// What cannot be found out does not keep the rest from being told.
    asio::awaitable<void> part(Part add, std::stop_token stop) {
        try {
            auto adding = (this->*add)(std::move(stop));
            co_await std::move(adding);
        } catch (const Error& error) {
            if (error.kind() == ErrorKind::Cancelled || error.kind() == ErrorKind::NotSignedIn)
                throw;
            plan_.problems.push_back(error.message());
        }
    }

    asio::awaitable<void> add_compute(std::stop_token stop) {
        auto& planned = plan_.compute;
        const bool is_sweep = std::holds_alternative<runconfig::SweepJob>(job_);
        auto wanted = number_at(properties_, "resources", "instanceCount", 1);
        if (is_sweep) {
            plan_.trials = number_at(properties_, "limits", "maxTotalTrials", 1);
            wanted *= number_at(properties_, "limits", "maxConcurrentTrials", *plan_.trials);
        }
        planned.wanted = static_cast<int>(std::min<std::uint64_t>(wanted, 100'000));
        const auto workspace = co_await tools_.catalog.workspace(request_.workspace, stop);
        auto location = workspace.location;
        using Kind = runconfig::ComputeReference::Kind;
        const auto& reference = runconfig::basics_of(job_).compute;
        if (reference.kind == Kind::Serverless) {
            const auto resources = properties_.find("resources");
            if (resources != properties_.end())
                planned.vm_size = text_of(*resources, "instanceType");
        } else {
            planned.name =
                reference.kind == Kind::Name ? reference.name : last_name(reference.arm_id);
            const auto computes = co_await tools_.catalog.computes(request_.workspace, stop);
            take_compute(*computes, location);
        }
        if (planned.vm_size.empty()) co_return;
        const auto sizes =
            co_await tools_.catalog.vm_sizes(request_.workspace.subscription(), location, stop);
        const auto* size = workspace::find_size(*sizes, planned.vm_size);
        if (size == nullptr) co_return;
        planned.vm_size = size->name;
        planned.cores = size->cores;
        planned.price = size->linux_price(planned.low_priority);
        const auto usages = co_await tools_.catalog.usages(
            request_.workspace.subscription(), location, std::move(stop));
        if (planned.low_priority) co_return;
        if (const auto* usage = azure::usage_of(*size, *usages)) planned.quota = *usage;
        check_quota();
    }

    static std::string last_name(const std::string& arm_id) {
        return azure::ResourceId::parse(arm_id).value_or(azure::ResourceId()).name();
    }

    void take_compute(const std::vector<azure::Compute>& computes, std::string& location) {
        auto& planned = plan_.compute;
        const auto found =
            std::find_if(computes.begin(), computes.end(), [&](const azure::Compute& compute) {
                return same_name(compute.name, planned.name);
            });
        if (found == computes.end()) {
            plan_.problems.push_back(localize("There is no compute {} in the workspace {}.",
                                              planned.name,
                                              request_.workspace.name()));
            return;
        }
        planned.vm_size = found->vm_size;
        planned.low_priority = same_name(found->vm_priority, "LowPriority");
        if (!found->location.empty()) location = found->location;
        if (!workspace::is_usable(*found)) {
            plan_.problems.push_back(localize("The compute {} is not ready: {}.",
                                              planned.name,
                                              workspace::describe_state(*found)));
        }
        for (const auto& problem : found->errors)
            plan_.problems.push_back(localize("The compute {} reports: {}", planned.name, problem));
        if (!found->max_nodes) return;
        planned.most = found->max_nodes;
        planned.free = found->nodes.idle;
        const auto per_run =
            static_cast<int>(number_at(properties_, "resources", "instanceCount", 1));
        if (per_run <= *planned.most) return;
        plan_.problems.push_back(localize("The run wants {} nodes, and {} has {} at most.",
                                          per_run,
                                          planned.name,
                                          *planned.most));
    }

    void check_quota() {
        const auto& planned = plan_.compute;
        if (!planned.quota || planned.quota->limit < 0) return;
        const auto left = planned.quota->limit - planned.quota->current;
        const auto starts = planned.to_start().value_or(planned.wanted);
        if (starts == 0 || left >= planned.cores) return;
        plan_.problems.push_back(localize(
            "The quota of {} leaves {} of {} cores, and a node has {}: the run would wait "
            "for others to end.",
            planned.quota->display_name.empty() ? planned.quota->name : planned.quota->display_name,
            std::max<std::int64_t>(left, 0),
            planned.quota->limit,
            planned.cores));
    }

    asio::awaitable<void> add_image(std::stop_token stop) {
        const auto* program = runconfig::program_of(job_);
        if (program == nullptr) co_return;
        auto& image = plan_.image;
        if (const auto* named = std::get_if<runconfig::AssetReference>(&program->environment)) {
            image.name = named->text;
            // Those that Azure ML keeps are built.
            const bool is_curated = named->kind == runconfig::AssetReference::Kind::Registry ||
                                    named->name.starts_with("AzureML-");
            if (is_curated) image.state = ImageState::Ready;
            co_return;
        }
        const auto& made = std::get<runconfig::InlineEnvironment>(program->environment);
        image.name = made.name.value_or(made.image);
        const bool is_plain = !made.build && !made.conda && !made.conda_path;
        if (is_plain) image.state = ImageState::Ready;
        // A local context would have to be sent first.
        if (is_plain || (made.build && runconfig::is_local(made.build->path))) co_return;
        auto reading = [made, folder = request_.configuration.file.parent_path()] {
            return make_anonymous(made, folder);
        };
        auto anonymous = co_await async::run_blocking(tools_.state.pool(), std::move(reading));
        const auto found = co_await azure::environments::find(context_.client,
                                                              request_.workspace,
                                                              anonymous_environment_name,
                                                              anonymous.version,
                                                              std::move(stop));
        image.state = found ? ImageState::Ready : ImageState::ToBuild;
    }

    asio::awaitable<void> add_uploads(std::stop_token stop) {
        auto folders = co_await look_at_uploads(tools_.state, request_.configuration, stop);
        for (auto& folder : folders) {
            plan_.findings.insert(
                plan_.findings.end(), folder.findings.begin(), folder.findings.end());
            plan_.folders.push_back({.path = folder.path.string(),
                                     .files = folder.listing->files.size(),
                                     .bytes = folder.listing->bytes});
            sent_ = &folder;
            co_await part(&Planning::add_missing, stop);
        }
    }

    asio::awaitable<void> add_missing(std::stop_token stop) {
        auto& planned = plan_.folders.back();
        context_.folders[sent_->path] = sent_->listing;
        if (sent_->is_code) {
            SnapshotSource source{sent_->path, sent_->listing};
            auto script =
                runconfig::script_of(request_.configuration).value_or(std::filesystem::path());
            const auto snapshot = co_await take_snapshot(
                tools_.state, std::move(source), std::move(script), context_.reporter, stop);
            bool is_there = context_.known.find(KnownKind::Code, snapshot.hash).has_value();
            if (!is_there) {
                auto name = tools_.random.uuid();
                const auto found = co_await azure::codes::find_by_hash(context_.client,
                                                                       request_.workspace,
                                                                       std::move(name),
                                                                       snapshot.hash,
                                                                       std::move(stop));
                is_there = found.has_value();
            }
            // A version of code is sent as a whole.
            planned.missing_files = is_there ? 0 : planned.files;
            planned.missing_bytes = is_there ? 0 : planned.bytes;
            co_return;
        }
        LocalData data{.path = sent_->path, .datastore = datastore_of(sent_->path)};
        const auto upload = co_await prepare_local(context_, std::move(data), std::move(stop));
        planned.missing_files = upload.missing->files.size();
        planned.missing_bytes = upload.missing->bytes;
    }

    std::optional<std::string> datastore_of(const std::filesystem::path& path) const {
        for (const auto& [name, input] : runconfig::basics_of(job_).inputs) {
            const auto* data = std::get_if<runconfig::DataInput>(&input);
            if (data == nullptr || !runconfig::is_local(data->path)) continue;
            if (runconfig::local_path(request_.configuration.file, data->path) == path)
                return data->datastore;
        }
        return std::nullopt;
    }

    asio::awaitable<void> add_usual_wait(std::stop_token stop) {
        if (plan_.experiment.empty()) co_return;
        try {
            const auto earlier = co_await runs::list_runs_of(context_.client,
                                                             request_.workspace,
                                                             plan_.experiment,
                                                             runs::earlier_runs,
                                                             std::move(stop));
            plan_.usual_wait = runs::usual_durations(earlier).waiting;
        } catch (const Error& error) {
            // A new experiment has none.
            if (error.kind() != ErrorKind::NotFound) throw;
        }
    }

    PlanTools tools_;
    SubmitRequest request_;
    SubmitContext& context_;
    const runconfig::Job& job_;
    json properties_;
    RunPlan plan_;
    const SentFolder* sent_ = nullptr;
};

}  // namespace

std::optional<int> PlannedCompute::to_start() const {
    if (!free || !most) return std::nullopt;
    return std::max(0, std::min(wanted, *most) - *free);
}

asio::awaitable<RunPlan> plan_run(PlanTools tools, SubmitRequest request, std::stop_token stop) {
    auto* client = co_await tools.catalog.client(stop);
    auto loop = co_await asio::this_coro::executor;
    OnSubmitProgress nobody = [](const SubmitProgress&) {};
    const auto reporter =
        std::make_shared<SubmitReporter>(std::move(loop), tools.clock, std::move(nobody));
    auto known = co_await KnownIds::load(tools.state, client->cloud().arm, request.workspace);
    SubmitContext context{
        *client, tools.state, tools.random, known, reporter, request.workspace, {}};
    Planning planning(tools, std::move(request), context);
    auto plan = co_await planning.make(std::move(stop));
    reporter->close();
    co_return plan;
}

}  // namespace aml::submit
