"""Asks azure-ai-ml what it sends for command job files.

usage: command_job_pairs.py FILE, a JSON list whose items have `file`, the keys of a job beside the usual ones.
Prints a JSON list: `rest`, the body's properties that the file's keys have added, and `environment`, those of the
environment written into the job; or `error`.
"""

import io
import json
import logging
import sys
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)

from azure.ai.ml import load_job  # noqa: E402

WORKSPACE = (
    "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/g"
    "/providers/Microsoft.MachineLearningServices/workspaces/w"
)
USUAL = {
    "type": "command",
    "command": "python t.py",
    "environment": f"azureml:{WORKSPACE}/environments/e/versions/1",
    "compute": f"azureml:{WORKSPACE}/computes/c",
}


def properties_of(resource):
    """The `properties` of a REST object, whatever the package makes it of."""
    plain = resource if isinstance(resource, dict) else resource.as_dict()
    return plain["properties"]


def asked(changes):
    """What the package sends for the usual job with these keys: the job's properties and its environment's."""
    job = load_job(io.StringIO(json.dumps({**USUAL, **changes})))
    if hasattr(job, "_to_job"):
        job = job._to_job()
    environment = None
    if not isinstance(job.environment, str):
        environment = properties_of(job.environment._to_rest_object())
        job.environment = f"{WORKSPACE}/environments/e/versions/1"
    return properties_of(job._to_rest_object()), environment


def answer(usual, changes):
    """What these keys change, or why the package refuses them."""
    try:
        rest, environment = asked(changes)
    except Exception as error:  # pylint: disable=broad-except
        return {"error": str(error)}
    return {"rest": {key: value for key, value in rest.items() if usual.get(key) != value}, "environment": environment}


with open(sys.argv[1], encoding="utf-8") as source:
    pairs = json.load(source)
job_without, _ = asked({})
print(json.dumps([answer(job_without, pair["file"]) for pair in pairs]))
