"""Asks azure-ai-ml what it sends for pipeline job files.

usage: pipeline_job_pairs.py FILE, a JSON list whose items have `file`, the keys of a job beside the usual ones.
Prints a JSON object: `keys`, those that the package takes for pipelines, their command steps and the components of
these; `answers`, for each item `rest`, the body's properties that the file's keys have changed, and `components`, the
specification that is registered for each step; or `error`.
"""

import io
import json
import logging
import sys
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)

from azure.ai.ml import load_job  # noqa: E402
from azure.ai.ml._restclient.arm_ml_service._utils.model_base import SdkJSONEncoder  # noqa: E402
from azure.ai.ml._schema.component.command_component import AnonymousCommandComponentSchema  # noqa: E402
from azure.ai.ml._schema.component.input_output import (  # noqa: E402
    InputPortSchema,
    OutputPortSchema,
    ParameterSchema,
)
from azure.ai.ml._schema.pipeline.component_job import CommandSchema  # noqa: E402
from azure.ai.ml._schema.pipeline.pipeline_command_job import PipelineCommandJobSchema  # noqa: E402
from azure.ai.ml._schema.pipeline.pipeline_job import PipelineJobSchema  # noqa: E402
from azure.ai.ml._schema.pipeline.settings import PipelineJobSettingsSchema  # noqa: E402
from azure.ai.ml.constants._common import BASE_PATH_CONTEXT_KEY  # noqa: E402

WORKSPACE = (
    "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/g"
    "/providers/Microsoft.MachineLearningServices/workspaces/w"
)
# Ours, as the package is given it, and as it has it.
REFERENCES = {
    "azureml:c": ("/compute", f"{WORKSPACE}/computes/c"),
    "azureml:d": ("/datastore", f"{WORKSPACE}/datastores/d"),
    "azureml:e:1": ("/environment", f"{WORKSPACE}/environments/e/versions/1"),
    "azureml:k:1": ("/code", f"{WORKSPACE}/codes/k/versions/1"),
    "azureml:m:1": ("/component", f"{WORKSPACE}/components/m/versions/1"),
}
USUAL = {
    "type": "pipeline",
    "compute": "azureml:c",
    "jobs": {"a": {"type": "command", "command": "python t.py", "environment": "azureml:e:1"}},
}
SCHEMAS = [
    ("", PipelineJobSchema),
    ("settings.", PipelineJobSettingsSchema),
    ("jobs.*.", CommandSchema),
    ("jobs.*.", PipelineCommandJobSchema),
    ("jobs.*.component.", AnonymousCommandComponentSchema),
    ("jobs.*.component.inputs.*.", ParameterSchema),
    ("jobs.*.component.inputs.*.", InputPortSchema),
    ("jobs.*.component.outputs.*.", OutputPortSchema),
]
# What this version refuses with a sentence: a pipeline that is a component, and files beside the code; and what the
# package takes of a component and does not send.
REFUSED = {
    "component",
    "jobs.*.component.additional_includes",
    "jobs.*.component.auto_delete_setting",
    "jobs.*.component.environment_variables",
    "jobs.*.component.queue_settings",
}
# What a job or asset has that is not part of another one, and what is not sent.
OTHERS = {"name", "$schema", "schema_ignored", "version", "id"}
OF_A_JOB = {"experiment_name", "parent_job_name", "parameters", "status", "log_files", "creation_context"}


def pipeline_keys():
    """The keys of pipelines, as paths."""
    for prefix, schema in SCHEMAS:
        for name, field in schema(context={BASE_PATH_CONTEXT_KEY: "."}).fields.items():
            key = field.data_key or name
            if field.dump_only or key in OTHERS or (prefix and key in OF_A_JOB):
                continue
            if prefix + key not in REFUSED:
                yield prefix + key


def plain(value):
    """A REST object as JSON has it."""
    return json.loads(json.dumps(value, cls=SdkJSONEncoder, exclude_readonly=True))


def asked(changes):
    """What the package sends for the usual job with these keys."""
    text = json.dumps({**USUAL, **changes})
    for short, (_, theirs) in REFERENCES.items():
        text = text.replace(f'"{short}"', f'"azureml:{theirs}"')
    job = load_job(io.StringIO(text))
    components = {}
    for name, node in job.jobs.items():
        component = node._component  # pylint: disable=protected-access
        if not isinstance(component, str):
            spec = plain(component._to_rest_object())["properties"]["componentSpec"]  # pylint: disable=protected-access
            left_out = ("name", "version", "code", "environment", "_source")
            components[name] = {key: value for key, value in spec.items() if key not in left_out}
            node._component = "/component"  # pylint: disable=protected-access
    text = json.dumps(plain(job._to_rest_object())["properties"])  # pylint: disable=protected-access
    for ours, theirs in REFERENCES.values():
        text = text.replace("azureml:" + theirs, ours).replace(theirs, ours)
    return json.loads(text), components


def answer(usual, changes):
    """What these keys change, or why the package refuses them."""
    try:
        rest, components = asked(changes)
    except Exception as error:  # pylint: disable=broad-except
        return {"error": str(error)}
    return {"rest": {key: value for key, value in rest.items() if usual.get(key) != value}, "components": components}


with open(sys.argv[1], encoding="utf-8") as source:
    pairs = json.load(source)
without, _ = asked({})
answers = [answer(without, pair["file"]) for pair in pairs]
print(json.dumps({"keys": sorted(set(pipeline_keys())), "answers": answers}))
