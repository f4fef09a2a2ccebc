#include "runs/failure_advice.hpp"

#include "support/localize.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>

namespace aml::runs {

namespace {

/// Where a rule looks for its words.
enum class Place {
    /// The name of the exception, without modules; the whole name, and its case counts.
    Type,
    /// Its message.
    Message,
    /// Code and message of Azure.
    Azure,
    /// The last lines of a log without an exception.
    Log,
};

/// What is known about a failure; in lower case, but for the type.
struct Evidence {
    std::string type{};
    std::string message{};
    std::string azure{};
    std::string log{};
    /// As it was written.
    std::string_view original_message{};
};

struct Rule {
    using Compose = LocalizedText (*)(const Evidence&);

    constexpr Rule(Place where, std::string_view what, Localizable what_to_do)
        : place(where),
          words(what),
          advice(what_to_do) {}

    constexpr Rule(Place where, std::string_view what, Compose how_to_say)
        : place(where),
          words(what),
          compose(how_to_say) {}

    Place place;
    /// In lower case, but for a type.
    std::string_view words;
    Localizable advice{};
    Compose compose = nullptr;
};

constexpr auto less_gpu_memory = Localizable(
    "The memory of the GPU was not enough. Make the batches smaller, use mixed precision or "
    "gradient accumulation, or choose a compute whose GPUs have more memory.");
constexpr auto more_shared_memory = Localizable(
    "The shared memory of the container was not enough for the workers that load data. Ask for "
    "more in the run configuration, such as \"resources\": { \"shm_size\": \"16g\" }, or use fewer "
    "workers.");
constexpr auto less_memory = Localizable(
    "The memory of the node was not enough, so the process was ended. Read the data in parts, use "
    "fewer workers, or choose a compute whose nodes have more memory.");
constexpr auto headless_opencv = Localizable(
    "The image of the environment has no graphics libraries. Use the package "
    "opencv-python-headless instead of opencv-python.");
constexpr auto gpu_needed = Localizable(
    "The script wants a GPU and finds none that it can use. Choose a compute with GPUs and an "
    "environment that is made for them, or have the script use the CPU.");
constexpr auto show_cuda_line = Localizable(
    "GPU code fails later than it is called, so the line that is shown may be wrong. Set the "
    "environment variable CUDA_LAUNCH_BLOCKING=1 in the run configuration to see the right one; "
    "often a label is not below the number of classes.");
constexpr auto storage_rights = Localizable(
    "The identity that the job uses for data may not use that storage. Give it the role Storage "
    "Blob Data Reader (or Contributor, to write), or choose another \"identity\" in the run "
    "configuration.");
constexpr auto writable_folder = Localizable(
    "The job may not write or read there. Write to the folder outputs, which is kept with the run, "
    "to an output of the run configuration, or to a temporary folder.");
constexpr auto full_disk = Localizable(
    "The disk of the node is full. Mount data instead of downloading it, keep fewer checkpoints, "
    "or choose a machine size with a larger disk.");
constexpr auto network = Localizable(
    "The node could not reach an address. If its compute is in a virtual network, have its owner "
    "allow the address; else try again.");
constexpr auto build_log = Localizable(
    "The image of the environment could not be built. The log of the build says which package is "
    "the reason; correct its name or version in the run configuration, or choose a curated "
    "environment.");
constexpr auto image_access = Localizable(
    "The image of the environment could not be fetched. Check its name, and that the workspace "
    "may read from its registry.");
constexpr auto quota = Localizable(
    "The quota of the subscription is used up. Choose fewer nodes or another machine size, wait "
    "for other runs, or ask for more quota in the Azure portal (Quotas, Machine learning).");
constexpr auto time_limit = Localizable(
    "The run took longer than it was allowed to. Raise \"limits\": { \"timeout\": … } in the run "
    "configuration, in seconds, and keep checkpoints in the folder outputs.");
constexpr auto preempted = Localizable(
    "The node was taken away: low-priority nodes can be, at any time. Keep checkpoints and go on "
    "from them, or choose a dedicated compute.");
constexpr auto other_processes = Localizable(
    "One of several processes failed first, and the others because of it. The logs of the other "
    "processes may show why.");

/// The first text of `message` between quotation marks.
std::string_view quoted_in(std::string_view message) {
    const auto begin = message.find_first_of("'\"");
    if (begin == std::string_view::npos) return {};
    const auto end = message.find(message[begin], begin + 1);
    return message.substr(begin + 1, end == std::string_view::npos ? end : end - begin - 1);
}

/// What pip calls the package with a module, where it is another name.
std::string package_of(std::string_view module) {
    struct Named {
        std::string_view module;
        std::string_view package;
    };

    constexpr std::array<Named, 14> named{{{"azureml.core", "azureml-core"},
                                           {"azure.ai.ml", "azure-ai-ml"},
                                           {"azure.identity", "azure-identity"},
                                           {"azure.storage.blob", "azure-storage-blob"},
                                           {"PIL", "pillow"},
                                           {"bs4", "beautifulsoup4"},
                                           {"cv2", "opencv-python-headless"},
                                           {"dateutil", "python-dateutil"},
                                           {"dotenv", "python-dotenv"},
                                           {"git", "GitPython"},
                                           {"skimage", "scikit-image"},
                                           {"sklearn", "scikit-learn"},
                                           {"umap", "umap-learn"},
                                           {"yaml", "pyyaml"}}};
    const auto is_in = [module](const Named& one) {
        return module == one.module || (module.starts_with(one.module) &&
                                        module.substr(one.module.size()).starts_with('.'));
    };
    const auto found = std::find_if(named.begin(), named.end(), is_in);
    if (found != named.end()) return std::string(found->package);
    return std::string(module.substr(0, module.find('.')));
}

LocalizedText add_package(const Evidence& evidence) {
    const auto module = quoted_in(evidence.original_message);
    if (module.empty()) {
        return localize(
            "The environment of the run lacks a module. Add its package to those that the run "
            "configuration names.");
    }
    return localize(
        "The environment of the run has no module {}. Add {} to the packages that the run "
        "configuration names; if it is a file of your own, see that it lies in the folder that is "
        "sent along (\"code\").",
        module,
        package_of(module));
}

LocalizedText give_input(const Evidence& evidence) {
    const auto path = quoted_in(evidence.original_message);
    if (path.empty()) {
        return localize(
            "A job has the folder that is sent along (\"code\") and its inputs, and no other file "
            "of your computer. Give data as an input of the run configuration, and its path in "
            "the command: ${{{{inputs.NAME}}}}.");
    }
    return localize(
        "The job has no {}: it has the folder that is sent along (\"code\") and its inputs, and no "
        "other file of your computer. Give data as an input of the run configuration, and its path "
        "in the command: ${{{{inputs.NAME}}}}.",
        path);
}

// The first rule that applies is taken: what is certain comes before what is likely.
constexpr std::array rules{
    Rule{Place::Message, "cuda out of memory", less_gpu_memory},
    Rule{Place::Message, "cuda_error_out_of_memory", less_gpu_memory},
    Rule{Place::Message, "cublas_status_alloc_failed", less_gpu_memory},
    Rule{Place::Message, "oom when allocating tensor", less_gpu_memory},
    Rule{Place::Type, "OutOfMemoryError", less_gpu_memory},
    Rule{Place::Message, "shared memory (shm)", more_shared_memory},
    Rule{Place::Message, "killed by signal: bus error", more_shared_memory},
    Rule{Place::Type, "MemoryError", less_memory},
    Rule{Place::Type, "_ArrayMemoryError", less_memory},
    Rule{Place::Message, "can't allocate memory", less_memory},
    Rule{Place::Message, "cannot allocate memory", less_memory},
    Rule{Place::Message, "killed by signal: killed", less_memory},
    Rule{Place::Message, "exitcode  : -9", less_memory},
    Rule{Place::Type, "ModuleNotFoundError", add_package},
    Rule{Place::Message, "no module named", add_package},
    Rule{Place::Message, "libgl.so.1", headless_opencv},
    Rule{Place::Message, "no space left on device", full_disk},
    Rule{Place::Message, "authorizationpermissionmismatch", storage_rights},
    Rule{Place::Message, "authorizationfailure", storage_rights},
    Rule{Place::Type, "FileNotFoundError", give_input},
    Rule{Place::Type, "PermissionError", writable_folder},
    Rule{Place::Message, "found no nvidia driver", gpu_needed},
    Rule{Place::Message, "not compiled with cuda enabled", gpu_needed},
    Rule{Place::Message, "no cuda gpus are available", gpu_needed},
    Rule{Place::Message, "cuda error", show_cuda_line},
    Rule{Place::Message, "name or service not known", network},
    Rule{Place::Message, "temporary failure in name resolution", network},
    Rule{Place::Azure, "imagebuild", build_log},
    Rule{Place::Azure, "image build", build_log},
    Rule{Place::Azure, "failed to build the image", build_log},
    Rule{Place::Azure, "failed to pull", image_access},
    Rule{Place::Azure, "imagepull", image_access},
    Rule{Place::Azure, "preempted", preempted},
    Rule{Place::Azure, "jobtimedout", time_limit},
    Rule{Place::Azure, "maxrunduration", time_limit},
    Rule{Place::Azure, "exceeded the time", time_limit},
    Rule{Place::Azure, "quota", quota},
    Rule{Place::Azure, "no space left on device", full_disk},
    Rule{Place::Azure, "code 137", less_memory},
    Rule{Place::Azure, "code -9", less_memory},
    Rule{Place::Azure, "signal 9", less_memory},
    Rule{Place::Azure, "oomkilled", less_memory},
    Rule{Place::Azure, "out of memory", less_memory},
    Rule{Place::Log, "no space left on device", full_disk},
    Rule{Place::Log, "killed", less_memory},
    Rule{Place::Type, "ChildFailedError", other_processes},
};

/// The end of a log, where a shell tells how a program ended.
std::string_view last_lines(std::string_view log) {
    constexpr std::size_t most = 500;
    return log.size() > most ? log.substr(log.size() - most) : log;
}

bool applies(const Rule& rule, const Evidence& evidence) {
    const auto holds = [&rule](const std::string& text) {
        return text.find(rule.words) != std::string::npos;
    };
    switch (rule.place) {
        case Place::Type:
            return evidence.type == rule.words;
        case Place::Message:
            return holds(evidence.message);
        case Place::Azure:
            return holds(evidence.azure);
        case Place::Log:
            return holds(evidence.log);
    }
    return false;
}

}  // namespace

std::string advice_about(const PythonException& exception,
                         const azure::RunError& error,
                         std::string_view log) {
    const Evidence evidence{.type = exception.type.substr(exception.type.rfind('.') + 1),
                            .message = lower(exception.message),
                            .azure = lower(fmt::format("{} {}", error.code, error.message)),
                            .log = exception == PythonException{} ? lower(last_lines(log)) : "",
                            .original_message = exception.message};
    const auto rule = std::find_if(rules.begin(), rules.end(), [&evidence](const Rule& one) {
        return applies(one, evidence);
    });
    if (rule == rules.end()) return {};
    return rule->compose == nullptr ? localize(rule->advice) : rule->compose(evidence);
}

}  // namespace aml::runs
