#pragma once

#include "core/context.hpp"
#include "web/message.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aml::emulator {

/// A version of a model as it is registered.
struct NewModelVersion {
    std::string name;
    /// `azureml://…/datastores/{datastore}/paths/{path}`, or what the client gave.
    std::string uri;
    /// `custom_model`, `mlflow_model`.
    std::string type = "custom_model";
    /// The run that made it; "" for none.
    std::string run_id;
    std::string description;
    json tags = json::object();
    json properties = json::object();
};

/// Registered models and their versions as ARM has them (`models`, `models/versions`), for the
/// services that register by other interfaces.
class ModelStore final {
public:
    explicit ModelStore(Context& context)
        : context_(context) {}

    std::optional<Resource> find(const Workspace& workspace, std::string_view name);
    std::optional<Resource> find_version(const Workspace& workspace,
                                         std::string_view name,
                                         std::string_view version);
    /// All models, in order of creation.
    std::vector<Resource> models(const Workspace& workspace);
    /// Newest first; of all models for "".
    std::vector<Resource> versions(const Workspace& workspace, std::string_view name);

    /// The model, made when there is none of that name; tells whether it was.
    std::pair<Resource, bool> ensure(const Workspace& workspace,
                                     const Request& request,
                                     const std::string& name);
    /// Adds the version after the highest, and the model when it is new.
    Resource add(const Workspace& workspace, const Request& request, const NewModelVersion& added);
    /// Writes a changed model or version.
    void save(const Request& request, Resource& changed);
    /// With all its versions.
    void remove(const Workspace& workspace, std::string_view name);
    /// With its model, if it was the last one.
    void remove_version(const Workspace& workspace,
                        const Request& request,
                        const Resource& version);

private:
    void note_versions(const Request& request, Resource& model);

    Context& context_;
};

}  // namespace aml::emulator
