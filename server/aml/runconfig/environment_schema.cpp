// The environment of a commandJob as data. Source: CLI (v2) environment YAML schema.
#include "runconfig/shared_schema.hpp"

#include <array>

namespace aml::runconfig {

namespace {

using namespace types;

constexpr std::array build_keys{
    KeySchema{.name = "path",
              .types = string,
              .doc = Localizable(
                  "Folder of the Docker build context, relative to this file, or the https "
                  "address of a Git repository."),
              .required = true},
    KeySchema{.name = "dockerfile_path",
              .types = string,
              .doc = Localizable("Dockerfile inside the build context. Default: `Dockerfile`.")},
};
constexpr ObjectSchema build_schema{.keys = build_keys};

constexpr std::array os_types{
    EnumValue{"linux", Localizable("Linux containers (the default)."), "Linux"},
    EnumValue{"windows", Localizable("Windows containers."), "Windows"},
};

constexpr std::array route_keys{
    KeySchema{.name = "port",
              .types = integer,
              .doc = Localizable("Port of the server."),
              .rest = "port",
              .required = true},
    KeySchema{.name = "path",
              .types = string,
              .doc = Localizable("Path of the route."),
              .rest = "path",
              .required = true},
};
constexpr ObjectSchema route_schema{.keys = route_keys};
constexpr std::array inference_keys{
    KeySchema{.name = "liveness_route",
              .types = object,
              .doc = Localizable("Says that the server lives."),
              .rest = "livenessRoute",
              .required = true,
              .object = &route_schema},
    KeySchema{.name = "readiness_route",
              .types = object,
              .doc = Localizable("Says that the server is ready."),
              .rest = "readinessRoute",
              .required = true,
              .object = &route_schema},
    KeySchema{.name = "scoring_route",
              .types = object,
              .doc = Localizable("Answers requests."),
              .rest = "scoringRoute",
              .required = true,
              .object = &route_schema},
};
constexpr ObjectSchema inference_schema{.keys = inference_keys};

constexpr std::array auto_delete_keys{
    KeySchema{
        .name = "condition", .types = string, .doc = Localizable("What its age is counted from.")},
    KeySchema{.name = "value", .types = string | integer, .doc = Localizable("The age.")},
};
constexpr ObjectSchema auto_delete_schema{.keys = auto_delete_keys};

constexpr std::array environment_keys{
    KeySchema{
        .name = "name",
        .types = string,
        .doc = Localizable("A name for you to recognise the environment by. Azure ML keeps inline "
                           "environments without a name.")},
    KeySchema{.name = "version",
              .types = string | integer,
              .doc = Localizable("Not used for an environment that is written here.")},
    KeySchema{.name = "description",
              .types = string,
              .doc = Localizable("What the environment is for."),
              .rest = "description"},
    KeySchema{.name = "image",
              .types = string,
              .doc = Localizable("Docker image to start from, for example "
                                 "`mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04`. "
                                 "Either `image` or `build`."),
              .rest = "image",
              .snippet = "\"mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04\""},
    KeySchema{.name = "conda_file",
              .types = string | object,
              .doc = Localizable("The packages: a conda specification written here (`channels`, "
                                 "`dependencies`), or the path of a conda "
                                 "YAML file relative to this file. Needs `image`."),
              .object = &shared::anything,
              .snippet = "{\n  \"channels\": [\"conda-forge\"],\n  \"dependencies\": "
                         "[\"python=3.11\", \"pip\", { \"pip\": [] }]\n}"},
    KeySchema{.name = "build",
              .types = object,
              .doc = Localizable("Builds the image from a Dockerfile. Either `build` or `image`."),
              .object = &build_schema},
    KeySchema{.name = "os_type",
              .types = string,
              .doc = Localizable("Operating system of the image."),
              .rest = "osType",
              .values = os_types},
    KeySchema{.name = "inference_config",
              .types = object,
              .doc = Localizable("For serving models only; not used by a job."),
              .rest = "inferenceConfig",
              .object = &inference_schema},
    KeySchema{.name = "datastore",
              .types = string,
              .doc = Localizable("Datastore that a local build context is uploaded to.")},
    KeySchema{.name = "tags",
              .types = object,
              .doc = Localizable("Tags of the environment."),
              .rest = "tags",
              .object = &shared::tag_map},
    KeySchema{.name = "properties",
              .types = object,
              .doc = Localizable("Properties of the environment."),
              .object = &shared::tag_map},
    KeySchema{.name = "auto_delete_setting",
              .types = object,
              .doc = Localizable("For registered environments only; not used by a job."),
              .object = &auto_delete_schema},
    KeySchema{
        .name = "id", .types = string, .doc = Localizable("Set by Azure ML."), .read_only = true},
};

}  // namespace

constinit const ObjectSchema environment_schema{.keys = environment_keys};

}  // namespace aml::runconfig
