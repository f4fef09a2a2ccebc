#include "wizard/wizard_environment.hpp"

#include "async/run_blocking.hpp"
#include "runconfig/script_packages.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"
#include "wizard/environment_templates.hpp"
#include "wizard/wizard_step.hpp"
#include "workspace/names.hpp"

#include <fmt/format.h>

#include <utility>

namespace aml::wizard {
namespace {

constexpr std::string_view template_prefix = "template:";
constexpr std::string_view file_prefix = "file:";
constexpr std::string_view environment_prefix = "environment:";

const std::string& wanted_row(const WizardDraft& draft) {
    return draft.environment.empty() ? draft.remembered.environment : draft.environment;
}

void append_templates(std::vector<ui::PickItem>& items) {
    items.push_back(ui::PickItem::separator(localize("Templates")));
    for (const auto& environment : environment_templates()) {
        ui::PickItem row{.id = fmt::format("{}{}", template_prefix, environment.id),
                         .label = localize(environment.label)};
        row.detail = localize(environment.detail);
        row.icon = "package";
        items.push_back(std::move(row));
    }
}

void append_files(std::vector<ui::PickItem>& items, const WizardDraft& draft) {
    if (draft.package_files.empty()) return;
    items.push_back(ui::PickItem::separator(localize("Beside the script")));
    for (const auto& [id, file] : draft.package_files) {
        ui::PickItem row{.id = id, .label = file.path.filename().string()};
        row.description = file.format == runconfig::PackageFile::Format::Conda
                              ? localize("conda environment")
                              : localize("pip requirements");
        row.icon = "file";
        items.push_back(std::move(row));
    }
}

std::vector<ui::PickItem> environment_rows(const std::vector<workspace::EnvironmentEntry>& entries,
                                           const WizardDraft& draft) {
    std::vector<ui::PickItem> own;
    std::vector<ui::PickItem> curated;
    for (const auto& entry : entries) {
        ui::PickItem row{.id = fmt::format("{}{}", environment_prefix, entry.reference()),
                         .label = entry.name};
        row.description = entry.version.empty() ? localize("newest version")
                                                : localize("version {}", entry.version);
        row.detail = entry.description.substr(0, entry.description.find('\n'));
        row.icon = "layers";
        row.picked = row.id == wanted_row(draft);
        (entry.curated ? curated : own).push_back(std::move(row));
    }
    std::vector<ui::PickItem> rows;
    const auto append = [&rows](std::string heading, std::vector<ui::PickItem>& group) {
        if (group.empty()) return;
        rows.push_back(ui::PickItem::separator(std::move(heading)));
        rows.insert(rows.end(), group.begin(), group.end());
    };
    append(localize("Environments in {}", draft.workspace.name()), own);
    append(localize("Curated environments, built already"), curated);
    return rows;
}

asio::awaitable<std::vector<ui::PickItem>> list_environments(workspace::Catalog& catalog,
                                                             const WizardDraft& draft,
                                                             std::stop_token stop) {
    const auto list = co_await catalog.environments(draft.workspace, std::move(stop));
    co_return environment_rows(*list, draft);
}

ListPick environment_list(WizardTools& tools, WizardDraft& draft, const StepPlace& place) {
    ListPick list{.question = pick_question(place,
                                            localize("Azure ML: compute configuration"),
                                            localize("What does the script need installed?")),
                  .failed = localize("Could not list the environments")};
    append_files(list.before, draft);
    append_templates(list.before);
    preselect(list.before, wanted_row(draft));
    list.known = [&]() -> std::optional<std::vector<ui::PickItem>> {
        const auto known = tools.catalog.known_environments(draft.workspace);
        if (!known) return std::nullopt;
        return environment_rows(*known, draft);
    };
    list.list = [&](ui::PickUpdate, std::stop_token stop) {
        return list_environments(tools.catalog, draft, std::move(stop));
    };
    return list;
}

asio::awaitable<void> look_for_files(workspace::SavedState& state, WizardDraft& draft) {
    auto work = [folder = draft.script.parent_path()] {
        return runconfig::find_package_files(folder);
    };
    const auto files = co_await async::run_blocking(state.pool(), std::move(work));
    draft.package_files.clear();
    for (const auto& file : files)
        draft.package_files[fmt::format("{}{}", file_prefix, file.path.filename().string())] = file;
}

// The packages of the chosen row, unless they have been looked at before: of a template with what
// the script imports besides. Throws: Rejected for a damaged file.
asio::awaitable<void> load_packages(workspace::SavedState& state, WizardDraft& draft) {
    const auto row = draft.environment;
    const auto file = draft.package_files.find(row);
    if (file != draft.package_files.end()) {
        auto work = [source = file->second] { return runconfig::read_package_file(source); };
        const auto list = co_await async::run_blocking(state.pool(), std::move(work));
        const auto known = draft.packages.find(row);
        // Edits are kept, unless the file has changed under them.
        if (known == draft.packages.end() || known->second.original() != list)
            draft.packages[row] = PackageChoice(list);
        co_return;
    }
    const auto* environment =
        find_environment_template(std::string_view(row).substr(template_prefix.size()));
    if (environment == nullptr) co_return;
    auto look = [script = draft.script] {
        return runconfig::imported_modules(runconfig::read_script(script));
    };
    const auto modules = co_await async::run_blocking(state.pool(), std::move(look));
    auto list = packages_of(*environment, draft.gpu);
    for (auto& missing : runconfig::missing_packages(modules, list))
        list.pip.push_back(std::move(missing.requirement));
    const auto known = draft.packages.find(row);
    // Edits are kept, unless other machines were chosen meanwhile that need other packages.
    if (known == draft.packages.end() || known->second.original() != list)
        draft.packages[row] = PackageChoice(list);
}

std::string environment_name(const WizardDraft& draft) {
    if (draft.environment.starts_with(template_prefix))
        return draft.environment.substr(template_prefix.size());
    const auto found = draft.packages.find(draft.environment);
    if (found != draft.packages.end() && found->second.original().name)
        return workspace::name_from(*found->second.original().name);
    return workspace::name_from(draft.script.stem().string());
}

}  // namespace

asio::awaitable<StepEnd> choose_environment(WizardTools& tools,
                                            WizardDraft& draft,
                                            StepPlace place,
                                            std::stop_token stop) {
    co_await look_for_files(tools.state, draft);
    for (;;) {
        auto list = environment_list(tools, draft, place);
        const auto answer = co_await pick_from_list(tools.prompter, std::move(list), stop);
        if (const auto end = unanswered(answer)) co_return *end;
        draft.environment = std::get<ui::Picked>(answer).ids.front();
        draft.environment_reference.reset();
        if (draft.environment.starts_with(environment_prefix)) {
            draft.environment_reference = draft.environment.substr(environment_prefix.size());
            co_return StepEnd::Next;
        }
        ui::Message problem{.kind = ui::MessageKind::Error, .text = {}};
        try {
            co_await load_packages(tools.state, draft);
            co_return StepEnd::Next;
        } catch (const Error& error) {
            problem.text = error.message();
        }
        co_await tools.prompter.message(std::move(problem), stop);
    }
}

asio::awaitable<void> use_environment(WizardTools& tools,
                                      WizardDraft& draft,
                                      std::string environment) {
    if (environment.starts_with("azureml:") || environment.starts_with("/subscriptions/")) {
        draft.environment = fmt::format("{}{}", environment_prefix, environment);
        draft.environment_reference = environment;
        // Refuses what cannot be read before anything is asked.
        environment_of(draft);
        co_return;
    }
    co_await look_for_files(tools.state, draft);
    const auto file = fmt::format("{}{}", file_prefix, environment);
    const auto* known = find_environment_template(lower(environment));
    if (known == nullptr && !draft.package_files.contains(file)) {
        throw Error(ErrorKind::Rejected,
                    localize("There is no environment “{}”. Name a template (sklearn, pytorch, "
                             "tensorflow, general), a conda "
                             "or requirements file beside the script, or an environment as "
                             "azureml:name:version.",
                             environment));
    }
    draft.environment = known != nullptr ? fmt::format("{}{}", template_prefix, known->id) : file;
    co_await load_packages(tools.state, draft);
}

bool has_packages(const WizardDraft& draft) {
    return !draft.environment_reference;
}

runconfig::Environment environment_of(const WizardDraft& draft) {
    if (draft.environment_reference) {
        auto parsed =
            runconfig::parse_asset_reference(*draft.environment_reference, "environments");
        if (auto* reference = std::get_if<runconfig::AssetReference>(&parsed))
            return std::move(*reference);
        throw Error(ErrorKind::Rejected, std::get<runconfig::BadReference>(parsed).message);
    }
    const auto& packages = draft.packages.at(draft.environment);
    runconfig::InlineEnvironment environment;
    environment.name = environment_name(draft);
    environment.image = base_image(draft.gpu);
    const auto file = draft.package_files.find(draft.environment);
    const bool is_conda_file = file != draft.package_files.end() &&
                               file->second.format == runconfig::PackageFile::Format::Conda;
    if (is_conda_file && !packages.edited()) {
        // The file stays the truth: later edits of it count.
        environment.conda_path = "./" + file->second.path.filename().string();
    } else {
        environment.conda = runconfig::to_json(packages.list());
    }
    return environment;
}

}  // namespace aml::wizard
