"""What the tests do with azure-ai-ml, Microsoft's Python SDK for Azure ML, as a user's program would."""

import contextlib
import io
import os

from azure.ai.ml import (
    Input,
    MLClient,
    MpiDistribution,
    Output,
    PyTorchDistribution,
    TensorFlowDistribution,
    command,
    load_component,
    load_job,
)
from azure.ai.ml.constants import AssetTypes
from azure.ai.ml.dsl import pipeline
from azure.ai.ml.entities import AmlCompute, ComputeInstance, Data, Environment, Model, Workspace
from azure.ai.ml.sweep import BanditPolicy, Choice
from azure.core.exceptions import HttpResponseError
from azure.identity import ClientSecretCredential

from driver import serve

PLAIN_IMAGE = "mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04"


def connect():
    credential = ClientSecretCredential(
        os.environ["AZURE_TENANT_ID"],
        os.environ["AZURE_CLIENT_ID"],
        os.environ["AZURE_CLIENT_SECRET"],
        authority=os.environ["AZURE_AUTHORITY_HOST"],
        # Only Microsoft's own authorities are on the list that would be asked.
        disable_instance_discovery=True,
    )
    return MLClient(
        credential,
        os.environ["SUBSCRIPTION_ID"],
        os.environ["RESOURCE_GROUP"],
        os.environ["WORKSPACE"],
    )


client = connect()


def get_workspace(name):
    found = client.workspaces.get(name)
    return {
        "id": found.id,
        "location": found.location,
        "discovery": found.discovery_url,
        "tracking": found.mlflow_tracking_uri,
        "storage": found.storage_account,
    }


def list_workspaces(whole_subscription):
    scope = "subscription" if whole_subscription else "resource_group"
    return [found.name for found in client.workspaces.list(scope=scope)]


def create_workspace(name, location):
    made = client.workspaces.begin_create(Workspace(name=name, location=location, display_name="by the SDK")).result()
    return {
        "name": made.name,
        "location": made.location,
        "display": made.display_name,
        "storage": made.storage_account,
        "vault": made.key_vault,
        "insights": made.application_insights,
    }


def refused_workspace(name, location):
    try:
        client.workspaces.begin_create(Workspace(name=name, location=location)).result()
    except HttpResponseError as error:
        return {"code": error.error.code, "message": str(error)}
    return None


def delete_workspace(name):
    client.workspaces.begin_delete(name, delete_dependent_resources=True, permanently_delete=True).wait()


def create_instance(name, size, idle):
    instance = ComputeInstance(name=name, size=size, idle_time_before_shutdown_minutes=idle)
    return describe_instance(client.compute.begin_create_or_update(instance).result())


def describe_instance(instance):
    return {
        "name": instance.name,
        "type": instance.type,
        "state": instance.state,
        "size": instance.size,
        "idle": instance.idle_time_before_shutdown_minutes,
    }


def switch_instance(name, action):
    getattr(client.compute, f"begin_{action}")(name).wait()
    return describe_instance(client.compute.get(name))["state"]


def create_compute(name, size, most):
    compute = AmlCompute(name=name, size=size, min_instances=0, max_instances=most, idle_time_before_scale_down=120)
    return describe_compute(client.compute.begin_create_or_update(compute).result())


def describe_compute(compute):
    return {
        "name": compute.name,
        "type": compute.type,
        "state": compute.provisioning_state,
        "size": compute.size,
        "least": compute.min_instances,
        "most": compute.max_instances,
        "idle": compute.idle_time_before_scale_down,
    }


def get_compute(name):
    return describe_compute(client.compute.get(name))


def list_computes():
    return [compute.name for compute in client.compute.list()]


def delete_compute(name):
    client.compute.begin_delete(name).wait()


def create_environment(name, conda_file):
    made = client.environments.create_or_update(Environment(name=name, image=PLAIN_IMAGE, conda_file=conda_file))
    return {"id": made.id, "version": made.version, "image": made.image, "conda": made.conda_file}


def get_environment(name, label):
    found = client.environments.get(name, label=label)
    return {"version": found.version, "image": found.image}


def list_environments(name):
    return [found.version for found in client.environments.list(name=name)]


def submit(code, command_line, experiment, inputs=None, outputs=None, **more):
    job = command(
        code=code,
        command=command_line,
        environment=Environment(image=PLAIN_IMAGE),
        compute="cpu-cluster",
        experiment_name=experiment,
        inputs={name: Input(**value) if isinstance(value, dict) else value for name, value in (inputs or {}).items()},
        outputs=outputs,
        **more,
    )
    return describe_job(client.jobs.create_or_update(job))


def submit_sweep(code, command_line, experiment, scores, limits):
    job = command(
        code=code,
        command=command_line,
        environment=Environment(image=PLAIN_IMAGE),
        compute="cpu-cluster",
        inputs={"score": 0.5},
    )
    sweeping = job(score=Choice(scores)).sweep(
        compute="cpu-cluster", sampling_algorithm="grid", primary_metric="accuracy", goal="maximize"
    )
    sweeping.experiment_name = experiment
    sweeping.set_limits(**limits)
    sweeping.early_termination = BanditPolicy(slack_factor=0.5, delay_evaluation=5)
    made = client.jobs.create_or_update(sweeping)
    return {"name": made.name, "type": made.type, "space": sorted(made.search_space)}


def submit_distributed(code, command_line, experiment, kind, nodes, **counts):
    kinds = {"pytorch": PyTorchDistribution, "mpi": MpiDistribution, "tensorflow": TensorFlowDistribution}
    job = command(
        code=code,
        command=command_line,
        environment=Environment(image=PLAIN_IMAGE),
        compute="cpu-cluster",
        experiment_name=experiment,
        instance_count=nodes,
        distribution=kinds[kind](**counts),
    )
    made = client.jobs.create_or_update(job)
    return {"name": made.name, "nodes": made.resources.instance_count, "distribution": made.distribution.type}


def submit_pipeline_file(file, experiment):
    return describe_pipeline(client.jobs.create_or_update(load_job(file), experiment_name=experiment))


def submit_pipeline_function(component_file, experiment):
    add = load_component(component_file)
    twice = command(
        code=os.path.join(os.path.dirname(component_file), "src"),
        command="python adds.py ${{inputs.start}} ${{inputs.start}} ${{outputs.sum}}",
        environment=Environment(image=PLAIN_IMAGE),
        inputs={"start": Input(type="integer", default=0)},
        outputs={"sum": Output(type="uri_folder")},
    )

    @pipeline(compute="cpu-cluster", description="by a function")
    def sums(start):
        first = twice(start=start)
        last = add(number=first.outputs.sum, more=5)
        return {"total": last.outputs.sum}

    return describe_pipeline(client.jobs.create_or_update(sums(start=4), experiment_name=experiment))


def describe_pipeline(job):
    return {
        "name": job.name,
        "type": job.type,
        "status": job.status,
        "steps": {name: node.type for name, node in job.jobs.items()},
    }


def get_pipeline(name):
    return describe_pipeline(client.jobs.get(name))


def list_steps(name):
    return [[job.display_name, job.status, job.name] for job in client.jobs.list(parent_job_name=name)]


def get_sweep(name):
    found = client.jobs.get(name)
    return {
        "status": found.status,
        "goal": found.objective.goal,
        "metric": found.objective.primary_metric,
        "sampling": found.sampling_algorithm.type,
        "best": found.properties.get("best_child_run_id"),
    }


def list_trials(name):
    return [[job.name, job.status, job.tags.get("hyperparameters")] for job in client.jobs.list(parent_job_name=name)]


def describe_job(job):
    return {
        "name": job.name,
        "status": job.status,
        "experiment": job.experiment_name,
        "display": job.display_name,
        "description": job.description,
        "tags": job.tags,
        "code": job.code,
        "command": job.command,
        "compute": job.compute,
        "environment": str(job.environment),
        "studio": job.studio_url,
    }


def stream(name):
    """What `jobs.stream` printed, and the failure it ended with."""
    printed = io.StringIO()
    failure = None
    with contextlib.redirect_stdout(printed):
        try:
            client.jobs.stream(name)
        except Exception as error:  # the SDK tells of a failed run by raising
            failure = str(error)
    return {"printed": printed.getvalue(), "failure": failure}


def get_job(name):
    return describe_job(client.jobs.get(name))


def list_jobs():
    return [describe_job(job) for job in client.jobs.list()]


def cancel(name):
    client.jobs.begin_cancel(name).wait()
    return get_job(name)


def refused_cancel(name):
    try:
        client.jobs.begin_cancel(name).wait()
    except HttpResponseError as error:
        return {"status": error.status_code, "code": error.error.code, "message": error.message}
    return None


def download(name, folder, everything=False, output=None):
    options = {"output_name": output} if output else {"all": everything}
    client.jobs.download(name, download_path=folder, **options)


def archive(name):
    client.jobs.archive(name)
    return [job.name for job in client.jobs.list()]


def create_data(name, path, kind):
    made = client.data.create_or_update(Data(name=name, path=path, type=getattr(AssetTypes, kind), description="rows"))
    return {"id": made.id, "version": made.version, "path": made.path, "type": made.type}


def create_model(name, path):
    made = client.models.create_or_update(Model(name=name, path=path, type=AssetTypes.CUSTOM_MODEL, tags={"a": "b"}))
    return {"id": made.id, "version": made.version, "path": made.path, "type": made.type, "tags": made.tags}


def list_models(name):
    return [found.version for found in client.models.list(name=name)]


def list_datastores():
    return [[found.name, found.type] for found in client.datastores.list()]


if __name__ == "__main__":
    serve([value for value in list(globals().values()) if callable(value) and getattr(value, "__module__", "") == "__main__"])
